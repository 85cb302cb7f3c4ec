"""Micro-F1: every topic of every paper counts the same, so frequent topics count most."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.measure.counts import Guess, Truth

NAME = "micro_f1"
NEEDS = "labels"
ABOUT = "F1 over all pairs of paper and topic"
_TINY = 1e-12


def score(truth: Truth, guess: Guess) -> float:
    """F1 over all pairs of paper and topic that are known (``truth`` (n_papers, n_topics) is 1 or 0 there, not NaN)."""
    from labeler.measure.counts import counts

    right, wrong, missed = (part.sum() for part in counts(truth, guess))
    return float(2 * right / max(2 * right + wrong + missed, _TINY))
