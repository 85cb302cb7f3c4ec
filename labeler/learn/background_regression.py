"""What very many papers are about: logistic regression on their points among the background's word vectors.

A paper's point is its TF-IDF row times the vectors of its words: some hundred numbers, of which a regression learns
rare topics from few papers. As the point is linear in the row, the regression folds into one weight a term.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.features.space import known_word_vectors
from labeler.learn.logistic import Regression, fit_logistic
from labeler.learn.stored_papers import Indices, StoredPapers
from labeler.topics import Mode

Matrix = npt.NDArray[np.float32]
_C = 2.0  # .5, 1, 2 and 4 had macro-F1 .547, .561, .564 and .560 on the arXiv papers that out_of_core.py tells of
_MAX_LEARNED = 100_000  # papers at random: more hardly change some hundred weights a topic
_ROWS_AT_ONCE = 1 << 13
_MIN_SIZE = 1e-5  # size of the points below which they are rounding


class BackgroundRegression:
    """The regression of stored papers; each :meth:`fit` begins where the last one ended (warm start)."""

    def __init__(self, stored: StoredPapers) -> None:
        self._stored = stored
        self._known, self._vectors = known_word_vectors(stored.tfidf, stored.background)
        sample = stored.sample(np.arange(len(stored.rows)), _MAX_LEARNED)
        points = self._points(sample)
        self._centre = points.mean(axis=0)
        size = np.float32(np.sqrt(((points - self._centre) ** 2).sum(axis=1).mean()))
        self._size = size if size > _MIN_SIZE else np.float32(1)
        self._found: Regression | None = None

    def fit(self, rows: Indices) -> None:
        """Learn from the rows, or from a sample of very many."""
        learned = self._stored.sample(rows, _MAX_LEARNED)
        points = (self._points(learned) - self._centre) / self._size
        self._found = fit_logistic(
            points,
            self._stored.signs[learned],
            self._stored.negative_weight,
            _C,
            self._stored.mode == Mode.SINGLE,
            self._stored.shares[learned],
            self._found,
        )

    def scores(self, rows: Indices) -> npt.NDArray[np.float64]:
        """Scores (n, n_columns) of some rows by the regression that was learned last."""
        weights, intercepts = self._regression
        points = (self._points(rows) - self._centre) / self._size
        return np.asarray(points @ weights + intercepts, np.float64)

    def add_to(self, weights: Matrix, intercepts: Matrix, share: float) -> None:
        """Add ``share`` times the regression to the weights (n_terms, n_columns) and intercepts (n_columns,)."""
        of_points = self._regression.weights * np.float32(share / self._size)
        weights[self._known] += self._vectors @ of_points
        intercepts += np.float32(share) * self._regression.intercepts - self._centre @ of_points

    @property
    def _regression(self) -> Regression:
        if self._found is None:
            raise RuntimeError("nothing was learned")
        return self._found

    def _points(self, rows: Indices) -> Matrix:
        """The points (n, k) of some rows, not centred."""
        columns = np.full(self._stored.rows.width, -1, np.int32)
        columns[self._known] = np.arange(len(self._known))
        parts = (rows[begin : begin + _ROWS_AT_ONCE] for begin in range(0, len(rows), _ROWS_AT_ONCE))
        return np.vstack([self._stored.rows.some_columns(part, columns) @ self._vectors for part in parts])
