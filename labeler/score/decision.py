"""From probabilities to topics and a decision: automatic, none, or for a person to review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.score.familiarity import Familiarity
from labeler.topics.mode import Mode

Flags = npt.NDArray[np.bool_]
AUTO, NONE, REVIEW = "auto", "none", "review"
UNFAMILIAR, AMBIGUOUS = "unfamiliar", "ambiguous"
DECISIONS, REASONS = (AUTO, NONE, REVIEW), ("", UNFAMILIAR, AMBIGUOUS)


class Decision(NamedTuple):
    """What a model says of a paper: ``topics`` decided yes, best first; ``scores``: the probability of every topic.

    ``reason`` says why ``decision`` is not ``auto``: ``unfamiliar``, the paper's words are not ones that the model
    has learned from; ``ambiguous``, they are, but single out no topic, or more than they should. It is empty for
    ``auto``.
    """

    topics: tuple[str, ...]
    scores: dict[str, float]
    decision: str
    reason: str = ""


class Bands(NamedTuple):
    """Where a decision may be left to the model, for one promised ``precision``.

    A probability from ``upper`` up is a sure yes, one below ``lower`` a sure no; between lies the uncertain band.
    ``upper`` is infinite when no threshold kept the promise. ``held_out`` says how that came out in cross-validation:
    papers, decided, topics assigned, right.
    """

    precision: float
    lower: float
    upper: float
    held_out: dict[str, int]

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Bands:
        """The inverse of :meth:`to_dict`."""
        upper = np.inf if told["upper"] is None else float(told["upper"])
        return cls(float(told["precision"]), float(told["lower"]), upper, dict(told["held_out"]))

    def to_dict(self) -> dict[str, Any]:
        """As JSON carries it: an infinite bound is None."""
        upper = None if np.isinf(self.upper) else self.upper
        return {"precision": self.precision, "lower": self.lower, "upper": upper, "held_out": self.held_out}


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What decides: the ``mode``, a threshold for each topic, and whether some topic could not be learned.

    Then "none of these" is never sure: the topic that could not be learned may fit. Nor does a paper of unfamiliar
    words get a topic without a person, where ``familiarity`` can tell.
    """

    mode: Mode
    thresholds: Floats
    incomplete: bool = False
    familiarity: Familiarity | None = None

    def assigned(self, probabilities: Floats) -> Flags:
        """Which topics are decided yes (n_papers, n_topics): those that reach their thresholds, or the most probable.

        In single mode nothing is assigned where "none of these" is most probable; and nowhere what is NaN.
        """
        if self.mode == Mode.SINGLE:
            best = np.where(np.isnan(probabilities), -np.inf, probabilities).argmax(axis=1)
            chosen = np.arange(len(self.thresholds)) == best[:, None]
            return np.asarray(chosen & ~np.isnan(probabilities[:, : len(self.thresholds)]))
        return np.asarray(probabilities >= self.thresholds)

    def sure(self, probabilities: Floats, lower: float, upper: float, unfamiliar: Flags) -> Flags:
        """For which papers (n_papers,) the model may decide alone: no topic lies in the uncertain band.

        ``unfamiliar`` is what :meth:`unfamiliar` says of them.
        """
        assigned = self.assigned(probabilities)
        if self.mode == Mode.SINGLE:
            certain = probabilities.max(axis=1) >= upper
        else:
            high, low = np.maximum(upper, self.thresholds), np.minimum(lower, self.thresholds)
            certain = np.where(assigned, probabilities >= high, probabilities < low).all(axis=1)
        any_topic = assigned.any(axis=1)
        return np.asarray(certain & np.where(any_topic, ~unfamiliar, not self.incomplete))

    def unfamiliar(self, probabilities: Floats) -> Flags:
        """The papers (n_papers,) whose words the model has not learned from; none where that cannot be told."""
        if self.familiarity is None:
            return np.zeros(len(probabilities), dtype=bool)
        return self.familiarity.unfamiliar(probabilities)


class Verdicts(NamedTuple):
    """Decisions of many papers as arrays: ``assigned`` (n_papers, n_topics) are the topics decided yes.

    ``decisions`` and ``reasons`` (n_papers,) are places in ``DECISIONS`` and ``REASONS``.
    """

    assigned: Flags
    decisions: npt.NDArray[np.int8]
    reasons: npt.NDArray[np.int8]


def verdicts(probabilities: Floats, rule: Rule, bands: Bands, out_of_vocabulary: Flags | None = None) -> Verdicts:
    """A decision for each row of ``probabilities`` (n_papers, n_columns; in single mode the last may be "none").

    Papers whose words the model cannot read (``out_of_vocabulary``, (n_papers,)) are for a person to review.
    """
    assigned = rule.assigned(probabilities)
    strange = rule.unfamiliar(probabilities)
    sure = rule.sure(probabilities, bands.lower, bands.upper, strange)
    if out_of_vocabulary is not None:
        sure, strange = sure & ~out_of_vocabulary, strange | out_of_vocabulary
    any_topic = assigned.any(axis=1)
    decisions = np.where(sure, np.where(any_topic, 0, 1), 2).astype(np.int8)
    reasons = np.where(decisions == 0, 0, np.where(strange, 1, 2)).astype(np.int8)
    return Verdicts(assigned, decisions, reasons)


def decide(
    probabilities: Floats, rule: Rule, bands: Bands, topics: tuple[str, ...], out_of_vocabulary: Flags | None = None
) -> list[Decision]:
    """The same as :func:`verdicts`, a paper at a time; ``topics`` are the names of the columns."""
    told, decided = verdicts(probabilities, rule, bands, out_of_vocabulary), []
    for row, chosen, decision, reason in zip(
        probabilities, told.assigned, told.decisions.tolist(), told.reasons.tolist(), strict=True
    ):
        best = sorted(np.flatnonzero(chosen), key=lambda column: -row[column])
        scores = dict(zip(topics, row.tolist(), strict=False))
        decided.append(Decision(tuple(topics[column] for column in best), scores, DECISIONS[decision], REASONS[reason]))
    return decided
