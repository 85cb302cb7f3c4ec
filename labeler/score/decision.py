"""The decision rule: from probabilities to topics, and whether they are assigned automatically or reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.measure.figures import Bands
from labeler.score.familiarity import Familiarity
from labeler.topics.mode import Mode

Flags = npt.NDArray[np.bool_]
AUTO, NONE, REVIEW = "auto", "none", "review"
UNFAMILIAR, AMBIGUOUS = "unfamiliar", "ambiguous"
_SCORES_SHOWN = 5
DECISIONS, REASONS = (AUTO, NONE, REVIEW), ("", UNFAMILIAR, AMBIGUOUS)


class Decision(NamedTuple):
    """The topics of a paper, and whether a person has to review them.

    ``topics`` are the assigned ones, the most probable first; ``scores`` holds the probability of every topic.
    ``decision`` is ``auto`` (the topics are sure), ``none`` (surely no topic applies) or ``review``. ``reason`` says
    why it is not ``auto``: ``unfamiliar`` papers have few words that the model has learned from, ``ambiguous`` ones
    have them, but they single out no topic, or too many. It is empty for ``auto``.
    """

    topics: tuple[str, ...]
    scores: dict[str, float]
    decision: str
    reason: str = ""

    def __repr__(self) -> str:
        """One line, with the largest scores alone."""
        best = sorted(self.scores.items(), key=lambda item: -item[1])
        told = [f"{topic!r}: {score:.3g}" for topic, score in best[:_SCORES_SHOWN]]
        told += ["…"] if len(best) > _SCORES_SHOWN else []
        scores = f"{{{', '.join(told)}}}"
        return f"Decision(topics={self.topics!r}, scores={scores}, decision={self.decision!r}, reason={self.reason!r})"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What turns probabilities into topics and decisions: the ``mode`` and a threshold for each topic (n_topics,).

    ``incomplete`` says that some topic could not be learned: then "none of these" is never sure, as that topic may
    apply. With a ``familiarity``, a paper of unfamiliar words never gets a topic without a person.
    """

    mode: Mode
    thresholds: Floats
    incomplete: bool = False
    familiarity: Familiarity | None = None

    def assigned(self, probabilities: Floats) -> Flags:
        """The assigned topics (n_papers, n_topics) of ``probabilities`` (n_papers, n_columns).

        In multi mode these are the topics that reach their thresholds. In single mode it is the most probable topic,
        and none where "none of these" is the most probable. A topic whose probability is NaN is never assigned.
        """
        if self.mode == Mode.SINGLE:
            best = np.where(np.isnan(probabilities), -np.inf, probabilities).argmax(axis=1)
            chosen = np.arange(len(self.thresholds)) == best[:, None]
            return np.asarray(chosen & ~np.isnan(probabilities[:, : len(self.thresholds)]))
        return np.asarray(probabilities >= self.thresholds)

    def sure(self, probabilities: Floats, lower: float, upper: float, unfamiliar: Flags) -> Flags:
        """The papers (n_papers,) that the model may decide without a person: no topic lies between the bounds.

        A probability from ``upper`` up is a sure yes, one below ``lower`` a sure no. ``unfamiliar`` (n_papers,) is what
        :meth:`unfamiliar` returns for the same papers.
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
        """The papers (n_papers,) whose words the model has not learned from; none without a ``familiarity``."""
        if self.familiarity is None:
            return np.zeros(len(probabilities), dtype=bool)
        return self.familiarity.unfamiliar(probabilities)


class DecisionArrays(NamedTuple):
    """The decisions of many papers as arrays.

    ``assigned`` (n_papers, n_topics) says which topics are assigned; ``decisions`` and ``reasons`` (n_papers,) are
    indices into ``DECISIONS`` and ``REASONS``.
    """

    assigned: Flags
    decisions: npt.NDArray[np.int8]
    reasons: npt.NDArray[np.int8]


def decision_arrays(
    probabilities: Floats, rule: Rule, bands: Bands, out_of_vocabulary: Flags | None = None
) -> DecisionArrays:
    """A decision for each row of ``probabilities`` (n_papers, n_columns; in single mode the last may be "none").

    Papers that are ``out_of_vocabulary`` (n_papers,) are for a person to review.
    """
    assigned = rule.assigned(probabilities)
    unfamiliar = rule.unfamiliar(probabilities)
    sure = rule.sure(probabilities, bands.lower, bands.upper, unfamiliar)
    if out_of_vocabulary is not None:
        sure, unfamiliar = sure & ~out_of_vocabulary, unfamiliar | out_of_vocabulary
    any_topic = assigned.any(axis=1)
    decisions = np.where(sure, np.where(any_topic, 0, 1), 2).astype(np.int8)
    reasons = np.where(decisions == 0, 0, np.where(unfamiliar, 1, 2)).astype(np.int8)
    return DecisionArrays(assigned, decisions, reasons)


def decide(
    probabilities: Floats, rule: Rule, bands: Bands, topics: tuple[str, ...], out_of_vocabulary: Flags | None = None
) -> list[Decision]:
    """The decisions of :func:`decision_arrays` as one record a paper; ``topics`` are the names of the columns."""
    arrays = decision_arrays(probabilities, rule, bands, out_of_vocabulary)
    records = []
    for row, assigned, decision, reason in zip(
        probabilities, arrays.assigned, arrays.decisions.tolist(), arrays.reasons.tolist(), strict=True
    ):
        best = sorted(np.flatnonzero(assigned), key=lambda column: -row[column])
        scores = dict(zip(topics, row.tolist(), strict=False))
        records.append(Decision(tuple(topics[column] for column in best), scores, DECISIONS[decision], REASONS[reason]))
    return records
