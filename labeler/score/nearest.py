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
        products = _sums(self._rows, self._rows.values * weights[self._rows.columns])
        similarities = products / np.maximum(self._lengths * np.sqrt(row.values @ row.values), _LEAST)
        own = set(paper.ids)
        found = [
            Near(position, float(similarities[position]))
            for position in np.argsort(-similarities, kind="stable").tolist()[: count + len(own)]
            if similarities[position] > 0 and not own.intersection(self._papers[position].ids)
        ]
        return found[:count]


def _sums(rows: Rows, values: npt.NDArray[Any]) -> Floats:
    """The sum of ``values``, which has one for each of the rows' own, over each row (n_rows,)."""
    totals = np.append(0.0, np.cumsum(values, dtype=np.float64))
    return np.asarray(totals[rows.ends[1:]] - totals[rows.ends[:-1]])
