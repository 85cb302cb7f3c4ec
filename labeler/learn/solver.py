"""The solver for linear models in a :class:`~labeler.features.space.Space`: logistic regression or squared hinge loss.

With the squared hinge loss the models are one-vs-rest support vector machines (C.-J. Hsieh et al., "A dual coordinate
descent method for large-scale linear SVM", 2008). With many judged papers they separate words better than logistic
regression, which goes on to learn from papers that are right already.

Both are solved in the dual: with the kernel K (the inner products of the papers) and coefficients A, scores are K·A,
and C · Σ weighted losses + ½ · tr(Aᵀ·K·A) is minimised (the representer theorem; B. Schölkopf and A. Smola, "Learning
with Kernels", 2002, chapter 4). L-BFGS does so, and with the hinge loss, whose slope bends too often for it to end
soon, only begins what :mod:`labeler.learn.finite_newton` ends. That is for up to some thousand papers;
:mod:`labeler.learn.dual_coordinate_descent` is for more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labeler.learn.finite_newton import finite_newton

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
_MAX_ITERATIONS = 100
_FIRST_ITERATIONS = 15  # with the hinge loss, before the finite Newton method
_TOLERANCE = 2e-2  # norm of the gradient at the end: no score is farther from the optimum, as ½|weights|² curves
_ROUNDING = 1e-3  # of the product of two gradients: a square that is less below zero is no fault of the kernel
_HISTORY = 6  # steps that L-BFGS remembers
_MAX_TRIALS = 8  # lengths that a line search tries
_LEAST_POWER = 1e-30  # below it a sum of powers has no logarithm
_SLOPE_SHARE = 0.3  # of the first slope along a step: a smaller slope ends the line search


def fit_dual(kernel: Matrix, loss: Loss) -> Floats:
    """Coefficients (n_points, n_columns): scores are ``kernel @ coefficients``.

    Raises:
        ValueError: the kernel is not positive semi-definite.
    """
    coefficients = _lbfgs(kernel, loss, _FIRST_ITERATIONS if loss.separate else _MAX_ITERATIONS)
    if loss.separate:
        coefficients = finite_newton(kernel, loss.signs, 2 * loss.weights, coefficients)
    if loss.factor is not None:
        coefficients = coefficients @ loss.factor.T
    return coefficients.astype(np.float64)


def _lbfgs(kernel: Matrix, loss: Loss, iterations: int) -> Matrix:
    """Coefficients (n_points, n_columns) after at most so many ``iterations``.

    L-BFGS in the inner product of the kernel (D. C. Liu and J. Nocedal, "On the limited memory BFGS method for large
    scale optimization", 1989): the gradient is then that of the loss plus the coefficients, and an iteration needs one
    product with the kernel. Each array is kept with its product with the kernel (``products``), so that line searches
    need none. With the hinge loss columns are independent, and are solved all at once with lengths of their own.

    Raises:
        ValueError: the kernel is not positive semi-definite.
    """
    coefficients, scores = np.zeros(loss.shape, np.float32), np.zeros(loss.shape, np.float32)
    dot = _dot_by_column if loss.separate else _dot
    history: list[_Update] = []
    gradient = loss(scores)[1] + coefficients
    products = kernel @ gradient
    square, largest = dot(gradient, products), float(np.abs(np.diagonal(kernel)).max(initial=0))
    for _ in range(iterations):
        if (square < -_ROUNDING * max(largest, 1e-6) * dot(gradient, gradient)).any():
            raise ValueError("the kernel is not positive semi-definite")
        unfinished = square > _TOLERANCE**2
        if not unfinished.any():
            break
        step, step_products = _lbfgs_step(gradient, products, history, dot)
        length = np.where(unfinished, _line_search(loss, scores, step, step_products, dot), np.float32(0))
        step, step_products = step * length, step_products * length
        coefficients, scores = coefficients + step, scores + step_products
        before, before_products = gradient, products
        gradient = loss(scores)[1] + coefficients
        products = kernel @ gradient
        square = dot(gradient, products)
        update = _Update.of(step, step_products, gradient - before, products - before_products, dot)
        history = [*history[1 - _HISTORY :], update]
    return coefficients


@dataclass(frozen=True, slots=True)
class _Update:
    """A step and the change of the gradient over it, each with its product with the kernel.

    ``inverse`` is one over the curvature along the step, ``scale`` the size of the inverse Hessian (L-BFGS: ρ and γ).
    """

    step: Matrix
    step_products: Matrix
    change: Matrix
    change_products: Matrix
    inverse: Matrix
    scale: Matrix

    @classmethod
    def of(cls, step: Matrix, step_products: Matrix, change: Matrix, change_products: Matrix, dot: _Dot) -> _Update:
        """The update by a step and the change of the gradient along it, where the function curves there."""
        curvature, square = dot(step, change_products), dot(change, change_products)
        usable = curvature > 1e-12 * np.maximum(square, 1e-30)
        inverse = np.where(usable, 1 / np.where(usable, curvature, 1), 0)
        scale = np.where(usable, curvature / np.where(usable, square, 1), 0)
        return cls(step, step_products, change, change_products, inverse.astype(np.float32), scale.astype(np.float32))


def _lbfgs_step(gradient: Matrix, products: Matrix, history: Sequence[_Update], dot: _Dot) -> tuple[Matrix, Matrix]:
    """The step of L-BFGS before the line search, by its two loops, and the step's product with the kernel."""
    step, step_products, shares = -gradient, -products, []
    for update in reversed(history):
        share = (update.inverse * dot(update.step, step_products)).astype(np.float32)
        step -= share * update.change
        step_products -= share * update.change_products
        shares.append(share)
    if history:
        scale = np.where(history[-1].scale > 0, history[-1].scale, 1).astype(np.float32)
        step *= scale
        step_products *= scale
    for update, share in zip(history, reversed(shares), strict=True):
        rest = share - (update.inverse * dot(update.change, step_products)).astype(np.float32)
        step += rest * update.step
        step_products += rest * update.step_products
    return step, step_products


def _line_search(loss: Loss, scores: Matrix, step: Matrix, step_products: Matrix, dot: _Dot) -> Matrix:
    """The multiple of ``step`` at which the slope along it is small, by regula falsi between slopes of unlike sign."""
    offset, curvature = dot(step, scores), dot(step, step_products)
    low = np.zeros_like(offset)
    first_slope = low_slope = dot(loss(scores)[1], step_products) + offset
    high, high_slope = np.full_like(offset, np.inf), np.full_like(offset, np.inf)
    length = np.ones_like(offset)
    for _ in range(_MAX_TRIALS):
        loss_gradient = loss(scores + length.astype(np.float32) * step_products)[1]
        slope = dot(loss_gradient, step_products) + offset + length * curvature
        steep = np.abs(slope) > _SLOPE_SHARE * np.abs(first_slope)
        if not steep.any():
            break
        short = slope < 0
        low, low_slope = np.where(steep & short, length, low), np.where(steep & short, slope, low_slope)
        high, high_slope = np.where(steep & ~short, length, high), np.where(steep & ~short, slope, high_slope)
        bounded = np.isfinite(high)
        width = np.where(bounded, high, 1) - low
        between = low - low_slope * width / np.where(bounded, high_slope - low_slope, 1)
        rise = (slope - first_slope) / np.where(length > 0, length, 1)
        beyond = np.clip(-first_slope / np.where(rise > 0, rise, np.inf), 2 * length, 4 * length)
        length = np.where(steep, np.where(bounded, between, beyond), length)
    return length.astype(np.float32)


_Dot = Callable[[Matrix, Matrix], Floats]


def _dot_by_column(one: Matrix, other: Matrix) -> Floats:
    return np.asarray(np.einsum("ij,ij->j", one, other), np.float64)


def _dot(one: Matrix, other: Matrix) -> Floats:
    return np.array([np.vdot(one, other)], np.float64)


class Loss:
    """C times the weighted losses of scores, and their gradient.

    ``answers`` (n_points, n_columns) are 1 for yes, 0 for no and NaN for unknown. A logistic regression has one softmax
    a row, over its known columns, and ``weights`` (n_points, 1). A row of 0 and NaN alone says that one of its unknown
    columns is right (a partial label: T. Cour et al., "Learning from partial labels", 2011). With ``hinge`` each known
    pair has a squared hinge loss, and ``weights`` are (n_points, n_columns). ``C`` multiplies the losses, as in
    scikit-learn. Columns are ``separate`` where none depends on another. ``signs`` (n_points, n_columns) are 1 for yes
    and -1 for all else; the attribute ``weights`` has C in it, and zero for what is unknown to the hinge loss.

    With a ``factor`` L (n_columns, n_columns) of the logistic loss, columns share what they learn: the coefficients B
    are such that scores are K·B·Lᵀ, so that L·Lᵀ is a kernel between columns.
    """

    def __init__(self, answers: Floats, weights: Floats, C: float, hinge: bool, factor: Floats | None = None) -> None:
        known = ~np.isnan(answers)
        self.shape: tuple[int, int] = (answers.shape[0], answers.shape[1])
        self._answers = np.where(known, answers, 0).astype(np.float32)
        self.signs = 2 * self._answers - 1
        denying = np.asarray(~known.all(axis=1) & ~(self._answers > 0).any(axis=1))
        self._mask = np.where(known | denying[:, None], 0, -np.inf).astype(np.float32)
        self._denying = np.flatnonzero(denying)
        self._left = (~known[denying]).astype(np.float32)
        self.weights = (C * (np.where(known, weights, 0) if hinge else weights)).astype(np.float32)
        self._loss = self._squared_hinge if hinge else self._softmax
        self.separate = hinge
        self.factor = None if factor is None else factor.astype(np.float32)

    def __call__(self, scores: Matrix) -> tuple[float, Matrix]:
        """The loss of ``scores`` (n_points, n_columns), and its gradient at each of them."""
        if self.factor is None:
            return self._loss(scores)
        value, gradient = self._loss(scores @ self.factor.T)
        return value, gradient @ self.factor

    def _softmax(self, scores: Matrix) -> tuple[float, Matrix]:
        scores = scores + self._mask
        largest = scores.max(axis=1, keepdims=True)
        powers = np.exp(scores - largest)
        total = powers.sum(axis=1, keepdims=True)
        answer_scores, answers = np.where(self._answers > 0, scores, 0).sum(axis=1, keepdims=True), self._answers
        if len(self._denying):
            left = powers[self._denying] * self._left
            left_total = np.maximum(left.sum(axis=1, keepdims=True), _LEAST_POWER)
            answers = answers.copy()
            answers[self._denying] = left / left_total
            answer_scores[self._denying] = np.log(left_total) + largest[self._denying]
        value = float((self.weights * (np.log(total) + largest - answer_scores)).sum(dtype=np.float64))
        return value, self.weights * (powers / total - answers)

    def _squared_hinge(self, scores: Matrix) -> tuple[float, Matrix]:
        hinge = np.maximum(0, 1 - self.signs * scores)
        return float((self.weights * hinge**2).sum(dtype=np.float64)), -2 * self.weights * hinge * self.signs
