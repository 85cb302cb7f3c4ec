"""Diversity sampling: papers that differ from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.sampling.candidates import Candidates
    from labeler.sampling.medoids import Chance

NAME = "diverse"
NEEDS = "none"
ABOUT = "papers that differ and stand for many"


def select(candidates: Candidates, count: int, rng: Chance) -> list[int]:
    """The medoids of clusters, those of large ones first."""
    from labeler.sampling.medoids import medoids

    return medoids(candidates.vectors, count, rng)
