"""A metric: the share of papers whose topics are all right (``accuracy_score`` of scikit-learn, "subset accuracy")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labeler.measure.counts import Truth

NAME = "exact_match"
ABOUT = "share of papers whose topics are all right"
NEEDS = "labels"  # or "probabilities"


def score(truth: Truth, guess: Any) -> float:
    """``truth`` (n_papers, n_topics): 1 yes, 0 no, NaN unknown, which is right either way; ``guess``: the labels."""
    right = (truth != truth) | ((truth == 1) == guess)
    return float(right.all(axis=1).mean())
