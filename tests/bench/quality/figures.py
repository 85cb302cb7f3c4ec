"""The figures of the tables, and their intervals over draws of test papers.

A draw is a row of counts, how often each paper was drawn: figures of all draws are computed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate
from tests.bench.quality.splits import Guess, Truth

Floats = npt.NDArray[np.float64]
DRAWS = 1000
BINS = 10
LEAST = 0.05  # probability from which on a pair of paper and topic counts for the calibration of many topics
_TINY = 1e-12


def draws(papers: int, rounds: int = DRAWS, seed: int = 0) -> Floats:
    """Counts (1 + rounds, n_papers): first every paper once, then draws with replacement."""
    generator = np.random.default_rng(seed)
    drawn = [np.bincount(generator.integers(papers, size=papers), minlength=papers) for _ in range(rounds)]
    return np.array([np.ones(papers), *drawn])


def macro_f1(truth: Truth, guess: Guess, drawn: Floats) -> Floats:
    """Mean F1 over the topics that a draw has a known yes of (n_draws,)."""
    right, wrong, missed = _counts(truth, guess, drawn)
    f1 = 2 * right / np.maximum(2 * right + wrong + missed, _TINY)
    present = right + missed > 0
    return np.asarray((f1 * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1))


def micro_f1(truth: Truth, guess: Guess, drawn: Floats) -> Floats:
    """F1 over all known pairs of paper and topic (n_draws,); with one topic a paper and guess, the accuracy."""
    right, wrong, missed = (part.sum(axis=1) for part in _counts(truth, guess, drawn))
    return np.asarray(2 * right / np.maximum(2 * right + wrong + missed, _TINY))


def average_precision(truth: npt.NDArray[np.bool_], scores: Floats, drawn: Floats) -> Floats:
    """The mean precision at each right paper, from the highest score down (n_draws,); equal scores go together."""
    order = np.argsort(-scores, kind="stable")
    ranked = -scores[order]
    last = np.searchsorted(ranked, ranked, side="right") - 1
    drawn = drawn[:, order]
    right = drawn * truth[order]
    precision = (right.cumsum(axis=1) / np.maximum(drawn.cumsum(axis=1), _TINY))[:, last]
    return np.asarray((right * precision).sum(axis=1) / np.maximum(right.sum(axis=1), _TINY))


def interval(figures: Floats) -> Estimate:
    """The figure of all papers and its 95 % interval, from the figures of :func:`draws`."""
    low, high = np.quantile(figures[1:], [0.025, 0.975])
    return Estimate(float(figures[0]), float(low), float(high))


def mean_over(runs: Sequence[Guess], figure: Callable[[Guess], Floats]) -> Floats:
    """The figure of each draw, on average over runs with different labels."""
    return np.asarray(np.mean([figure(run) for run in runs], axis=0))


def calibration_error(probabilities: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error: bins of equally many answers, ordered by probability; the mean distance between
    what was expected and what came out, weighted by how many are in a bin.
    """
    order = np.argsort(probabilities, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    gaps = [len(part) * abs(probabilities[part].mean() - right[part].mean()) for part in bins]
    return float(sum(gaps) / max(len(order), 1))


def single_calibration(probabilities: Floats, truth: Truth) -> float:
    """The error of the most probable topic of each paper (n_papers, n_topics)."""
    best = probabilities.argmax(axis=1)
    rows = np.arange(len(best))
    return calibration_error(probabilities[rows, best], truth[rows, best] == 1)


def multi_calibration(probabilities: Floats, truth: Truth) -> float:
    """The error over known pairs of paper and topic that are not next to impossible (n_papers, n_topics)."""
    counted = (probabilities >= LEAST) & ~np.isnan(truth)
    return calibration_error(probabilities[counted], truth[counted] == 1)


def _counts(truth: Truth, guess: Guess, drawn: Floats) -> tuple[Floats, Floats, Floats]:
    """Right, wrong and missed (n_draws, n_topics)."""
    yes, no = truth == 1, truth == 0
    return drawn @ (yes & guess), drawn @ (no & guess), drawn @ (yes & ~guess)
