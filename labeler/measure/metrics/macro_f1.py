"""Macro-F1: rare topics count as much as frequent ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.measure.counts import Guess, Truth

NAME = "macro_f1"
NEEDS = "labels"
ABOUT = "mean over topics of F1, the harmonic mean of precision and recall"
_TINY = 1e-12


def score(truth: Truth, guess: Guess) -> float:
    """Mean over topics of F1. ``truth`` (n_papers, n_topics): 1 yes, 0 no, NaN unknown and left out.

    Topics without a known yes do not count; 0 when there is none at all.
    """
    import numpy as np

    from labeler.measure.counts import counts

    right, wrong, missed = counts(truth, guess)
    present = right + missed > 0
    f1 = 2 * right / np.maximum(2 * right + wrong + missed, _TINY)
    return float(f1[present].mean()) if present.any() else 0.0
