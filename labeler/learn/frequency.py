"""Topic frequencies (class priors) estimated from few papers.

Ten papers of one topic and five of another may be chance. Frequencies are therefore shrunk towards equal ones, the more
the better chance explains their differences (W. James, C. Stein, "Estimation with quadratic loss", 1961).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def frequencies(counts: npt.ArrayLike, learnable: npt.NDArray[np.bool_]) -> Floats:
    """The share of papers that each topic has (n_topics,), zero where ``learnable`` is False; they sum to one.

    ``counts`` are the judged papers of each topic.
    """
    known = np.where(learnable, np.asarray(counts, dtype=np.float64), 0.0)
    topics, papers = int(learnable.sum()), float(known.sum())
    equal = np.where(learnable, 1.0 / max(topics, 1), 0.0)
    if papers == 0 or topics < 2:
        return equal
    expected = papers / topics
    chi_squared = float(((known[learnable] - expected) ** 2).sum() / expected)  # topics - 1 of it is chance
    reliability = max(0.0, 1.0 - (topics - 1) / chi_squared) if chi_squared > 0 else 0.0
    return np.asarray(reliability * known / papers + (1 - reliability) * equal)
