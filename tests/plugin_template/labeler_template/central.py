"""A strategy: the papers that are most like all others, which stand for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.sampling.candidates import Candidates
    from labeler.sampling.medoids import Chance

NAME = "central"
ABOUT = "the papers that are most like all others"
NEEDS = "none"  # "model" for one that looks at probabilities or margins


def select(candidates: Candidates, count: int, rng: Chance) -> list[int]:
    """Those with the largest inner product with the mean of all vectors; nothing is left to chance here."""
    similarity = candidates.vectors @ candidates.vectors.mean(axis=0)
    return [int(row) for row in (-similarity).argsort(kind="stable")[:count]]
