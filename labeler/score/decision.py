"""The decision rule: from probabilities to topics, and whether they are assigned automatically or reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.measure.figures import Bands
from labeler.score.familiarity import Familiarity
from labeler.score.given import GivenTopics
from labeler.topics.mode import Mode

Flags = npt.NDArray[np.bool_]
AUTO, NONE, REVIEW, JUDGED = "auto", "none", "review", "judged"
UNFAMILIAR, AMBIGUOUS, UNCHECKED, TIED = "unfamiliar", "ambiguous", "unchecked", "tied"
DECISIONS, REASONS = (AUTO, NONE, REVIEW, JUDGED), ("", UNFAMILIAR, AMBIGUOUS, UNCHECKED, TIED)
_SCORES_SHOWN = 5


class Decision(NamedTuple):
    """The topics of a paper, and whether a person has to review them.

    ``topics`` are the assigned ones, the most probable first; ``scores`` holds the probability of every topic.
    ``decision`` is ``auto`` (the topics are sure), ``none`` (surely no topic applies) or ``review``. ``reason`` says
    why a paper is for review: ``unfamiliar`` papers have few words that the model has learned from, ``ambiguous`` ones
    have a topic whose probability is in the uncertain band, and ``unchecked`` ones have none, but too little was judged
    for the model to decide alone. It is empty for ``auto``; a paper that is surely of no topic may be ``unfamiliar``.
    Papers that people have judged are ``judged``, and those on which they disagree are for review as ``tied``.
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
    """What turns probabilities into topics and decisions: the ``mode`` and a threshold for each column (n_columns,).

    ``incomplete`` says that some topic could not be learned: then "none of these" is never sure, as that topic may
    apply. With a ``familiarity``, a paper of unfamiliar words never gets a topic without a person. ``given`` are the
    topics that the columns stand for; by default each column is a topic.
    """

    mode: Mode
    thresholds: Floats
    incomplete: bool = False
    familiarity: Familiarity | None = None
    given: GivenTopics | None = None

    def probabilities(self, probabilities: Floats) -> Floats:
        """The probabilities of the topics that are given (:meth:`GivenTopics.probabilities`)."""
        return probabilities if self.given is None else self.given.probabilities(probabilities)

    def assigned(self, probabilities: Floats) -> Flags:
        """The assigned topics (n_papers, n_given) of ``probabilities`` (n_papers, n_columns).

        In multi mode these are the topics that reach their thresholds, and those above them. In single mode it is the
        most probable topic, and none where "none of these" is the most probable. A topic whose probability is NaN is
        never assigned.
        """
        if self.mode == Mode.SINGLE:
            given = self.probabilities(probabilities)
            topics = len(self.thresholds) if self.given is None else len(self.given.topics)
            best = np.where(np.isnan(given), -np.inf, given).argmax(axis=1)
            chosen = np.arange(topics) == best[:, None]
            return np.asarray(chosen & ~np.isnan(given[:, :topics]))
        return self._any_of(probabilities >= self.thresholds)

    def most_specific(self, flags: Flags) -> Flags:
        """Those of the flags (n_papers, n_given) from which the others follow (:meth:`GivenTopics.most_specific`)."""
        return flags if self.given is None else self.given.most_specific(flags)

    def certain(self, probabilities: Floats, assigned: Flags, lower: float, upper: float) -> Flags:
        """The papers (n_papers,) of which no topic lies between the bounds, given their :meth:`assigned` topics.

        A probability from ``upper`` up is a sure yes, one below ``lower`` a sure no.
        """
        given = self.probabilities(probabilities)
        if self.mode == Mode.SINGLE:
            return np.asarray(given.max(axis=1) >= upper)
        possible = self._any_of(~(probabilities < np.minimum(lower, self.thresholds)))
        return np.asarray(np.where(assigned, given >= upper, ~possible).all(axis=1))

    def sure(self, probabilities: Floats, lower: float, upper: float, unfamiliar: Flags) -> Flags:
        """The papers (n_papers,) that the model may decide without a person.

        They are certain, and nothing else forbids it. ``unfamiliar`` (n_papers,) is what :meth:`unfamiliar` returns.
        """
        assigned = self.assigned(probabilities)
        certain = self.certain(probabilities, assigned, lower, upper)
        return self.decided(np.asarray(assigned.any(axis=1)), certain, unfamiliar)

    def decided(self, any_topic: Flags, certain: Flags, unfamiliar: Flags) -> Flags:
        """The certain papers that nothing else keeps from being decided; ``any_topic``: whether a topic is assigned."""
        return np.asarray(certain & np.where(any_topic, ~unfamiliar, not self.incomplete))

    def unchecked(self, any_topic: Flags, certain: Flags, bands: Bands) -> Flags:
        """The papers (n_papers,) that are left to a person whatever their probabilities, as too little was judged.

        No threshold keeps the promise, or a paper would be of no topic, but some topic could not be learned.
        """
        yes_possible = bool(np.isfinite(bands.upper))
        no_possible = bands.lower > 0 if self.mode == Mode.MULTI else yes_possible
        return np.asarray(np.where(any_topic, not yes_possible, (certain & self.incomplete) | (not no_possible)))

    def unfamiliar(self, probabilities: Floats) -> Flags:
        """The papers (n_papers,) whose words the model has not learned from; none without a ``familiarity``."""
        if self.familiarity is None:
            return np.zeros(len(probabilities), dtype=bool)
        return self.familiarity.unfamiliar(probabilities)

    def _any_of(self, flags: Flags) -> Flags:
        return np.asarray(flags) if self.given is None else self.given.any_of(np.asarray(flags))


