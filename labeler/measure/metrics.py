"""F1 over topics, where a topic may be unknown for a paper; average precision; bootstrap intervals over papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Truth = npt.NDArray[np.float64]
Guess = npt.NDArray[np.bool_]
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def to_dict(self) -> dict[str, float]:
        """The figures, rounded to four places."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


def average_precision(wanted: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]) -> float:
    """The mean, over the ``wanted`` papers (n_papers,), of the precision down to each in order of ``scores``.

    Of equal scores the first counts as higher. 0 when no paper is wanted.
    """
    found = wanted[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precision[found].mean()) if found.any() else 0.0


def macro_f1(truth: Truth, guess: Guess) -> float:
    """Mean over topics of F1. ``truth`` (n_papers, n_topics): 1 yes, 0 no, NaN unknown and left out.

    Topics without a known yes do not count; 0 when there is none at all.
    """
    right, wrong, missed = _counts(truth, guess)
    present = right + missed > 0
    f1 = 2 * right / np.maximum(2 * right + wrong + missed, _TINY)
    return float(f1[present].mean()) if present.any() else 0.0


def micro_f1(truth: Truth, guess: Guess) -> float:
    """F1 over all pairs of paper and topic that are known."""
    right, wrong, missed = (part.sum() for part in _counts(truth, guess))
    return float(2 * right / max(2 * right + wrong + missed, _TINY))


def bootstrap(
    figure: Callable[[npt.NDArray[np.intp]], float], papers: int, rounds: int = 1000, seed: int = 0
) -> Estimate:
    """``figure`` of all papers, with the percentile interval over ``rounds`` draws of papers with replacement.

    ``figure`` is called with the positions of the papers drawn. For a paired difference it computes both sides on
    the same draw. B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993.
    """
    generator = np.random.default_rng(seed)
    draws = [figure(generator.integers(papers, size=papers)) for _ in range(rounds)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(figure(np.arange(papers)), float(low), float(high))


def f1_estimates(truth: Truth, guess: Guess, rounds: int = 200) -> dict[str, Estimate]:
    """Macro- and micro-F1 with their intervals."""
    return {
        name: bootstrap(lambda rows, f=figure: f(truth[rows], guess[rows]), len(truth), rounds)  # type: ignore[misc]
        for name, figure in (("macro_f1", macro_f1), ("micro_f1", micro_f1))
    }


def _counts(truth: Truth, guess: Guess) -> Sequence[npt.NDArray[np.intp]]:
    yes, no = truth == 1, truth == 0
    return (yes & guess).sum(axis=0), (no & guess).sum(axis=0), (yes & ~guess).sum(axis=0)
