"""Where a model version comes from: the version before, the seed, and the commit of its workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from labeler.measure.estimates import Estimate

_MARGIN = 0.02  # of macro-F1: a loss that is surely larger is a clear one


class Passage(NamedTuple):
    """How a new version does beside the one in use, on ``papers`` that neither had seen: macro-F1 of both.

    ``difference`` is that of the new version less that of the one in use, ``former``.
    """

    former: str
    papers: int
    before: float
    after: float
    difference: Estimate

    @property
    def is_worse(self) -> bool:
        """Whether the new version is clearly worse: even the upper end of the interval is a loss."""
        return self.difference.high < -_MARGIN

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it."""
        figures = {"before": round(self.before, 4), "after": round(self.after, 4)}
        record: dict[str, Any] = {"model": self.former, "papers": self.papers, **figures}
        return record | {"difference": self.difference.to_dict(), "worse": self.is_worse}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        before, after = float(record["before"]), float(record["after"])
        difference = Estimate.from_dict(record["difference"])
        return cls(str(record["model"]), int(record["papers"]), before, after, difference)

    def sentence(self, new: str) -> str:
        """Why the ``new`` version is not put to use, in words."""
        less, least = abs(self.difference.low), abs(self.difference.high)
        return (
            f"{new} is worse than {self.former}, and was kept but not put to use: on {self.papers} papers that neither "
            f"had seen, macro-F1 by the judgements that each learned from is {self.after:.2f} and was "
            f"{self.before:.2f} (a loss of {least:.2f} to {less:.2f})"
        )


class Lineage(NamedTuple):
    """Where a version comes from.

    ``parent`` is the label of the version that was in use when it was trained, else of the newest one of its name, and
    ``parent_fingerprint`` what tells that one from others of the label; both are empty for a first version. ``seed`` is
    that of everything random in the training. ``commit`` is the hash of the commit that the workspace was at, empty
    where it is not under git, and ``uncommitted`` says that its annotations were not all in that commit. ``passage`` is
    how it did beside the version that was in use; None where the two could not be compared. ``tables`` says where the
    tables lay that it was trained on, from the folder of the workspace.
    """

    parent: str = ""
    parent_fingerprint: str = ""
    seed: int = 0
    commit: str = ""
    uncommitted: bool = False
    passage: Passage | None = None
    tables: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The keys and values as a manifest holds them; what is not known is None."""
        parent = {"model": self.parent, "fingerprint": self.parent_fingerprint} if self.parent else None
        commit = {"hash": self.commit, "uncommitted": self.uncommitted} if self.commit else None
        beside = self.passage.to_dict() if self.passage else None
        tables = {"tables_at": list(self.tables)} if self.tables else {}
        return {"parent": parent, "seed": self.seed, "commit": commit, "beside": beside, **tables}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        parent, commit = record.get("parent") or {}, record.get("commit") or {}
        return cls(
            str(parent.get("model", "")),
            str(parent.get("fingerprint", "")),
            int(record["seed"]),
            str(commit.get("hash", "")),
            bool(commit.get("uncommitted", False)),
            Passage.from_dict(record["beside"]) if record.get("beside") else None,
            tuple(map(str, record.get("tables_at") or ())),
        )


def lineage_sentence(lineage: Lineage) -> str:
    """Where a version comes from, in words."""
    after = f"After {lineage.parent} ({lineage.parent_fingerprint})" if lineage.parent else "The first version"
    commit = ""
    if lineage.commit:
        but = ", with annotations that it does not have" if lineage.uncommitted else ""
        commit = f", at commit {lineage.commit[:12]}{but}"
    beside = ""
    if lineage.passage:
        found = lineage.passage
        beside = (
            f" On {found.papers} papers that neither had seen, by the judgements that each learned from, its macro-F1 "
            f"is {found.after:.2f} and that of {found.former} {found.before:.2f} (difference "
            f"{found.difference.value:+z.2f} [{found.difference.low:+z.2f}, {found.difference.high:+z.2f}])."
        )
    return f"{after}; seed {lineage.seed}{commit}.{beside}"
