"""Self-training (semi-supervised learning): unlabeled papers that a model is most confident of become pseudo-labels.

Only the most confident few of each topic are taken, with a small weight, for two rounds: anything bolder did harm (D.
Yarowsky, "Unsupervised word sense disambiguation rivaling supervised methods", 1995, is the classic of the method).
Where there are judged papers, pseudo-labelled ones enter as means of ten papers each: the model learns as much as from
the papers themselves, and faster.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Groups = list[npt.NDArray[np.intp]]
ROUNDS = 2
GROUP_SIZE = 10
MIN_PAPERS, _MAX_PAPERS = 5, 200  # of a topic
_MIN_SPREAD = 1e-9


def most_confident(
    lead: Floats, shares: Floats, group_size: int = GROUP_SIZE, min_papers: int = MIN_PAPERS
) -> tuple[Groups, npt.NDArray[np.intp]]:
    """Groups of the papers that a model is most confident of, and the column each group is of.

    ``lead`` (n_papers, n_columns) says how far each column leads. ``shares`` (n_columns,) is the share of papers to
    take for each column, zero for none; at least ``min_papers`` are taken, where it leads in so many. A group
    has about ``group_size`` papers.
    """
    groups: Groups = []
    columns: list[int] = []
    leading = np.bincount(lead.argmax(axis=1), minlength=lead.shape[1]) if lead.size else shares * 0
    for column in np.flatnonzero(shares):
        count = min(int(np.clip(len(lead) * shares[column], min_papers, _MAX_PAPERS)), int(leading[column]))
        best = np.argsort(-lead[:, column], kind="stable")[:count]
        parts = np.array_split(best, max(1, count // group_size)) if count else []
        groups += parts
        columns += [int(column)] * len(parts)
    return groups, np.array(columns, dtype=np.intp)


def standardized(scores: Floats, share: float) -> Floats:
    """``scores`` (n_papers, n_columns) moved by ``share`` towards columns of equal mean and standard deviation.

    With ``share`` 1 they reach it, with 0 they are only divided by the standard deviation of all. A name alone gives
    higher scores for some topics than for others, and these would take the papers of the others.
    """
    if not scores.size:
        return scores
    spread, column_spreads = max(float(scores.std()), _MIN_SPREAD), np.maximum(scores.std(axis=0), _MIN_SPREAD)
    return np.asarray(share * (scores - scores.mean(axis=0)) / column_spreads + (1 - share) * scores / spread)


def leads(scores: Floats) -> Floats:
    """How far each column is ahead of the best other one (n_papers, n_columns)."""
    if scores.shape[1] < 2:
        return scores
    ranked = np.sort(scores, axis=1)
    best, second = ranked[:, [-1]], ranked[:, [-2]]
    return np.asarray(scores - np.where(scores == best, second, best))
