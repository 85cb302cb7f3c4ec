from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.learn.finite_newton import finite_newton


def drawn(seed: int, points: int = 30, columns: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A kernel, signs, and curvatures of which some are zero."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(points, 8)).astype(np.float32)
    signs = np.where(rng.random((points, columns)) < 0.3, 1, -1).astype(np.float32)
    curvatures = (rng.uniform(0.5, 8, (points, columns)) * (rng.random((points, columns)) < 0.8)).astype(np.float32)
    return features @ features.T, signs, curvatures


def slope(kernel: np.ndarray, signs: np.ndarray, curvatures: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The gradient in the inner product of the kernel: zero at the optimum alone."""
    return at - curvatures * signs * np.maximum(1 - signs * (kernel @ at), 0)


@given(seed=st.integers(0, 999), size=st.sampled_from([0.0, 0.1, 10.0]))
@settings(max_examples=40, deadline=None)
def test_from_any_start_the_optimum_is_reached(seed: int, size: float) -> None:
    kernel, signs, curvatures = drawn(seed)
    start = (size * np.random.default_rng(seed).normal(size=signs.shape)).astype(np.float32)
    found = finite_newton(kernel, signs, curvatures, start)
    np.testing.assert_allclose(slope(kernel, signs, curvatures, found), 0, atol=5e-3)
    assert not found[curvatures == 0].any()


def test_a_column_of_which_nothing_is_known_learns_nothing_and_the_start_stays_as_it_is() -> None:
    kernel, signs, curvatures = drawn(0)
    curvatures[:, 1] = 0
    start = np.ones(signs.shape, np.float32)
    found = finite_newton(kernel, signs, curvatures, start)
    assert not found[:, 1].any()
    assert found[:, 0].any()
    assert (start == 1).all()


def test_columns_do_not_depend_on_each_other() -> None:
    kernel, signs, curvatures = drawn(1)
    start = np.zeros(signs.shape, np.float32)
    together = finite_newton(kernel, signs, curvatures, start)
    for column in range(signs.shape[1]):
        alone = [part[:, [column]] for part in (signs, curvatures, start)]
        np.testing.assert_allclose(finite_newton(kernel, *alone), together[:, [column]], atol=1e-4)


def test_what_is_no_kernel_is_refused() -> None:
    signs = np.ones((3, 1), np.float32)
    with pytest.raises(ValueError, match="positive semi-definite"):
        finite_newton(-np.eye(3, dtype=np.float32), signs, 4 * signs, 0 * signs)
