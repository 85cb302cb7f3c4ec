"""On which papers annotators disagree, about which topics, and which topics they take for each other."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from labeler.annotators.ratings import Bools, Ratings


class Confused(NamedTuple):
    """Two topics, of which on each of ``papers`` (their ids) one annotator gave the first alone, another the second."""

    one: str
    other: str
    papers: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The pair, for programs."""
        return {"topics": [self.one, self.other], "papers": list(self.papers)}


class Disagreements(NamedTuple):
    """The ``papers`` (their ids) on which annotators disagree; ``topics`` has, for each topic, those on which they do
    so about it, and ``confused`` the pairs of topics, the most frequent first.
    """

    papers: tuple[str, ...]
    topics: dict[str, tuple[str, ...]]
    confused: tuple[Confused, ...]

    def to_dict(self) -> dict[str, Any]:
        """The papers, for programs."""
        topics = {topic: list(papers) for topic, papers in self.topics.items()}
        return {"papers": list(self.papers), "topics": topics, "confused": [pair.to_dict() for pair in self.confused]}


def disagreements_of(ratings: Ratings) -> Disagreements:
    """The disagreements in ratings. Whoever did not answer a topic does not disagree about it."""
    differ = (ratings.said_yes > 0) & (ratings.said_no > 0)
    rows = np.flatnonzero(differ.any(axis=1))
    topics = {
        topic: tuple(ratings.ids[row] for row in np.flatnonzero(differ[:, column]))
        for column, topic in enumerate(ratings.topics)
    }
    return Disagreements(tuple(ratings.ids[row] for row in rows), topics, _confused(ratings, differ, rows.tolist()))


def _confused(ratings: Ratings, differ: Bools, rows: list[int]) -> tuple[Confused, ...]:
    """The pairs of topics of which one annotator gave the first and not the second, and another the reverse."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows:
        answers = ratings.answers[row]
        for one, other in combinations(np.flatnonzero(differ[row]).tolist(), 2):
            first, second = answers[:, one], answers[:, other]
            if ((first == 1) & (second == 0)).any() and ((first == 0) & (second == 1)).any():
                found[one, other].append(ratings.ids[row])
    pairs = [
        Confused(ratings.topics[one], ratings.topics[other], tuple(papers)) for (one, other), papers in found.items()
    ]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair.papers), pair.one, pair.other)))
