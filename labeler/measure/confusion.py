"""Pairs of topics that are confused: the one that papers have, and the one that they are given in its place."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from labeler.measure.counts import Guess, Truth


class Confusion(NamedTuple):
    """On ``papers`` the topic ``missed`` was not given, and the topic ``given`` was, wrongly."""

    missed: str
    given: str
    papers: int

    def to_dict(self) -> dict[str, Any]:
        """The pair, for programs."""
        return self._asdict()


def confusions(topics: tuple[str, ...], truth: Truth, guess: Guess) -> list[Confusion]:
    """The pairs of topics that are confused, the most frequent first; both arrays are (n_papers, n_topics).

    With several topics a paper these are the topics that are missed and those that are wrongly given on the same paper.
    """
    missed = ((truth == 1) & ~guess).astype(np.float64)
    wrong = ((truth == 0) & guess).astype(np.float64)
    counts = np.rint(missed.T @ wrong).astype(int)
    rows, columns = np.nonzero(counts)
    pairs = [
        Confusion(topics[row], topics[column], int(counts[row, column]))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-pair.papers, pair.missed, pair.given))
