"""Decision thresholds: for each topic the probability from which on it is assigned, best for F1 on held-out papers.

The threshold of a topic with few positive examples is shrunk towards the one that is best for all topics together: with
n examples, its own best threshold t and the common one g it is (n·t + 10·g) / (n + 10).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_COMMON_EXAMPLES = 10.0  # positive examples that the common threshold counts as


def thresholds_for(probabilities: Floats, matrix: Floats) -> Floats:
    """Thresholds (n_topics,) from held-out ``probabilities`` and ``matrix`` (n_papers, n_topics; NaN is unknown)."""
    usable = np.isfinite(probabilities) & ~np.isnan(matrix)
    common = best_threshold(probabilities[usable], matrix[usable] == 1)
    thresholds = np.full(matrix.shape[1], common)
    for column in range(matrix.shape[1]):
        rows = usable[:, column]
        positive = matrix[rows, column] == 1
        count = int(positive.sum())
        if count:
            own = best_threshold(probabilities[rows, column], positive)
            thresholds[column] = (count * own + _COMMON_EXAMPLES * common) / (count + _COMMON_EXAMPLES)
    return thresholds


def best_threshold(probabilities: Floats, positive: npt.NDArray[np.bool_]) -> float:
    """The threshold with the best F1: halfway between the lowest assigned probability and the next one below.

    It is 0.5 where no example is ``positive`` (n,).
    """
    if not positive.any():
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    ranked, true_positives = probabilities[order], np.cumsum(positive[order])
    f1 = 2 * true_positives / (np.arange(1, len(order) + 1) + positive.sum())
    last_of_equals = np.append(ranked[1:] < ranked[:-1], True)
    best = int(np.where(last_of_equals, f1, -1.0).argmax())
    below = ranked[best + 1] if best + 1 < len(ranked) else min(0.0, ranked[best])
    return float((ranked[best] + below) / 2)
