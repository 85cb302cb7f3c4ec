"""Logistic regression in the primal, for very many points of few dimensions.

In single mode it is multinomial, else each column is a regression of its own. L-BFGS minimises C · Σ weighted losses +
½ · |weights|² (D. C. Liu and J. Nocedal, "On the limited memory BFGS method for large scale optimization", 1989), as in
scikit-learn's ``LogisticRegression``, of which answers may be unknown here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Signs = npt.NDArray[np.int8]
_MAX_ITERATIONS = 80
_NEVER = np.float32(-1e30)  # the score of what is left out of a choice


class Regression(NamedTuple):
    """The weights (k, n_columns) and intercepts (n_columns,) of a regression."""

    weights: Matrix
    intercepts: Matrix


def fit_logistic(
    points: Matrix,
    signs: Signs,
    negative_weight: Matrix,
    C: float,
    exclusive: bool,
    shares: sparse.csr_matrix | None = None,
    start: Regression | None = None,
) -> Regression:
    """The regression of ``signs`` (n_points, n_columns) on ``points`` (n_points, k).

    Signs are 1 for yes, -1 for no and 0 for unknown. Where topics are ``exclusive`` a point has one yes, and chooses
    among the columns that are known; points without a yes teach nothing, and those with ``shares`` (n_points,
    n_columns) count for several topics. Elsewhere ``negative_weight`` (n_columns,) is the weight of a no beside 1 for
    a yes. It goes from ``start``, from zeros without one.
    """
    shape = points.shape[1] + 1, signs.shape[1]
    loss = _multinomial(signs, shares) if exclusive else _separate(signs, negative_weight)

    def objective(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape).astype(np.float32)
        value, slopes = loss(points @ weights[:-1] + weights[-1])
        gradient = np.vstack([points.T @ slopes, slopes.sum(axis=0)]).ravel().astype(np.float64)
        return C * value + float(flat @ flat) / 2, C * gradient + flat

    first = np.zeros(shape) if start is None else np.vstack([start.weights, start.intercepts])
    options = {"maxiter": _MAX_ITERATIONS}
    found = minimize(objective, first.ravel().astype(np.float64), jac=True, method="L-BFGS-B", options=options)
    weights = found.x.reshape(shape).astype(np.float32)
    return Regression(weights[:-1], weights[-1])


def _multinomial(signs: Signs, shares: sparse.csr_matrix | None) -> Callable[[Matrix], tuple[float, Matrix]]:
    """The cross-entropy of scores (n_points, n_columns), which it changes, and its slopes."""
    left_out, targets = signs == 0, (signs == 1).astype(np.float32)
    if shares is not None:
        several = np.flatnonzero(np.diff(shares.indptr))
        targets[several] = shares[several].toarray()
    targets[left_out] = 0
    totals = targets.sum(axis=1, keepdims=True)

    def loss(scores: Matrix) -> tuple[float, Matrix]:
        scores[left_out] = _NEVER
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        sums = chances.sum(axis=1, keepdims=True)
        value = float((np.log(sums) * totals).sum(dtype=np.float64) - (targets * scores).sum(dtype=np.float64))
        chances *= totals / sums
        chances -= targets
        return value, chances

    return loss


def _separate(signs: Signs, negative_weight: Matrix) -> Callable[[Matrix], tuple[float, Matrix]]:
    """The sum of the logistic losses of scores (n_points, n_columns), and its slopes."""
    sides = signs.astype(np.float32)
    weights = np.where(signs > 0, np.float32(1), negative_weight).astype(np.float32) * np.abs(sides)

    def loss(scores: Matrix) -> tuple[float, Matrix]:
        margins = scores * sides
        losses = np.maximum(-margins, 0) + np.log1p(np.exp(-np.abs(margins)))
        return float((weights * losses).sum(dtype=np.float64)), -sides * weights * expit(-margins)

    return loss
