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
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
_GRID = np.arange(99, 0, -1) / 100
_TO_NOTICE = 9.0  # so many errors in the promise: enough for a set half as wrong to pass four times in five


def bands_for(probabilities: Floats, matrix: Floats, rule: Rule, precision: float) -> Bands:
    """Bands from held-out ``probabilities`` (n_papers, n_columns) and ``matrix`` (n_papers, n_topics; NaN is unknown).

    In single mode a row of zeros is "none of these", which the last column of ``probabilities`` stands for.
    """
    assigned, yes, known = rule.assigned(probabilities), matrix == 1, ~np.isnan(matrix)
    if rule.mode == Mode.SINGLE:
        answers = np.where(yes.any(axis=1), yes.argmax(axis=1), matrix.shape[1])
        chosen = probabilities.argmax(axis=1)
        told = np.column_stack([known, known.any(axis=1)])[np.arange(len(known)), chosen]
        told &= ~np.isnan(probabilities).any(axis=1)
        lower, upper = 0.0, _upper(probabilities.max(axis=1)[told], (chosen == answers)[told], precision)
    else:
        known &= np.isfinite(probabilities)
        taken = assigned & known
        upper = _upper(probabilities[taken], yes[taken], precision)
        lower = _lower(probabilities[known & yes], precision)
    return Bands(precision, lower, upper, outcome(probabilities, matrix, rule, lower, upper))


def outcome(probabilities: Floats, matrix: Floats, rule: Rule, lower: float, upper: float) -> dict[str, int]:
    """How bands do on papers: how many, how many are decided, and of these the topics assigned and those right.

    ``probabilities`` and ``matrix`` as in :func:`bands_for`; what is unknown is neither right nor wrong.
    """
    known = ~np.isnan(matrix) & np.isfinite(probabilities[:, : matrix.shape[1]])
    decided = rule.sure(probabilities, lower, upper, rule.unfamiliar(probabilities))
    given = rule.assigned(probabilities) & known & decided[:, None]
    return {
        "papers": len(decided),
        "decided": int(decided.sum()),
        "assigned": int(given.sum()),
        "right": int((given & (matrix == 1)).sum()),
    }


def _upper(sure: Floats, right: npt.NDArray[np.bool_], precision: float) -> float:
    """The lowest threshold reached before one fails; infinite when none passes.

    The first takes as many of the surest as a test needs that is to notice a precision well above the promise, or a
    tenth of all where there are few, but never so few that even without an error they could not pass. Each next one
    takes a tenth more.
    """
    fewest = int(np.ceil(np.log(0.1) / np.log(precision))) if precision < 1 else len(sure) + 1
    count = max(fewest, min(int(np.ceil(_TO_NOTICE / (1 - precision + 1e-9))), len(sure) // 10))
    ranked, reached = -np.sort(-sure), np.inf
    while count <= len(ranked):
        threshold = float(ranked[count - 1])
        taken = sure >= threshold
        if lower_bound(int((taken & right).sum()), int(taken.sum())) < precision:
            break
        reached = threshold
        count = max(int(taken.sum()) + 1, int(np.ceil(1.1 * count)))
    return reached


def _lower(yes: Floats, precision: float) -> float:
    """The highest threshold below which, surely, no more than 1 - ``precision`` of the topics that apply lie."""
    reached = 0.0
    for threshold in _GRID[::-1]:
        if upper_bound(int((yes < threshold).sum()), len(yes)) > 1 - precision:
            break
        reached = float(threshold)
    return reached
