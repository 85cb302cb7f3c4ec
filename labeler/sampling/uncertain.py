"""Candidates by what a model says of them, for strategies: the unsure ones topic by topic, and those of rare topics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.sampling.candidates import Candidates

Rows = npt.NDArray[np.intp]
_FEW = 10  # papers below which a topic is rare, if it also has less than half of the mean


def by_topic_in_turns(candidates: Candidates) -> Rows:
    """The least sure candidate of each topic that a model thinks most probable, then the next of each (n_papers,).

    Without turns a topic with many papers has most of the unsure ones too, and is chosen for over and over.
    """
    assert candidates.probabilities is not None
    assert candidates.margins is not None
    topics = candidates.probabilities.argmax(axis=1)
    order = np.lexsort((candidates.margins, topics))
    sizes = np.bincount(topics)
    turns = np.empty(len(order), dtype=np.intp)
    turns[order] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(np.lexsort((candidates.margins, turns)))


def for_rare_topics(candidates: Candidates, count: int) -> list[int]:
    """Positions of candidates that are most probably of a topic with few papers.

    There is one for each such topic in turn, the rarest first, and ``count`` in all; none where no topic is rare.
    """
    chosen: list[int] = []
    columns = _rare(candidates)
    while len(chosen) < min(count, len(candidates)) and len(columns):
        assert candidates.probabilities is not None
        of_topic = candidates.probabilities[:, columns[len(chosen) % len(columns)]].copy()
        of_topic[chosen] = -1.0
        chosen.append(int(of_topic.argmax()))
    return chosen


def _rare(candidates: Candidates) -> Rows:
    """The topics (columns) with few papers that a model ever finds probable, the rarest first."""
    if candidates.yes is None or candidates.probabilities is None or not len(candidates):
        return np.empty(0, dtype=np.intp)
    few = (candidates.yes < _FEW) & (candidates.yes < candidates.yes.mean() / 2)
    learned = candidates.probabilities.max(axis=0) > 0
    order = np.argsort(candidates.yes, kind="stable")
    return np.asarray(order[(few & learned)[order]])
