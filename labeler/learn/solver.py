"""Regularised linear models on the points of a :class:`~labeler.features.space.Space`: logistic regression, or hinge.

Hinge stands for one-vs-rest support vector machines with the squared hinge loss (C.-J. Hsieh et al., "A dual coordinate
descent method for large-scale linear SVM", 2008): with many judged papers they separate words better than logistic
regression, which keeps pulling at papers that are right already.

They are solved in the dual: with K the inner products of the papers and A the coefficients sought, scores are K·A, and
what is minimised is C · Σ weighted losses + ½ · tr(Aᵀ·K·A) (the representer theorem; B. Schölkopf and A. Smola,
"Learning with Kernels", 2002, chapter 4). That is for up to some thousand papers;
:mod:`labeler.learn.dual_coordinate_descent` is for more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
_ROUNDS = 100
_CLOSE = 2e-2  # length of the slope where the search ends: no score is farther from the optimum, as ½|weights|² bends
_ROUNDING = 1e-3  # of the product of two slopes: less below zero is no fault of the kernel
_REMEMBERED = 6  # steps
_TRIES, _FLAT = 8, 0.3  # points on a line, and the share of its first slope that is small enough


def fit_dual(kernel: Matrix, loss: Loss) -> Floats:
    """Coefficients (n_points, n_columns): scores are ``kernel @ coefficients``.

    L-BFGS in the inner product of the kernel (D. C. Liu and J. Nocedal, "On the limited memory BFGS method for large
    scale optimization", 1989): the slope is then that of the loss and the coefficients together, and a step needs one
    product with the kernel. What goes with each vector is kept beside it, so that steps along a line need none. Margins
    are solved column by column, all at once.

    Raises:
        ValueError: the kernel is not positive semi-definite.
    """
    at, scores = np.zeros(loss.shape, np.float32), np.zeros(loss.shape, np.float32)
    dot = _by_column if loss.separate else _together
    past: list[_Step] = []
    slope = loss(scores)[1] + at
    beside = kernel @ slope
    size, large = dot(slope, beside), float(np.abs(np.diagonal(kernel)).max(initial=0))
    for _ in range(_ROUNDS):
        if (size < -_ROUNDING * max(large, 1e-6) * dot(slope, slope)).any():
            raise ValueError("the kernel is not positive semi-definite")
        open_ = size > _CLOSE**2
        if not open_.any():
            break
        way, way_beside = _direction(slope, beside, past, dot)
        length = np.where(open_, _line_search(loss, scores, way, way_beside, dot), np.float32(0))
        step, step_beside = way * length, way_beside * length
        at, scores = at + step, scores + step_beside
        before, before_beside = slope, beside
        slope = loss(scores)[1] + at
        beside = kernel @ slope
        size = dot(slope, beside)
        past = [*past[1 - _REMEMBERED :], _Step.of(step, step_beside, slope - before, beside - before_beside, dot)]
    return at.astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step and the change of the slope over it, each with its product with the kernel beside it."""

    step: Matrix
    step_beside: Matrix
    change: Matrix
    change_beside: Matrix
    inverse: Matrix
    scale: Matrix

    @classmethod
    def of(cls, step: Matrix, step_beside: Matrix, change: Matrix, change_beside: Matrix, dot: _Dot) -> _Step:
        bent, length = dot(step, change_beside), dot(change, change_beside)
        usable = bent > 1e-12 * np.maximum(length, 1e-30)
        inverse = np.where(usable, 1 / np.where(usable, bent, 1), 0)
        scale = np.where(usable, bent / np.where(usable, length, 1), 0)
        return cls(step, step_beside, change, change_beside, inverse.astype(np.float32), scale.astype(np.float32))


def _direction(slope: Matrix, beside: Matrix, past: Sequence[_Step], dot: _Dot) -> tuple[Matrix, Matrix]:
    """Where to go, by the two loops of L-BFGS, and its product with the kernel."""
    way, way_beside, shares = -slope, -beside, []
    for one in reversed(past):
        share = (one.inverse * dot(one.step, way_beside)).astype(np.float32)
        way -= share * one.change
        way_beside -= share * one.change_beside
        shares.append(share)
    if past:
        scale = np.where(past[-1].scale > 0, past[-1].scale, 1).astype(np.float32)
        way *= scale
        way_beside *= scale
    for one, share in zip(past, reversed(shares), strict=True):
        back = share - (one.inverse * dot(one.change, way_beside)).astype(np.float32)
        way += back * one.step
        way_beside += back * one.step_beside
    return way, way_beside


def _line_search(loss: Loss, scores: Matrix, way: Matrix, way_beside: Matrix, dot: _Dot) -> Matrix:
    """How far to go: to where the slope along the way is small, between two points of unlike sign (regula falsi)."""
    still, bend = dot(way, scores), dot(way, way_beside)
    low = np.zeros_like(still)
    at_low = dot(loss(scores)[1], way_beside) + still
    high, at_high = np.full_like(still, np.inf), np.full_like(still, np.inf)
    length = np.ones_like(still)
    begun = at_low
    for _ in range(_TRIES):
        told = dot(loss(scores + length.astype(np.float32) * way_beside)[1], way_beside) + still + length * bend
        far = np.abs(told) > _FLAT * np.abs(begun)
        if not far.any():
            break
        short = told < 0
        low, at_low = np.where(far & short, length, low), np.where(far & short, told, at_low)
        high, at_high = np.where(far & ~short, length, high), np.where(far & ~short, told, at_high)
        bounded = np.isfinite(high)
        between = low - at_low * (np.where(bounded, high, 1) - low) / np.where(bounded, at_high - at_low, 1)
        rise = (told - begun) / np.where(length > 0, length, 1)
        beyond = np.clip(-begun / np.where(rise > 0, rise, np.inf), 2 * length, 4 * length)
        length = np.where(far, np.where(bounded, between, beyond), length)
    return length.astype(np.float32)


_Dot = Callable[[Matrix, Matrix], Floats]


def _by_column(one: Matrix, other: Matrix) -> Floats:
    return np.asarray(np.einsum("ij,ij->j", one, other), np.float64)


def _together(one: Matrix, other: Matrix) -> Floats:
    return np.array([np.vdot(one, other)], np.float64)


class Loss:
    """C times the weighted losses of scores, and their slopes.

    ``answers`` (n_points, n_columns) are 1 for yes, 0 for no and NaN for unknown. A regression has one softmax a row,
    over its known columns, and ``weights`` (n_points, 1); with ``hinge`` each known pair has a squared hinge loss, and
    ``weights`` are (n_points, n_columns). ``C`` multiplies the losses. Columns are ``separate`` where none depends on
    another.
    """

    def __init__(self, answers: Floats, weights: Floats, C: float, hinge: bool) -> None:
        known = ~np.isnan(answers)
        self.shape: tuple[int, int] = (answers.shape[0], answers.shape[1])
        self._goal = np.where(known, answers, 0).astype(np.float32)
        self._sides = 2 * self._goal - 1
        self._blocked = np.where(known, 0, -np.inf).astype(np.float32)
        self._weights = (C * (np.where(known, weights, 0) if hinge else weights)).astype(np.float32)
        self._of = self._hinge if hinge else self._softmax
        self.separate = hinge

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
