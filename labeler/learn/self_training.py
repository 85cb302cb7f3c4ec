"""Learning from papers that nobody has judged: those the model is surest of stand in for judged ones of their topic.

Only the surest few of each topic are taken, with a small weight, for two rounds: anything bolder did harm (D. Yarowsky,
"Unsupervised word sense disambiguation rivaling supervised methods", 1995, is the classic of the method). Beside judged
papers they enter as means of ten papers each, which learns as much as the papers themselves and is faster.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Groups = list[npt.NDArray[np.intp]]
ROUNDS, TOGETHER = 2, 10
_FEWEST, _MOST = 5, 200  # papers of a topic
_TINY = 1e-9


def surest(lead: Floats, shares: Floats, together: int = TOGETHER) -> tuple[Groups, npt.NDArray[np.intp]]:
    """Groups of papers that a model is surest of, and the column each group is of.

    ``lead`` (n_papers, n_columns) say how far each column leads; ``shares`` (n_columns,) which share of the papers
    to take for each: zero where a column is not to be trained on. A group has about ``together`` papers.
    """
    groups: Groups = []
    columns: list[int] = []
    foremost = np.bincount(lead.argmax(axis=1), minlength=lead.shape[1]) if lead.size else shares * 0
    for column in np.flatnonzero(shares):
        count = min(int(np.clip(len(lead) * shares[column], _FEWEST, _MOST)), int(foremost[column]))
        best = np.argsort(-lead[:, column], kind="stable")[:count]
        parts = np.array_split(best, max(1, count // together)) if count else []
        groups += parts
        columns += [int(column)] * len(parts)
    return groups, np.array(columns, dtype=np.intp)


def evened(scores: Floats, share: float) -> Floats:
    """``scores`` (n_papers, n_columns) drawn by ``share`` to where all columns have one mean and one spread.

    What a name alone says is louder of some topics than of others, which would take the papers of these.
    """
    if not scores.size:
        return scores
    whole, spread = max(float(scores.std()), _TINY), np.maximum(scores.std(axis=0), _TINY)
    return np.asarray(share * (scores - scores.mean(axis=0)) / spread + (1 - share) * scores / whole)


def leads(scores: Floats) -> Floats:
    """How far each column is ahead of the best other one (n_papers, n_columns)."""
    if scores.shape[1] < 2:
        return scores
    ranked = np.sort(scores, axis=1)
    best, second = ranked[:, [-1]], ranked[:, [-2]]
    return np.asarray(scores - np.where(scores == best, second, best))
