"""Truth and guesses for the tests of metrics."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

NAN = np.nan
SHAPES = st.tuples(st.integers(1, 30), st.integers(1, 5))
PAIRS = SHAPES.flatmap(lambda shape: st.tuples(arrays(bool, shape), arrays(bool, shape)))
Pair = tuple[np.ndarray, np.ndarray]


def partly_known(truth: np.ndarray, seed: int) -> np.ndarray:
    """The truth as numbers, three in ten of them unknown."""
    numbers = truth.astype(float)
    numbers[np.random.default_rng(seed).random(truth.shape) < 0.3] = NAN
    return numbers