class DecisionArrays(NamedTuple):
    """The decisions of many papers as arrays.

    ``assigned`` (n_papers, n_given) says which topics are assigned; ``decisions`` and ``reasons`` (n_papers,) are
    indices into ``DECISIONS`` and ``REASONS``. ``probabilities`` are those of the given topics, with one more column
    for "none of these" where a single-label model has it.
    """

    assigned: Flags
    decisions: npt.NDArray[np.int8]
    reasons: npt.NDArray[np.int8]
    probabilities: Floats


def decision_arrays(
    probabilities: Floats, rule: Rule, bands: Bands, out_of_vocabulary: Flags | None = None
) -> DecisionArrays:
    """A decision for each row of ``probabilities`` (n_papers, n_columns; in single mode the last may be "none").

    Papers that are ``out_of_vocabulary`` (n_papers,) are for a person to review.
    """
    assigned, unfamiliar = rule.assigned(probabilities), rule.unfamiliar(probabilities)
    any_topic = np.asarray(assigned.any(axis=1))
    certain = rule.certain(probabilities, assigned, bands.lower, bands.upper)
    sure = rule.decided(any_topic, certain, unfamiliar)
    if out_of_vocabulary is not None:
        sure, unfamiliar = sure & ~out_of_vocabulary, unfamiliar | out_of_vocabulary
    decisions = np.where(sure, np.where(any_topic, 0, 1), 2).astype(np.int8)
    review = np.where(rule.unchecked(any_topic, certain, bands), 3, 2)
    reasons = np.where(decisions == 0, 0, np.where(unfamiliar, 1, np.where(decisions == 1, 0, review)))
    return DecisionArrays(assigned, decisions, reasons.astype(np.int8), rule.probabilities(probabilities))


def decide(
    probabilities: Floats, rule: Rule, bands: Bands, topics: tuple[str, ...], out_of_vocabulary: Flags | None = None
) -> list[Decision]:
    """The decisions of :func:`decision_arrays` as one record a paper; ``topics`` are the names of the given topics."""
    arrays = decision_arrays(probabilities, rule, bands, out_of_vocabulary)
    records = []
    for row, assigned, decision, reason in zip(
        arrays.probabilities, arrays.assigned, arrays.decisions.tolist(), arrays.reasons.tolist(), strict=True
    ):
        best = sorted(np.flatnonzero(assigned), key=lambda column: -row[column])
        scores = dict(zip(topics, row.tolist(), strict=False))
        records.append(Decision(tuple(topics[column] for column in best), scores, DECISIONS[decision], REASONS[reason]))
    return records
