"""Squared hinge loss to its optimum by a finite Newton method, from a start that is near it.

Of each column the objective is quadratic as long as the same examples are within their margins (the active ones). So
one linear system in these leads to the optimum, or to a place with other active examples, from which the next one does
(S. Keerthi and D. DeCoste, "A modified finite Newton method for fast solution of large scale linear SVMs", 2005; in
the dual as here O. Chapelle, "Training a support vector machine in the primal", 2007). Columns are independent. The
active examples of most are few, so their systems are small, however slowly a method of gradients would come near.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import sposv

from labeler.learn.kernel import part

Matrix = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
_MAX_ROUNDS = 30
_AT_MARGIN = 5e-4  # an example that is so near its margin may be active or not: it hardly changes a score
_MAX_HALVINGS = 8  # of a step that would make the objective larger
_ROUNDING = 1e-6  # share of the objective that is no growth


def finite_newton(kernel: Matrix, signs: Matrix, curvatures: Matrix, start: Matrix) -> Matrix:
    """The coefficients (n_points, n_columns) at the optimum, from those of ``start``.

    ``signs`` (n_points, n_columns) are 1 for yes and -1 for no; the loss is half of ``curvatures`` (n_points,
    n_columns; zero where the answer is unknown) times the squared shortfall of a score from its sign.

    Raises:
        ValueError: the kernel is not positive semi-definite.
    """
    coefficients = start.copy()
    scores = kernel @ coefficients
    columns = np.arange(signs.shape[1])
    solved = np.zeros(signs.shape, bool)  # the active examples of the last system
    for round_ in range(_MAX_ROUNDS):
        shortfall = 1 - signs[:, columns] * scores[:, columns]
        active = (shortfall > 0) & (curvatures[:, columns] > 0)
        if round_:
            unfinished = ((active != solved) & (np.abs(shortfall) > _AT_MARGIN)).any(axis=0)
            columns, active = columns[unfinished], active[:, unfinished]
        if not len(columns):
            break
        step = _optimum(kernel, signs, curvatures, active, columns) - coefficients[:, columns]
        step_scores = kernel @ step
        before = coefficients[:, columns], scores[:, columns]
        length = _length(signs[:, columns], curvatures[:, columns], before, (step, step_scores))
        coefficients[:, columns] += length * step
        scores[:, columns] += length * step_scores
        solved = np.where(length == 1, active, ~active)  # a shorter step has not solved its system
    return coefficients


def _optimum(kernel: Matrix, signs: Matrix, curvatures: Matrix, active: Flags, columns: npt.NDArray[np.intp]) -> Matrix:
    """What the coefficients (n_points, n_columns) of ``columns`` would be if the ``active`` examples stayed so."""
    optimum = np.zeros(active.shape, np.float32)
    for number, column in enumerate(columns.tolist()):
        rows = np.flatnonzero(active[:, number])
        if not len(rows):
            continue
        system = part(kernel, rows, rows)
        system[np.diag_indices(len(rows))] += 1 / curvatures[rows, column]
        # The transposed array, which is the same one, is in the order that LAPACK takes without a copy.
        _, optimum[rows, number], fault = sposv(system.T, signs[rows, column], lower=1, overwrite_a=1)
        if fault:
            raise ValueError("the kernel is not positive semi-definite")
    return optimum


def _length(
    signs: Matrix, curvatures: Matrix, before: tuple[Matrix, Matrix], step: tuple[Matrix, Matrix]
) -> npt.NDArray[np.float32]:
    """The share of the step (n_columns,) to take: all of it, or half as often as the objective would grow.

    ``before`` and ``step`` are coefficients and their scores, each (n_points, n_columns).
    """

    def objective(length: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        coefficients, scores = (at + length * move for at, move in zip(before, step, strict=True))
        shortfall = np.maximum(1 - signs * scores, 0)
        twice = np.einsum("ij,ij->j", curvatures, shortfall**2) + np.einsum("ij,ij->j", coefficients, scores)
        return np.asarray(twice, np.float64) / 2

    length = np.ones(signs.shape[1], np.float32)
    highest = objective(0 * length) * (1 + _ROUNDING)
    for _ in range(_MAX_HALVINGS):
        grown = objective(length) > highest
        if not grown.any():
            break
        length[grown] /= 2
    return length
