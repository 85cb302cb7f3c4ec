"""How far a model's decisions can be relied on: which of them keep a promise, and how many of them will be right.

The confidence of a topic that is assigned to a paper is its probability, moved by what is known of decisions for that
topic; that of the paper is the least of its topics'. :mod:`labeler.score.reliability_fit` learns what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Self

import numpy as np

from labeler.features.tfidf import Floats
from labeler.measure.figures import Bands, Outcome
from labeler.score.decision import Rule

OFFSETS = "decision_offsets"  # the name of their array


class Curve(NamedTuple):
    """What is known of decisions that are at least as sure as each of some ``confidences`` (n,), the least first.

    ``promises`` (n,) are the largest precisions that they can be promised to have; ``low`` and ``high`` (n,) is the
    95 % interval of their precision on new papers of the same kind.
    """

    confidences: Floats
    promises: Floats
    low: Floats
    high: Floats

    def cut(self, precision: float) -> float:
        """The least confidence that decisions need for this ``precision``; infinite where none is enough."""
        kept = np.flatnonzero(self.promises >= precision - 1e-9)
        return float(self.confidences[kept[0]]) if len(kept) else np.inf

    def promised(self, confidences: Floats) -> Floats:
        """The largest precision that decisions as sure as each of ``confidences`` keep; 0 where there is none."""
        kept = np.maximum.accumulate(np.append(0.0, self.promises))
        return np.asarray(kept[np.searchsorted(self.confidences, confidences, side="right")])

    def interval(self, cut: float) -> tuple[float, float] | None:
        """The 95 % interval of the precision of decisions from a confidence ``cut`` up; None where that is unknown."""
        at = int(np.searchsorted(self.confidences, cut))
        return None if at == len(self.confidences) else (float(self.low[at]), float(self.high[at]))


NOTHING_KNOWN = Curve(*np.zeros((4, 0)))


class Reliability(NamedTuple):
    """The curves of a model: of topics that are assigned, and of papers to which none is.

    ``offsets`` (n_columns,) are added to the log-odds of a probability: by them decisions for a topic are more, or
    less, often right than for others. The confidence that no topic applies is, in single mode, the probability of
    "none of these", else one minus the largest probability.
    """

    offsets: Floats
    topics: Curve
    none: Curve = NOTHING_KNOWN

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Floats]) -> Self | None:
        """The inverse of :meth:`arrays`; None where a model's arrays are of an earlier labeler."""
        if OFFSETS not in arrays:
            return None
        return cls(np.asarray(arrays[OFFSETS]), Curve(*arrays["topic_curve"]), Curve(*arrays["none_curve"]))

    def arrays(self) -> dict[str, Floats]:
        """The arrays that a saved model has of it."""
        return {OFFSETS: self.offsets, "topic_curve": np.array(self.topics), "none_curve": np.array(self.none)}

    def bands(self, precision: float, rule: Rule, held_out: tuple[Floats, Floats], weights: Floats | None) -> Bands:
        """The decision band for a promised ``precision``, with its outcome on the held-out papers."""
        upper, none = self.topics.cut(precision), self.none.cut(precision)
        lower = 0.0 if np.isinf(none) else 1 - none
        return Bands(
            precision, lower, upper, outcome(*held_out, rule, lower, upper, weights), self.topics.interval(upper)
        )


def outcome(
    probabilities: Floats, matrix: Floats, rule: Rule, lower: float, upper: float, weights: Floats | None = None
) -> Outcome:
    """The outcome of a decision band on papers: how many it decides, and how many of the assigned topics are right.

    The arrays are as in :func:`reliability`. A topic that is unknown counts neither as right nor as wrong, and neither
    do topics that are assigned only as they are above another one, which tell nothing more. With
    ``weights`` the counts are those of as many papers as they are worth (:func:`effective_size`).
    """
    weights = np.ones(len(probabilities)) if weights is None else weights
    worth = weights * (effective_size(weights) / max(float(weights.sum()), 1e-12))
    known = ~np.isnan(matrix) & np.isfinite(probabilities[:, : matrix.shape[1]])
    decided = rule.sure(probabilities, lower, upper, rule.unfamiliar(probabilities))
    assigned = rule.most_specific(rule.assigned(probabilities)) & known & decided[:, None]
    right = (assigned & (matrix == 1)).sum(axis=1)
    papers, decisions, topics, correct = (
        round(float(worth @ column)) for column in (np.ones(len(decided)), decided, assigned.sum(axis=1), right)
    )
    return Outcome(papers, decisions, topics, correct)


def effective_size(weights: Floats) -> float:
    """How many papers of equal weight tell as much as papers of these weights (L. Kish, "Survey sampling", 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum()) if weights.any() else 0.0
