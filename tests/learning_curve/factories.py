"""Invented margins of held-out papers."""

from __future__ import annotations

import numpy as np

from labeler.learning_curve.margins import HeldOut
from labeler.measure.resampling import Draws

SIZES = np.array([86.0, 144.0, 240.0, 400.0])
PAPERS = 533


def held_out(means: np.ndarray, spread: float = 1.0, seed: int = 0, topics: int = 1, papers: int = PAPERS) -> HeldOut:
    """Papers of which a fifth have each topic.

    Their margins have the ``means`` (n_sizes,) and a ``spread``; those of the others lie on the other side of 0.
    """
    rng = np.random.default_rng(seed)
    truth = np.zeros((papers, topics))
    truth[: papers // 5] = 1
    side = np.where(truth == 1, 1, -1)
    margins = side * (np.asarray(means)[:, None, None] + spread * rng.standard_normal((papers, topics)))
    sizes = SIZES[: len(means)]
    return HeldOut(sizes, margins > 0, margins, truth, Draws.of(np.arange(papers)).weights)
