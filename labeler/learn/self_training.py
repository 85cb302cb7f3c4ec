"""Self-training (semi-supervised learning): unlabeled papers that a model is most confident of become pseudo-labels.

Only the most confident few of each topic are taken, with a small weight, for two rounds: anything bolder did harm (D.
Yarowsky, "Unsupervised word sense disambiguation rivaling supervised methods", 1995, is the classic of the method).
Where there are judged papers, pseudo-labelled ones enter as means of ten papers each: the model learns as much as from
the papers themselves, and faster.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
Groups = list[npt.NDArray[np.intp]]
ROUNDS = 2
GROUP_SIZE = 10
MIN_PAPERS = 5  # of a topic
# Of a topic, too, where shares of topics are not known, and where they are. On a stream of 24 categories as they come
# (2,000 papers asked, 100 judged of 800, three draws) the share of right ones was .644 with 6,000 unread papers and 200
# of them at most, .659 with 2,000; macro-F1 .556 and .561. Where topics are as frequent as each other macro-F1 at 25
# judged papers was .635 and .630 (the table arxiv24, whose papers were read for that); among areas of conferences, any
# number a paper, at 1,000 it was .633 and .631.
_MAX_PAPERS, _MAX_KNOWN = 200, 2000
# The shares of topics are known from so many judged papers on, and half known from as many more. On the stream above
# the share of right ones was .668 with both as they are here, .669 with the full 2,000 papers, and .659 with these and
# equal weights.
_BY_CHANCE, _HALF_KNOWN = 25, 100
_MIN_SPREAD = 1e-9


def most_confident(
    lead: Floats, shares: Floats, group_size: int, min_papers: int, max_papers: int
) -> tuple[Groups, npt.NDArray[np.intp]]:
    """Groups of the papers that a model is most confident of, and the column each group is of.

    ``lead`` (n_papers, n_columns) says how far each column leads. ``shares`` (n_columns,) is the share of papers to
    take for each column, zero for none; at least ``min_papers`` are taken and at most ``max_papers``, where it
    leads in so many. A group has about ``group_size`` papers.
    """
    groups: Groups = []
    columns: list[int] = []
    leading = np.bincount(lead.argmax(axis=1), minlength=lead.shape[1]) if lead.size else shares * 0
    for column in np.flatnonzero(shares):
        count = min(int(np.clip(len(lead) * shares[column], min_papers, max_papers)), int(leading[column]))
        best = np.argsort(-lead[:, column], kind="stable")[:count]
        parts = np.array_split(best, max(1, count // group_size)) if count else []
        groups += parts
        columns += [int(column)] * len(parts)
    return groups, np.array(columns, dtype=np.intp)


def most_papers(mode: Mode, judged: int) -> int:
    """How many papers of a topic are taken at most, with so many ``judged`` papers."""
    known = _known(judged) if mode == Mode.SINGLE else 0.0
    return int(_MAX_PAPERS + known * (_MAX_KNOWN - _MAX_PAPERS))


def topic_factors(shares: Floats, judged: int) -> Floats:
    """Factors (n_columns,) of the weights of pseudo-labelled papers, on average 1, larger for frequent topics.

    As with judged papers, the weight of a topic follows the root of its share, as far as ``shares`` (n_columns,) are
    known from so many ``judged`` papers. A share of zero has the factor zero.
    """
    present = shares > 0
    if not present.any():
        return np.zeros(len(shares))
    known = _known(judged)
    roots = np.sqrt(np.where(present, known * shares / shares.sum() + (1 - known) / present.sum(), 0.0))
    return np.asarray(roots / roots[present].mean())


def _known(judged: int) -> float:
    """How far the shares of topics are known from so many judged papers, from 0 to 1."""
    beyond = max(judged - _BY_CHANCE, 0)
    return beyond / (beyond + _HALF_KNOWN)


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
