"""How far the model may decide alone, so that the promised share of the topics it assigns is right.

Thresholds are tried from the strictest down and the trying stops at the first that fails: each is tested only after
all stricter ones have passed, so the tests need no correction (fixed-sequence testing). A threshold passes when the
one-sided 90 % Clopper-Pearson bound on held-out papers reaches the promise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.measure.intervals import lower_bound, upper_bound
from labeler.score.decision import Bands, assign
from labeler.score.linear import SINGLE

Floats = npt.NDArray[np.float64]
_GRID = np.arange(99, 0, -1) / 100
_FEWEST = 20  # assigned topics before a threshold is judged


def bands_for(probabilities: Floats, matrix: Floats, thresholds: Floats, mode: str, precision: float) -> Bands:
    """Bands from held-out ``probabilities`` (n_papers, n_columns) and ``matrix`` (n_papers, n_topics).

    In single mode a row of zeros is "none of these", which the last column of ``probabilities`` stands for.
    """
    if mode == SINGLE:
        best = probabilities.argmax(axis=1)
        answers = np.where(matrix.any(axis=1), matrix.argmax(axis=1), matrix.shape[1])
        sure, right = probabilities.max(axis=1), best == answers
        upper = _upper(sure, right, precision)
        decided = sure >= upper
        held_out = _held_out(decided, decided.sum(), (decided & right).sum())
        return Bands(precision, 0.0, upper, held_out)
    known = np.isfinite(probabilities) & ~np.isnan(matrix)
    yes, assigned = matrix == 1, assign(probabilities, thresholds, matrix.shape[1], mode) & known
    upper = _upper(probabilities[assigned], yes[assigned], precision)
    lower = _lower(probabilities[known & yes], precision)
    sure = np.where(
        assigned, probabilities >= np.maximum(upper, thresholds), probabilities < np.minimum(lower, thresholds)
    )
    decided = (sure | ~known).all(axis=1) & known.any(axis=1)
    given = assigned & decided[:, None]
    return Bands(precision, lower, upper, _held_out(decided, given.sum(), (given & yes).sum()))


def _upper(sure: Floats, right: npt.NDArray[np.bool_], precision: float) -> float:
    """The lowest threshold reached before one fails; infinite when none passes."""
    reached = np.inf
    for threshold in _GRID:
        taken = sure >= threshold
        if taken.sum() < _FEWEST:
            continue
        if lower_bound(int((taken & right).sum()), int(taken.sum())) < precision:
            break
        reached = float(threshold)
    return reached


def _lower(yes: Floats, precision: float) -> float:
    """The highest threshold below which, surely, no more than 1 - ``precision`` of the topics that apply lie."""
    reached = 0.0
    for threshold in _GRID[::-1]:
        if upper_bound(int((yes < threshold).sum()), len(yes)) > 1 - precision:
            break
        reached = float(threshold)
    return reached


def _held_out(decided: npt.NDArray[np.bool_], assigned: int, right: int) -> dict[str, int]:
    return {"papers": len(decided), "decided": int(decided.sum()), "assigned": int(assigned), "right": int(right)}
