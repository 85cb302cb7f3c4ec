"""The counts that F1 is computed from: true positives, false positives and false negatives of each topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Truth = npt.NDArray[np.float64]
Guess = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.float64]


def counts(truth: Truth, guess: Guess) -> Sequence[npt.NDArray[np.intp]]:
    """The true positives, false positives and false negatives of each topic, (n_topics,) each.

    ``truth`` (n_papers, n_topics) is 1 yes, 0 no, NaN unknown and left out; ``guess`` has the same shape.
    """
    yes, no = truth == 1, truth == 0
    return (yes & guess).sum(axis=0), (no & guess).sum(axis=0), (yes & ~guess).sum(axis=0)
