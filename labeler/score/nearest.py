"""The judged papers that are most like a paper: what a person may look at to see why a model says what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from labeler.features.tfidf import Floats
from labeler.papers import Paper
from labeler.score.linear import LinearModel

if TYPE_CHECKING:
    from scipy import sparse


class Near(NamedTuple):
    """A judged paper by its ``position``, and its ``similarity``: the cosine of TF-IDF rows, from 0 to 1."""

    position: int
    similarity: float


class NearestPapers:
    """The papers to look among, as the rows that a linear model makes of them; it never finds a paper itself."""

    def __init__(self, linear: LinearModel, papers: Sequence[Paper]) -> None:
        self._linear, self._papers = linear, papers
        self._rows = linear.rows([paper.text for paper in papers]).sparse()
        self._lengths = _lengths(self._rows)

    def of(self, paper: Paper, count: int = 3) -> list[Near]:
        """At most ``count`` papers that share words with ``paper``, the most similar first."""
        row = self._linear.rows([paper.text]).sparse()
        products = np.asarray((self._rows @ row.T).todense())[:, 0]
        similarities = products / (self._lengths * _lengths(row))
        own = set(paper.ids)
        found = [
            Near(position, float(similarities[position]))
            for position in np.argsort(-similarities, kind="stable").tolist()[: count + len(own)]
            if similarities[position] > 0 and not own.intersection(self._papers[position].ids)
        ]
        return found[:count]


def _lengths(rows: sparse.csr_matrix) -> Floats:
    return np.asarray(np.sqrt(np.maximum(rows.multiply(rows).sum(axis=1), 1e-24)), dtype=np.float64)[:, 0]
