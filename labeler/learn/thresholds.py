"""Where a probability becomes a yes: for each topic the threshold that is best for F1 on held-out papers.

A topic with few yes-papers is drawn towards the threshold that is best for all topics together: with n of them and
its own best threshold t it gets (n·t + 10·g) / (n + 10), g being the common one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_PULL = 10.0


def thresholds_for(probabilities: Floats, matrix: Floats) -> Floats:
    """Thresholds (n_topics,) from held-out ``probabilities`` and ``matrix`` (n_papers, n_topics; NaN is unknown)."""
    usable = np.isfinite(probabilities) & ~np.isnan(matrix)
    common = best_threshold(probabilities[usable], matrix[usable] == 1)
    chosen = np.full(matrix.shape[1], common)
    for column in range(matrix.shape[1]):
        rows = usable[:, column]
        yes = matrix[rows, column] == 1
        count = int(yes.sum())
        if count:
            own = best_threshold(probabilities[rows, column], yes)
            chosen[column] = (count * own + _PULL * common) / (count + _PULL)
    return chosen


def best_threshold(probabilities: Floats, yes: npt.NDArray[np.bool_]) -> float:
    """The threshold at which "at least this" has the best F1, halfway to the next value below; 0.5 without a yes."""
    if not yes.any():
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    ranked, found = probabilities[order], np.cumsum(yes[order])
    f1 = 2 * found / (np.arange(1, len(order) + 1) + yes.sum())
    last_of_equals = np.append(ranked[1:] < ranked[:-1], True)
    best = int(np.where(last_of_equals, f1, -1.0).argmax())
    below = ranked[best + 1] if best + 1 < len(ranked) else min(0.0, ranked[best])
    return float((ranked[best] + below) / 2)
