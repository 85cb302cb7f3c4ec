"""Uncertainty sampling by margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.sampling.candidates import Candidates
    from labeler.sampling.medoids import Chance

NAME = "margin"
NEEDS = "model"
ABOUT = "papers that the model is least sure of"


def select(candidates: Candidates, count: int, rng: Chance) -> list[int]:  # noqa: ARG001  (nothing is left to chance)
    """The candidates with the smallest margins, the smallest first."""
    assert candidates.margins is not None
    return [int(row) for row in candidates.margins.argsort(kind="stable")[:count]]
