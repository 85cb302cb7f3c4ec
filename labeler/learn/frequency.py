"""How frequent topics are, judged from few papers.

Ten papers of one topic and five of another may be chance. Frequencies are therefore drawn towards equal ones, the more
the better chance explains how they differ (W. James, C. Stein, "Estimation with quadratic loss", 1961).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def frequencies(counts: npt.ArrayLike, taught: npt.NDArray[np.bool_]) -> Floats:
    """The share of papers that each topic has (n_topics,), zero where ``taught`` is False; they sum to one.

    ``counts`` are the judged papers of each topic.
    """
    told = np.where(taught, np.asarray(counts, dtype=np.float64), 0.0)
    topics, papers = int(taught.sum()), float(told.sum())
    equal = np.where(taught, 1.0 / max(topics, 1), 0.0)
    if papers == 0 or topics < 2:
        return equal
    expected = papers / topics
    differ = float(((told[taught] - expected) ** 2).sum() / expected)  # chi-squared: topics - 1 of it is chance
    real = max(0.0, 1.0 - (topics - 1) / differ) if differ > 0 else 0.0
    return np.asarray(real * told / papers + (1 - real) * equal)
