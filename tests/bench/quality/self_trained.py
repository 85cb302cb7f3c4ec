"""MiniLM with the topics' names as first examples, and with what it is surest of among unread papers as more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from tests.bench.quality.minilm import Vectors, vectors

C = 4.0
NAME_WEIGHT = 16.0
ROUNDS = 2
TAUGHT_WEIGHT = 12.0  # of all papers together that a topic teaches itself from
SHARE, FEWEST, MOST = 0.4, 5, 100  # how many these are: of what is unread and should be of the topic; at least; at most

Counts = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]


class SelfTrained:
    """Centred embeddings without an intercept; names; two rounds of self-training where there are unread papers."""

    def __init__(self, mode: str, seed: int) -> None:
        assert mode == "single", "self-training is written for one topic a paper here"

    def fit(
        self, texts: Sequence[str], answers: Any, unread: Sequence[str] = (), names: Mapping[str, str] | None = None
    ) -> Self:
        """Learn from names, judged papers (there may be none) and unread ones."""
        assert names, "the names are the first examples"
        self.topics = list(names)
        judged, pile = vectors(texts), vectors(unread)
        pool = np.concatenate([judged, pile])
        self.centre = pool.mean(axis=0)
        self.scale = np.sqrt(((pool - self.centre) ** 2).sum(axis=1).mean())
        named = vectors(list(names.values())) - self.centre
        named /= np.linalg.norm(named, axis=1, keepdims=True)
        columns = np.array([self.topics.index(topic) for topic in answers], dtype=np.intp)
        counts = np.bincount(columns, minlength=len(self.topics))
        rows = np.concatenate([self._placed(judged), named])
        columns = np.concatenate([columns, np.arange(len(self.topics))])
        present = max(int((counts > 0).sum()), 1)
        weights = counts.sum() / (present * np.maximum(counts, 1))  # every topic that was judged weighs the same
        weights = np.concatenate([weights[columns[: len(judged)]], np.full(len(self.topics), NAME_WEIGHT)])
        self._learn(rows, columns, weights)
        for _ in range(ROUNDS if len(pile) else 0):
            taught, to = surest(self.head.decision_function(self._placed(pile)), counts + 1)
            share = TAUGHT_WEIGHT / np.bincount(to, minlength=len(self.topics))[to]
            self._learn(
                np.concatenate([rows, self._placed(pile[taught])]),
                np.concatenate([columns, to]),
                np.concatenate([weights, share]),
            )
        return self

    def predict(self, texts: Sequence[str]) -> Any:
        """The topics of papers."""
        return [self.topics[column] for column in self.head.predict(self._placed(vectors(texts)))]

    def _placed(self, rows: Vectors) -> Vectors:
        return np.asarray((rows - self.centre) / self.scale, dtype=np.float32)

    def _learn(self, rows: Vectors, columns: Counts, weights: Scores) -> None:
        self.head = LogisticRegression(C=C, fit_intercept=False, max_iter=1000).fit(rows, columns, weights)


def surest(scores: Scores, counts: Counts) -> tuple[Counts, Counts]:
    """Of each topic the rows of ``scores`` (n_papers, n_topics) with the largest margins, and which topic that was.

    How many follows the topic's share in ``counts`` (n_topics,).
    """
    told = log_softmax(scores, axis=1)
    rows, columns = [], []
    for column, share in enumerate(counts / counts.sum()):
        margins = told[:, column] - np.delete(told, column, axis=1).max(axis=1)
        many = int(np.clip(SHARE * len(told) * share, FEWEST, MOST))
        best = np.argsort(-margins, kind="stable")[:many]
        rows.append(best)
        columns.append(np.full(len(best), column))
    return np.concatenate(rows), np.concatenate(columns)
