"""Judgements of an import, before they are added to the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from labeler.errors import InputError
from labeler.judgements.judgement import Judgement


@dataclass
class Incoming:
    """Judgements to be added to the log, with messages and counts about their source.

    ``refused`` are messages about entries that were left out or are ambiguous. ``unknown_labels`` and
    ``unknown_controls`` count labels and controls of the interface that the scheme does not have. ``drafts`` counts
    annotations that were not submitted, ``empty`` judgements that no topic applies ("none of these"), ``not_judged``
    papers of tables without a judgement, and ``ground_truth`` annotations that are marked as that. ``notes`` say how
    cells are read.
    """

    judgements: list[Judgement] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    unknown_controls: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    empty: int = 0
    not_judged: int = 0
    ground_truth: int = 0
    notes: list[str] = field(default_factory=list)

    def has_only_unknown_labels(self, fewest: int = 1) -> bool:
        """Whether there are at least ``fewest`` unknown labels and not one topic of the scheme."""
        return self.unknown_labels.total() >= fewest and not any(judgement.yes for judgement in self.judgements)

    def join(self, other: Incoming) -> None:
        """Add the judgements, messages and counts of another import."""
        self.judgements += other.judgements
        self.refused += other.refused
        self.unknown_labels.update(other.unknown_labels)  # += would go through all labels so far
        self.unknown_controls.update(other.unknown_controls)
        self.drafts += other.drafts
        self.empty += other.empty
        self.not_judged += other.not_judged
        self.ground_truth += other.ground_truth
        self.notes += other.notes


def refuse_unknown_labels(every: Incoming, where: str, fewest: int = 1) -> None:
    """Refuse an import whose labels are all unknown; ``where`` names their place in the message.

    Raises:
        InputError: there are at least ``fewest`` unknown labels and not one topic of the scheme.
    """
    if every.has_only_unknown_labels(fewest):
        examples = ", ".join(repr(label) for label, _ in every.unknown_labels.most_common(4))
        hint = "does it belong to another project? Otherwise add them to annotations/topics.toml, as names or aliases"
        if every.unknown_labels.keys() <= {"0", "1", "-1", "0.0", "1.0", "-1.0"}:
            hint = 'in annotations/topics.toml, give the topic that 1 says yes to the alias "1" or the column\'s name'
        raise InputError(f"none of the labels {where} is a topic of the scheme ({examples} …)", hint)
