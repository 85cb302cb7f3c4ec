"""Conformal sets: the topics that a paper may have, so many that they hold the right one nine times in ten.

Held-out papers say from which probability on a topic has to be in the set. In single mode that is one probability for
all topics (V. Vovk et al., "Algorithmic learning in a random world", 2005; M. Sadinle et al., "Least ambiguous
set-valued classifiers with bounded error levels", 2019), and the set is never empty. In multi mode each topic of enough
papers has its own, so that it is in the set of nine in ten papers that have it (Mondrian conformal prediction); the
others have the one that holds for nine in ten topics of all papers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.topics.mode import Mode

_ENOUGH = 30  # held-out papers of a topic that has a probability of its own


def least_probabilities(
    probabilities: Floats, matrix: Floats, mode: Mode, error: float, weights: Floats | None = None
) -> Floats:
    """From which probability on each topic is in a set that lacks the right one in a share ``error`` of papers.

    ``probabilities`` are those of held-out papers (n_papers, n_topics), in single mode with one more column where
    "none of these" is an answer; ``matrix`` (n_papers, n_topics) says which topics they have. ``weights`` (n_papers,)
    say how much each paper counts. The result has an entry for each column of ``probabilities``; 0 where too little is
    known, so that every topic is in every set.
    """
    weights = np.ones(len(probabilities)) if weights is None else weights
    known = np.asarray(np.isfinite(probabilities).all(axis=1))
    yes = matrix == 1
    if mode == Mode.SINGLE:
        answers = np.where(yes.any(axis=1), yes.argmax(axis=1), matrix.shape[1])
        known &= (yes.any(axis=1) | ~np.isnan(matrix).any(axis=1)) & (answers < probabilities.shape[1])
        right = probabilities[np.flatnonzero(known), answers[known]]
        return np.full(probabilities.shape[1], _quantile(right, weights[known], error))
    least = np.zeros(probabilities.shape[1])
    papers, topics = np.nonzero(known[:, None] & yes)
    right = probabilities[papers, topics]
    of_all = _quantile(right, weights[papers], error)
    for topic in range(len(least)):
        having = topics == topic
        enough = having.sum() >= _ENOUGH
        least[topic] = _quantile(right[having], weights[papers[having]], error) if enough else of_all
    return least


def sets(probabilities: Floats, least: Floats, mode: Mode) -> npt.NDArray[np.bool_]:
    """Which topics (n_papers, n_columns) are in the set of each paper, by :func:`least_probabilities`."""
    chosen = probabilities >= least
    if mode == Mode.SINGLE and probabilities.shape[1]:
        best = np.where(np.isnan(probabilities), -np.inf, probabilities).argmax(axis=1)
        chosen[np.arange(len(chosen)), best] = True
    return np.asarray(chosen)


def _quantile(values: Floats, weights: Floats, error: float) -> float:
    """The largest value below which less than a share ``error`` lies, where a new paper may lie below, too."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    allowed = error * (below[-1] + weights.mean()) if len(values) else 0.0
    left_out = int(np.searchsorted(below, allowed + 1e-9, side="right"))
    return float(values[order][left_out - 1]) if left_out else 0.0
