"""Regularised linear models on the points of a :class:`~labeler.features.space.Space`: logistic regression, or margins.

Margins are one-vs-rest support vector machines with the squared hinge loss (C.-J. Hsieh et al., "A dual coordinate
descent method for large-scale linear SVM", 2008): with many judged papers they separate words better than logistic
regression, which keeps pulling at papers that are right already.

For up to some thousand papers it is solved in the dual: with K the inner products of the papers and A the coefficients
sought, scores are K·A, and what is minimised is C · Σ weighted losses + ½ · tr(Aᵀ·K·A) (the representer theorem;
B. Schölkopf and A. Smola, "Learning with Kernels", 2002, chapter 4). With K = R·Rᵀ that is a linear model on the rows
of R. Beyond, it is solved for the weights themselves. Both by L-BFGS.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.optimize import minimize

from labeler.features.space import Direction, Mix, Points, Space

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
DUAL = 8000  # papers up to which the dual is the smaller problem
_RIDGES = (1e-5, 1e-4, 1e-3, 1e-2)  # of the mean diagonal: papers that are equal would have no root otherwise
_ROUNDS = 100


def fit_dual(kernel: Matrix, loss: Loss) -> Floats:
    """Coefficients (n_points, n_columns): scores are ``kernel @ coefficients``."""
    root = _root(kernel)

    def objective(inner: Matrix) -> tuple[float, Matrix]:
        value, slope = loss(root @ inner)
        return value, root.T @ slope

    inner = _minimised(objective, loss.shape)
    return np.asarray(solve_triangular(root, inner, trans=1, lower=True, check_finite=False), dtype=np.float64)


def fit_primal(space: Space, points: Points, mix: Mix, loss: Loss, intercept: bool) -> Direction:
    """The same model found as what each term and each latent dimension adds; perhaps with an ``intercept``."""
    rows, centre = points.terms.astype(np.float32), space.centre.astype(np.float32)
    columns, scale = rows.T.tocsr(), np.float32(np.sqrt(mix.terms))
    shares = [np.float32(np.sqrt(share)) for share in mix.latent]
    blocks = [share * block for share, block in zip(shares, points.blocks, strict=True)]
    latent = np.hstack([*blocks, np.full((len(points), int(intercept)), 1, np.float32)])
    width = rows.shape[1]

    def objective(inner: Matrix) -> tuple[float, Matrix]:
        on_terms, on_latent = inner[:width], inner[width:]
        value, slope = loss(scale * (rows @ on_terms - centre @ on_terms) + latent @ on_latent)
        by_terms = scale * (columns @ slope - np.outer(centre, slope.sum(axis=0)))
        return value, np.vstack([by_terms, latent.T @ slope])

    inner = _minimised(objective, (width + latent.shape[1], loss.shape[1])).astype(np.float64)
    ends = np.cumsum([width] + [block.shape[1] for block in points.blocks])
    parts = tuple(share * inner[low:high] for share, low, high in zip(shares, ends, ends[1:], strict=False))
    return Direction(scale * inner[:width], parts, inner[ends[-1] :].sum(axis=0))


def _minimised(objective: Callable[[Matrix], tuple[float, Matrix]], shape: tuple[int, int]) -> Matrix:
    """Where objective + ½ |point|² is least."""

    def regularised(point: Floats) -> tuple[float, Floats]:
        inner = point.reshape(shape).astype(np.float32)
        value, slope = objective(inner)
        return value + 0.5 * float(point @ point), (slope + inner).ravel().astype(np.float64)

    options = {"maxiter": _ROUNDS, "gtol": 1e-3, "ftol": 1e-6}
    found = minimize(regularised, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=options).x
    return np.asarray(found.reshape(shape), dtype=np.float32)


class Loss:
    """C times the weighted losses of scores, and their slopes.

    ``answers`` (n_points, n_columns) are 1 for yes, 0 for no and NaN for unknown. A regression has one softmax a row,
    over its known columns, and ``weights`` (n_points, 1); ``margins`` have a squared hinge for each known pair, and
    ``weights`` (n_points, n_columns). ``strength`` is C.
    """

    def __init__(self, answers: Floats, weights: Floats, strength: float, margins: bool) -> None:
        known = ~np.isnan(answers)
        self.shape: tuple[int, int] = (answers.shape[0], answers.shape[1])
        self._goal = np.where(known, answers, 0).astype(np.float32)
        self._sides = 2 * self._goal - 1
        self._blocked = np.where(known, 0, -np.inf).astype(np.float32)
        self._weights = (strength * (np.where(known, weights, 0) if margins else weights)).astype(np.float32)
        self._of = self._hinge if margins else self._softmax

    def __call__(self, scores: Matrix) -> tuple[float, Matrix]:
        """The loss of ``scores`` (n_points, n_columns), and its slope at each of them."""
        return self._of(scores)

    def _softmax(self, scores: Matrix) -> tuple[float, Matrix]:
        scores = scores + self._blocked
        top = scores.max(axis=1, keepdims=True)
        powers = np.exp(scores - top)
        total = powers.sum(axis=1, keepdims=True)
        reached = np.where(self._goal > 0, scores, 0).sum(axis=1, keepdims=True)
        value = float((self._weights * (np.log(total) + top - reached)).sum(dtype=np.float64))
        return value, self._weights * (powers / total - self._goal)

    def _hinge(self, scores: Matrix) -> tuple[float, Matrix]:
        short = np.maximum(0, 1 - self._sides * scores)
        return float((self._weights * short**2).sum(dtype=np.float64)), -2 * self._weights * short * self._sides


def _root(kernel: Matrix) -> Matrix:
    size = max(float(np.trace(kernel)) / max(len(kernel), 1), 1e-6)  # papers that are all equal have none
    for ridge in _RIDGES:
        try:
            lifted = kernel + np.float32(ridge * size) * np.eye(len(kernel), dtype=np.float32)
            return np.asarray(cholesky(lifted, lower=True, overwrite_a=True, check_finite=False))
        except LinAlgError:
            continue
    raise ValueError("the kernel is not positive semi-definite")
