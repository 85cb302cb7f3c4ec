"""The strategies: each takes candidates, how many are wanted and a source of chance, and gives positions.

What is known of papers (:mod:`labeler.sampling.candidates`) is kept apart from the pick.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labeler.sampling.candidates import Candidates
from labeler.sampling.medoids import Chance, medoids

Strategy = Callable[[Candidates, int, Chance], list[int]]
_FIRST = 100  # judged papers below which a model hardly knows what it does not know
_UNSURE = 5  # times as many papers as wanted: the least sure ones, of which those that differ are asked
_FOR_RARE = 10  # one paper in so many is asked for the sake of a rare topic
_FEW = 10  # papers below which a topic is rare, if it also has less than half of the mean


def random(candidates: Candidates, count: int, chance: Chance) -> list[int]:
    """Any papers: what to ask for an honest measure."""
    return [int(row) for row in chance.permutation(len(candidates))[:count]]


def diverse(candidates: Candidates, count: int, chance: Chance) -> list[int]:
    """Papers that differ and stand for many: medoids of clusters."""
    return medoids(candidates.vectors, count, chance)


def margin(candidates: Candidates, count: int, chance: Chance) -> list[int]:
    """The papers a model is least sure of; without a model, diverse ones."""
    if candidates.margins is None:
        return diverse(candidates, count, chance)
    return [int(row) for row in np.argsort(candidates.margins, kind="stable")[:count]]


def mix(candidates: Candidates, count: int, chance: Chance) -> list[int]:
    """Papers that differ among those of every topic a model is unsure of, and some for topics with hardly a paper.

    Before any paper was judged, all are looked at; while few were, the less sure half. Clustered margin: G. Citovsky et
    al., "Batch active learning at scale", 2021; here with k-means.
    """
    if candidates.margins is None or not candidates.judged:
        return diverse(candidates, count, chance)
    asked = _for_rare_topics(candidates, count // _FOR_RARE)
    others = np.setdiff1d(np.arange(len(candidates)), asked)
    wanted = count - len(asked)
    most = max(_UNSURE * wanted, len(others) // 2 if candidates.judged < _FIRST else 0)
    unsure = others[_in_turns(candidates.take(others))[:most]]
    return asked + [int(unsure[row]) for row in medoids(candidates.vectors[unsure], wanted, chance)]


STRATEGIES: dict[str, Strategy] = {"mix": mix, "margin": margin, "diverse": diverse, "random": random}


def _in_turns(candidates: Candidates) -> npt.NDArray[np.intp]:
    """The least sure papers first, of each topic that a model thinks most probable one, then the next of each.

    Without turns a topic with many papers has most of the unsure ones too, and is asked for over and over.
    """
    assert candidates.probabilities is not None
    assert candidates.margins is not None
    topics = candidates.probabilities.argmax(axis=1)
    order = np.lexsort((candidates.margins, topics))
    sizes = np.bincount(topics)
    turns = np.empty(len(order), dtype=np.intp)
    turns[order] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(np.lexsort((candidates.margins, turns)))


def _for_rare_topics(candidates: Candidates, count: int) -> list[int]:
    """Papers most probably of a topic with few papers, for one such topic after the other, the rarest first."""
    asked: list[int] = []
    columns = _rare(candidates)
    while len(asked) < min(count, len(candidates)) and len(columns):
        assert candidates.probabilities is not None
        of_topic = candidates.probabilities[:, columns[len(asked) % len(columns)]].copy()
        of_topic[asked] = -1.0
        asked.append(int(of_topic.argmax()))
    return asked


def _rare(candidates: Candidates) -> npt.NDArray[np.intp]:
    """The topics (columns) with few papers that a model can tell at all, the rarest first."""
    if candidates.yes is None or candidates.probabilities is None or not len(candidates):
        return np.empty(0, dtype=np.intp)
    few = (candidates.yes < _FEW) & (candidates.yes < candidates.yes.mean() / 2)
    told = candidates.probabilities.max(axis=0) > 0
    order = np.argsort(candidates.yes, kind="stable")
    return np.asarray(order[(few & told)[order]])
