"""Precision, recall, F1 and average precision of each topic, and their means, with intervals.

The names and definitions are those of scikit-learn: the macro average is the mean over topics that papers have, the
weighted one the mean weighted with their papers, and the micro average counts each pair of paper and topic the same.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.measure.counts import Guess, Truth
from labeler.measure.estimates import Estimate, weighted_proportion
from labeler.measure.resampling import Draws

Floats = npt.NDArray[np.float64]


class TopicFigures(NamedTuple):
    """The figures of a topic: of ``papers`` it is right, it was ``given`` to so many, to ``right`` of them rightly.

    A figure is None where there is nothing to compute it from.
    """

    topic: str
    papers: int
    given: int
    right: int
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None
    average_precision: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        estimates = {name: getattr(self, name) for name in ("precision", "recall", "f1", "average_precision")}
        counts = {"topic": self.topic, "papers": self.papers, "given": self.given, "right": self.right}
        return counts | {name: found.to_dict() if found else None for name, found in estimates.items()}


class Tallies(NamedTuple):
    """True positives, false positives and false negatives (n_draws, n_topics)."""

    right: Floats
    wrong: Floats
    missed: Floats

    @classmethod
    def of(cls, truth: Truth, guess: Guess, weights: Floats) -> Tallies:
        """The tallies under each row of ``weights`` (n_draws, n_papers); unknown answers (NaN) do not count."""
        yes, no = truth == 1, truth == 0
        parts = (yes & guess), (no & guess), (yes & ~guess)
        return cls(*(weights @ part.astype(np.float64) for part in parts))

    def f1(self) -> Floats:
        """F1 of each topic (n_draws, n_topics), NaN where no paper has the topic."""
        total = 2 * self.right + self.wrong + self.missed
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.right + self.missed > 0, 2 * self.right / total, np.nan)

    def macro_f1(self) -> Floats:
        """The mean of F1 over topics that papers have (n_draws,)."""
        return _mean(self.f1(), self.right + self.missed > 0)

    def weighted_f1(self) -> Floats:
        """The mean of F1 over topics, weighted with their papers (n_draws,)."""
        return _mean(self.f1(), self.right + self.missed)

    def micro_precision(self) -> Floats:
        """Precision over all pairs of paper and topic (n_draws,), NaN where no topic is given."""
        right, wrong, _ = (part.sum(axis=1) for part in self)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(right / (right + wrong))

    def micro_recall(self) -> Floats:
        """Recall over all pairs of paper and topic (n_draws,), NaN where no paper has a topic."""
        right, _, missed = (part.sum(axis=1) for part in self)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(right / (right + missed))

    def micro_f1(self) -> Floats:
        """F1 over all pairs of paper and topic (n_draws,)."""
        right, wrong, missed = (part.sum(axis=1) for part in self)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(right + missed > 0, 2 * right / (2 * right + wrong + missed), np.nan)


def average_precisions(truth: Truth, probabilities: Floats, weights: Floats) -> Floats:
    """The average precision of each topic (n_draws, n_topics), NaN where no paper has the topic.

    Of equal probabilities the first counts as higher, as in :mod:`labeler.measure.metrics.average_precision`.
    """
    found = np.full((len(weights), truth.shape[1]), np.nan)
    for column in range(truth.shape[1]):
        known = np.flatnonzero(~np.isnan(truth[:, column]))
        order = known[np.argsort(-probabilities[known, column], kind="stable")]
        positive = truth[order, column] == 1
        if not positive.any():
            continue
        ranked = weights[:, order]
        counted = np.cumsum(ranked, axis=1)[:, positive]
        hits = ranked[:, positive]
        total = hits.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(counted > 0, np.cumsum(hits, axis=1) / counted, 0.0)
            found[:, column] = np.where(total > 0, (hits * precision).sum(axis=1) / total, np.nan)
    return found


def mean_average_precision(truth: Truth, probabilities: Floats, weights: Floats) -> Floats:
    """The mean of average precision over topics that papers have (n_draws,), NaN where there is none."""
    found = average_precisions(truth, probabilities, weights)
    return _mean(found, ~np.isnan(found))


def figures_by_topic(
    topics: tuple[str, ...], truth: Truth, guess: Guess, probabilities: Floats, draws: Draws
) -> list[TopicFigures]:
    """The figures of each topic; the arrays are (n_papers, n_topics).

    Precision and recall have exact intervals (Clopper and Pearson). So has F1: it grows with the share of right ones
    among papers that have the topic or are given it, F1 = 2J / (1 + J). Average precision has that of the bootstrap.
    Where no paper is known not to have a topic, only its recall can be told: nothing that is given could be wrong.
    """
    weights = draws.weights[0]
    precisions = average_precisions(truth, probabilities, draws.weights)
    rows = []
    for column, topic in enumerate(topics):
        yes, given = truth[:, column] == 1, guess[:, column] & ~np.isnan(truth[:, column])
        right, told = yes & given, bool((truth[:, column] == 0).any())
        jaccard = weighted_proportion(right, yes | given, weights) if told or not right.any() else None
        rows.append(
            TopicFigures(
                topic,
                int(yes.sum()),
                int(given.sum()),
                int(right.sum()),
                weighted_proportion(right, given, weights) if told else None,
                weighted_proportion(right, yes, weights),
                Estimate(*(2 * part / (1 + part) for part in jaccard)) if jaccard and yes.any() else None,
                draws.estimate(precisions[:, column]) if told else None,
            )
        )
    return rows


def _mean(figures: Floats, weights: npt.NDArray[np.generic]) -> Floats:
    shares = weights.astype(np.float64)
    total = shares.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (np.nan_to_num(figures) * shares).sum(axis=1) / total, np.nan)
