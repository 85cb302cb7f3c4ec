"""Random sampling: the only choice that gives an honest measure of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.sampling.candidates import Candidates
    from labeler.sampling.medoids import Chance

NAME = "random"
NEEDS = "none"
ABOUT = "any papers, which is how a model is measured honestly"


def select(candidates: Candidates, count: int, rng: Chance) -> list[int]:
    """Any candidates."""
    return [int(row) for row in rng.permutation(len(candidates))[:count]]
