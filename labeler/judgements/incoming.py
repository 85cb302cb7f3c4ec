"""What a file of judgements gives, before it is added to the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from labeler.errors import InputError
from labeler.judgements.judgement import Judgement


@dataclass
class Incoming:
    """Judgements to be added to the log, and what there is to say about their source.

    ``empty`` counts those that found no topic to apply ("none of these").
    """

    judgements: list[Judgement] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    unknown_controls: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    empty: int = 0

    def knows_no_label(self, fewest: int = 1) -> bool:
        """Whether at least ``fewest`` labels were chosen and not one of them is a topic of the scheme."""
        return self.unknown_labels.total() >= fewest and not any(judgement.yes for judgement in self.judgements)

    def join(self, other: Incoming) -> None:
        """Take in what another file gave."""
        self.judgements += other.judgements
        self.refused += other.refused
        self.unknown_labels += other.unknown_labels
        self.unknown_controls += other.unknown_controls
        self.drafts += other.drafts
        self.empty += other.empty


def check_known(every: Incoming, where: str, fewest: int = 1) -> None:
    """Refuse what names labels, and not one topic of the scheme.

    Raises:
        InputError: it does.
    """
    if every.knows_no_label(fewest):
        named = ", ".join(repr(label) for label, _ in every.unknown_labels.most_common(4))
        raise InputError(
            f"none of the labels {where} is a topic of the scheme ({named} …)",
            "is it of another project? Else add them to annotations/topics.toml, as names or aliases",
        )
