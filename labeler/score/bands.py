"""How far the model may decide alone, so that the promised share of the topics it assigns is right.

Thresholds are tried from the strictest down and the trying stops at the first that fails: each is tested only after
all stricter ones have passed, so the tests need no correction (fixed-sequence testing). A threshold passes when the
one-sided 90 % Clopper-Pearson bound on held-out papers reaches the promise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.measure.intervals import lower_bound, upper_bound
from labeler.score.decision import Bands, Rule
from labeler.score.linear import SINGLE

Floats = npt.NDArray[np.float64]
_GRID = np.arange(99, 0, -1) / 100
_FEWEST = 20  # assigned topics before a threshold is judged


def bands_for(probabilities: Floats, matrix: Floats, rule: Rule, precision: float) -> Bands:
    """Bands from held-out ``probabilities`` (n_papers, n_columns) and ``matrix`` (n_papers, n_topics; NaN is unknown).

    In single mode a row of zeros is "none of these", which the last column of ``probabilities`` stands for.
    """
    assigned, yes, known = rule.assigned(probabilities), matrix == 1, ~np.isnan(matrix)
    if rule.mode == SINGLE:
        answers = np.where(yes.any(axis=1), yes.argmax(axis=1), matrix.shape[1])
        right = probabilities.argmax(axis=1) == answers
        lower, upper = 0.0, _upper(probabilities.max(axis=1), right, precision)
    else:
        known &= np.isfinite(probabilities)
        taken = assigned & known
        upper = _upper(probabilities[taken], yes[taken], precision)
        lower = _lower(probabilities[known & yes], precision)
    decided = rule.sure(probabilities, lower, upper)
    given = assigned & known & decided[:, None]
    held_out = {
        "papers": len(decided),
        "decided": int(decided.sum()),
        "assigned": int(given.sum()),
        "right": int((given & yes).sum()),
    }
    return Bands(precision, lower, upper, held_out)


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
