"""Which consensus of annotators counts, and what speaks for it, as a manifest keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from labeler.wording import counted

FEWEST_ANNOTATORS = 3  # of two who differ, nobody knows which is right
FEWEST_OF_ANNOTATOR = 20  # papers that another judged, for an annotator to count as one of the three
MAJORITY, WEIGHTED, DAWID_SKENE = "majority", "weighted", "dawid_skene"
_TOLD = {
    MAJORITY: "the majority vote",
    WEIGHTED: "a vote weighted by how right each annotator is",
    DAWID_SKENE: "a model of what each annotator confuses (Dawid–Skene)",
}
OF_TODAY = "Where annotators differ, labels are by"  # the beginning of what is said of the labels of today
_NAMES = {MAJORITY: "the majority", WEIGHTED: "the weighted vote", DAWID_SKENE: "Dawid–Skene"}
_COUNTS = ("papers", "annotators", "settled", "changed")


class Choice(NamedTuple):
    """Which consensus counts (``method``), and why: the share of held-out answers that each method predicted from those
    of the other annotators (``agreement``). Without it, ``papers`` that two judged, and ``annotators`` who judged
    enough of them, are too few.

    ``settled`` counts ties that the method settled, and ``changed`` papers on which it changed what the majority said.
    """

    method: str = MAJORITY
    papers: int = 0
    annotators: int = 0
    agreement: Mapping[str, float] = MappingProxyType({})
    settled: int = 0
    changed: int = 0

    @property
    def sentence(self) -> str:
        """The choice in words; empty where no two annotators judged a paper."""
        if not self.papers:
            return ""
        told = f"Where annotators differ, what counts is {_TOLD[self.method]}"
        if not self.agreement:
            return (
                f"{told}: with {counted(self.papers, 'paper')} judged by two, and "
                f"{counted(self.annotators, 'annotator')} with {FEWEST_OF_ANNOTATOR} of these, the answers do not tell "
                "who is right."
            )
        shares = ", ".join(f"{_NAMES[name]} {share:.1%}" for name, share in self.agreement.items())
        told = f"{told}. Of held-out answers, those of the others predicted: {shares}."
        if self.method == MAJORITY:
            return f"{told} None is clearly better."
        changed = counted(self.changed, "paper")
        return f"{told} It settled {counted(self.settled, 'tie')} and changed the label of {changed}."

    @property
    def truth_sentence(self) -> str:
        """That labels are not those of the majority, and what that changed; empty where they are."""
        if self.method == MAJORITY or not self.settled + self.changed:
            return ""
        changed = counted(self.changed, "paper")
        return (
            f"{OF_TODAY} {_TOLD[self.method]}, as in training, and not by the majority: it "
            f"settled {counted(self.settled, 'tie')} and changed the label of {changed}."
        )

    def to_dict(self) -> dict[str, Any]:
        """The choice, for programs and manifests."""
        return self._asdict() | {"agreement": dict(self.agreement)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Choice:
        """The inverse of :meth:`to_dict`.

        Raises:
            LookupError, TypeError, ValueError, AttributeError: the record is damaged.
        """
        method = str(record["method"])
        agreement = {str(name): float(share) for name, share in record["agreement"].items()}
        if not {method, *agreement} <= set(_TOLD):
            raise ValueError(f"no consensus is called {method!r}")
        papers, annotators, settled, changed = (int(record[name]) for name in _COUNTS)
        return cls(method, papers, annotators, agreement, settled, changed)
