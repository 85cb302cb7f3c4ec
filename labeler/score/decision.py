"""The decision rule: from probabilities to topics, and whether they are assigned automatically or reviewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.measure.figures import Bands
from labeler.score.cross_lists import CrossLists
from labeler.score.familiarity import Familiarity
from labeler.score.given import GivenTopics
from labeler.score.linear import expit, logit
from labeler.topics.mode import Mode

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
AUTO, NONE, REVIEW, JUDGED = "auto", "none", "review", "judged"
UNFAMILIAR, AMBIGUOUS, UNCHECKED, TIED, FEW = "unfamiliar", "ambiguous", "unchecked", "tied", "few_examples"
DECISIONS, REASONS = (AUTO, NONE, REVIEW, JUDGED), ("", UNFAMILIAR, AMBIGUOUS, UNCHECKED, TIED, FEW)
_SCORES_SHOWN = 5
_ROUNDING = 1e-9  # of a confidence
_FARTHEST = 1e-9  # probability whose logarithm margins still tell
_MOST_TORN = 3  # topics that are named


class Decision(NamedTuple):
    """The topics of a paper, and whether a person has to review them.

    ``topics`` are the assigned ones, the most probable first; ``scores`` holds the probability of every topic.
    ``decision`` is ``auto`` (the topics are sure), ``none`` (surely no topic applies) or ``review``. ``reason`` says
    why a paper is for review: ``unfamiliar`` papers have few words that the model has learned from, ``ambiguous`` ones
    have a topic of which the model is not sure enough, ``few_examples`` ones such a topic of which few papers were
    judged, and ``unchecked`` ones have none, but too little was judged for the model to decide alone. It is empty for
    ``auto``; a paper that is surely of no topic may be ``unfamiliar``. Papers that people have judged are ``judged``,
    and those on which they disagree are for review as ``tied``.

    ``precisions`` says of each of the topics how many of the decisions as sure as this one are right, at least: the
    largest promise that it keeps. ``torn`` are the topics between which an ``ambiguous`` paper lies, the most probable
    first. ``topic_set`` is a set of topics that holds the right one as often as was asked for
    (``labeler.score.conformal``). In both, None stands for "none of these". ``also`` are topics that the paper is
    likely listed under, too, with the probabilities of that, the most probable first; None where the model does not
    know of lists (``labeler.score.cross_lists``).

    >>> from labeler import load_model
    >>> found = load_model("models/mine/1").decide(["Legged robots that climb stairs with a learned policy"])[0]
    >>> found.topics, found.decision in ("auto", "review")
    (('robotics',), True)
    """

    topics: tuple[str, ...]
    scores: dict[str, float]
    decision: str
    reason: str = ""
    precisions: Mapping[str, float] = MappingProxyType({})
    torn: tuple[str | None, ...] = ()
    topic_set: tuple[str | None, ...] | None = None
    also: tuple[tuple[str, float], ...] | None = None

    def __repr__(self) -> str:
        """One line, with the largest scores alone."""
        best = sorted(self.scores.items(), key=lambda item: -item[1])
        told = [f"{topic!r}: {score:.3g}" for topic, score in best[:_SCORES_SHOWN]]
        told += ["…"] if len(best) > _SCORES_SHOWN else []
        scores = f"{{{', '.join(told)}}}"
        return f"Decision(topics={self.topics!r}, scores={scores}, decision={self.decision!r}, reason={self.reason!r})"

    def _repr_html_(self) -> str:
        from labeler.score.shown import decision_html

        return decision_html(self)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What turns probabilities into topics and decisions: the ``mode`` and a threshold for each column (n_columns,).

    ``incomplete`` says that some topic could not be learned: then "none of these" is never sure, as that topic may
    apply. With a ``familiarity``, a paper of unfamiliar words never gets a topic without a person. ``given`` are the
    topics that the columns stand for; by default each column is a topic. ``offsets`` (n_given, and one more for
    "none of these") are added to the log-odds of probabilities where it is asked how sure a decision is; by default 0.
    ``few`` (n_given,) says of which topics few papers were judged.
    """

    mode: Mode
    thresholds: Floats
    incomplete: bool = False
    familiarity: Familiarity | None = None
    given: GivenTopics | None = None
    offsets: Floats | None = None
    few: Flags | None = None

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

    def margins(self, probabilities: Floats) -> Floats:
        """How far each topic is from being given or not given (n_papers, n_given), above 0 where it is given.

        In multi mode it is the log-odds of the topic less those of its threshold, in single mode the logarithm of its
        probability less that of the most probable other answer. What could not be learned has the probability 0.
        """
        known, limits = np.nan_to_num(probabilities), np.nan_to_num(self.thresholds, posinf=1.0)
        if self.mode == Mode.MULTI:
            return self.probabilities(_far_log_odds(known) - _far_log_odds(limits))
        logs = np.log(np.maximum(self.probabilities(known), _FARTHEST))
        topics = len(self.thresholds) if self.given is None else len(self.given.topics)
        others = (np.delete(logs, topic, axis=1).max(axis=1, initial=np.log(_FARTHEST)) for topic in range(topics))
        return np.asarray(logs[:, :topics] - np.stack(list(others), axis=1))

    def most_specific(self, flags: Flags) -> Flags:
        """Those of the flags (n_papers, n_given) from which the others follow (:meth:`GivenTopics.most_specific`)."""
        return flags if self.given is None else self.given.most_specific(flags)

    def confidences(self, probabilities: Floats, assigned: Flags) -> Floats:
        """How sure the model is of each paper (n_papers,), given its :meth:`assigned` topics: from 0 to 1.

        It is the probability of the least sure of the topics from which the others follow, moved by the ``offsets``; in
        multi mode, where no topic is assigned, it is one minus the largest probability.
        """
        given = self.probabilities(probabilities)
        largest = given.max(axis=1, initial=0.0)
        confidences = largest if self.mode == Mode.SINGLE else 1 - largest
        papers, topics = np.nonzero(self.most_specific(assigned))
        confidences[papers] = np.inf
        np.minimum.at(confidences, papers, self.topic_confidences(given, papers, topics))
        return np.where(np.isnan(given).any(axis=1), 0.0, confidences)

    def topic_confidences(self, given: Floats, papers: Indices, topics: Indices) -> Floats:
        """How sure the model is of some topics of some papers, of pairs (n,), by the probabilities of given topics."""
        moved = 0.0 if self.offsets is None else self.offsets[topics]
        return expit(logit(given[papers, topics]) + moved)

    def certain(self, probabilities: Floats, assigned: Flags, lower: float, upper: float) -> Flags:
        """The papers (n_papers,) of whose topics the model is sure enough, given their :meth:`assigned` topics.

        Topics are sure from the confidence ``upper`` up. That there is none is sure from 1 - ``lower`` up, where
        ``lower`` is above 0.
        """
        confidences = self.confidences(probabilities, assigned) + _ROUNDING
        none = (confidences >= 1 - lower) & (lower > 0)
        return np.asarray(np.where(assigned.any(axis=1), confidences >= upper, none))

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
        no_possible = bands.lower > 0
        return np.asarray(np.where(any_topic, np.isinf(bands.upper), (certain & self.incomplete) | (not no_possible)))

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
    given = rule.probabilities(probabilities)
    review = np.where(rule.unchecked(any_topic, certain, bands), 3, 2)
    if rule.few is not None:
        few = (_unsure(given, assigned, rule, bands.upper) & rule.few).any(axis=1)
        review = np.where((review == 2) & few, REASONS.index(FEW), review)
    reasons = np.where(decisions == 0, 0, np.where(unfamiliar, 1, np.where(decisions == 1, 0, review)))
    return DecisionArrays(assigned, decisions, reasons.astype(np.int8), given)


