"""The judged papers that are most like a paper: what a person may look at to see why a model says what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.tfidf import Floats
from labeler.papers import Paper
from labeler.score.linear import LinearModel

_LEAST = 1e-12  # of a length
_AT_ONCE = 256  # papers whose similarities to all others are held in memory


class Near(NamedTuple):
    """A judged paper by its ``position``, and its ``similarity``: the cosine of TF-IDF rows, from 0 to 1."""

    position: int
    similarity: float


class NearestPapers:
    """The papers to look among, as the rows that a linear model makes of them; it never finds a paper itself."""

    def __init__(self, linear: LinearModel, papers: Sequence[Paper]) -> None:
        self._linear, self._papers = linear, papers
        self._rows = linear.rows([paper.text for paper in papers])
        self._lengths = np.sqrt(_sums(self._rows, self._rows.values**2))

    def of(self, paper: Paper, count: int = 3) -> list[Near]:
        """At most ``count`` papers that share words with ``paper``, the most similar first."""
        row = self._linear.rows([paper.text])
        weights = np.zeros(row.width)
        weights[row.columns] = row.values
        return self._first(paper, row, _sums(self._rows, self._rows.values * weights[self._rows.columns]), count)

    def of_all(self, papers: Sequence[Paper], count: int = 3) -> list[list[Near]]:
        """The same for each of many papers. It imports scipy, which :meth:`of` does without."""
        if not self._papers:
            return [[] for _ in papers]
        columns, found = self._rows.sparse().T.tocsr(), list[list[Near]]()
        for begin in range(0, len(papers), _AT_ONCE):
            some = papers[begin : begin + _AT_ONCE]
            rows = self._linear.rows([paper.text for paper in some])
            products = (rows.sparse() @ columns).toarray()
            found += [self._first(paper, rows[n], products[n], count) for n, paper in enumerate(some)]
        return found

    def _first(self, paper: Paper, row: Rows, products: Floats, count: int) -> list[Near]:
        """The papers of the largest cosines, given the inner ``products`` (n_papers,) of all with the ``row``."""
        similarities = products / np.maximum(self._lengths * np.sqrt(row.values @ row.values), _LEAST)
        own = set(paper.ids)
        most = min(len(similarities), count + len(own))
        first = np.sort(np.argpartition(-similarities, most - 1)[:most]) if most else np.empty(0, np.intp)
        found = [
            Near(position, float(similarities[position]))
            for position in first[np.argsort(-similarities[first], kind="stable")].tolist()
            if similarities[position] > 0 and not own.intersection(self._papers[position].ids)
        ]
        return found[:count]


def _sums(rows: Rows, values: npt.NDArray[Any]) -> Floats:
    """The sum of ``values``, which has one for each of the rows' own, over each row (n_rows,)."""
    totals = np.append(0.0, np.cumsum(values, dtype=np.float64))
    return np.asarray(totals[rows.ends[1:]] - totals[rows.ends[:-1]])