def decide(
    probabilities: Floats,
    rule: Rule,
    bands: Bands,
    topics: tuple[str, ...],
    out_of_vocabulary: Flags | None = None,
    promised: Callable[[Floats], Floats] | None = None,
    cross_lists: CrossLists | None = None,
) -> list[Decision]:
    """The decisions of :func:`decision_arrays` as one record a paper; ``topics`` are the names of the given topics.

    ``promised`` says what precision decisions of some confidences keep. With ``cross_lists``, each record has those of
    its paper.
    """
    assigned, decisions, reasons, given = decision_arrays(probabilities, rule, bands, out_of_vocabulary)
    names = (*topics, None)
    precisions = np.zeros(assigned.shape)
    if promised is not None:
        pairs = np.nonzero(assigned)
        precisions[pairs] = promised(rule.topic_confidences(given, *pairs))
    listed = [None] * len(given) if cross_lists is None else cross_lists.named(given, assigned, topics)
    records = []
    for row, some, kept, decision, reason, also in zip(
        given, assigned, precisions, decisions.tolist(), reasons.tolist(), listed, strict=True
    ):
        best = sorted(np.flatnonzero(some), key=lambda column: -row[column])
        found = tuple(topics[column] for column in best)
        worth = dict(zip(found, kept[best].tolist(), strict=True)) if promised is not None else {}
        torn = tuple(names[column] for column in _torn(row, rule, bands)) if REASONS[reason] == AMBIGUOUS else ()
        scores = dict(zip(topics, row.tolist(), strict=False))
        records.append(Decision(found, scores, DECISIONS[decision], REASONS[reason], worth, torn, also=also))
    return records


def _unsure(given: Floats, assigned: Flags, rule: Rule, upper: float) -> Flags:
    """The assigned topics (n_papers, n_given) of which the model is not sure enough."""
    unsure = assigned.copy()
    pairs = np.nonzero(assigned)
    unsure[pairs] = rule.topic_confidences(given, *pairs) < upper
    return unsure


def _torn(row: Floats, rule: Rule, bands: Bands) -> list[int]:
    """The topics between which a paper with these probabilities (n_given,) lies, the most probable first; some at most.

    In single mode these are the best and those that are half as probable, where the last column may stand for "none of
    these"; in multi mode those that may apply.
    """
    topics = len(rule.thresholds) if rule.given is None else len(rule.given.topics)
    possible = np.argsort(-np.nan_to_num(row, nan=-1.0), kind="stable")
    if rule.mode == Mode.MULTI:
        sure = rule.topic_confidences(row[None, :], np.zeros(topics, np.intp), possible) >= bands.upper
        possible = possible[~sure]
    ranked = possible[:_MOST_TORN].tolist()
    return [column for column in ranked if row[column] >= row[ranked[0]] / 2]


def _far_log_odds(probabilities: Floats) -> Floats:
    """Log-odds, also of very small probabilities."""
    inside = np.clip(probabilities, _FARTHEST, 1 - _FARTHEST)
    return np.asarray(np.log(inside) - np.log1p(-inside))
