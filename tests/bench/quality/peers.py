"""What labeler is measured beside. Each learns from ``texts`` and ``answers`` (topics, or a matrix of 0 and 1), some
also from ``unread`` papers and from the topics' ``names``, and predicts in the form of the answers.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from tests.bench.quality.minilm import vectors


class Peer(Protocol):
    """What every peer can do, and labeler as well."""

    def fit(
        self, texts: Sequence[str], answers: Any, unread: Sequence[str] = (), names: Mapping[str, str] | None = None
    ) -> Self:
        """Learn; a peer leaves alone what it has no use for."""

    def predict(self, texts: Sequence[str]) -> Any:
        """Topics (n_papers,), or a matrix (n_papers, n_topics)."""


class Sklearn:
    """A scikit-learn pipeline on words; several topics a paper are learned one against the rest, from 0.5 up."""

    def __init__(self, features: BaseEstimator, classifier: BaseEstimator, mode: str) -> None:
        head = OneVsRestClassifier(classifier) if mode == "multi" else classifier
        self.pipeline = make_pipeline(features, head)

    def fit(
        self, texts: Sequence[str], answers: Any, unread: Sequence[str] = (), names: Mapping[str, str] | None = None
    ) -> Self:
        """Learn from the judged papers; what nobody judged for a topic (NaN) is a "no" here."""
        self.pipeline.fit(texts, np.nan_to_num(answers).astype(int) if isinstance(answers, np.ndarray) else answers)
        return self

    def predict(self, texts: Sequence[str]) -> Any:
        """The topics of papers."""
        return self.pipeline.predict(texts)

    def scores(self, texts: Sequence[str], topic: str) -> Any:
        """The probability of one topic (n_papers,)."""
        return self.pipeline.predict_proba(texts)[:, list(self.pipeline.classes_).index(topic)]


def defaults(mode: str, seed: int) -> Sklearn:
    """As everyone writes it."""
    return Sklearn(TfidfVectorizer(), LogisticRegression(), mode)


def tuned(mode: str, seed: int) -> Sklearn:
    """As those write it who know it: pairs of words, the logarithm of counts, weak regularisation, equal classes."""
    head = LogisticRegression(C=10, class_weight="balanced", max_iter=1000)
    return Sklearn(_pairs(), head, mode)


def linear_svc(mode: str, seed: int) -> Sklearn:
    """A support vector machine on the same words and pairs."""
    return Sklearn(_pairs(), LinearSVC(class_weight="balanced", random_state=seed), mode)


def characters(mode: str, seed: int) -> Sklearn:
    """Characters and pairs of them, for Chinese; otherwise as :func:`tuned`."""
    return Sklearn(_characters(), LogisticRegression(C=10, class_weight="balanced", max_iter=1000), mode)


def characters_svc(mode: str, seed: int) -> Sklearn:
    """A support vector machine on the same characters and pairs."""
    return Sklearn(_characters(), LinearSVC(class_weight="balanced", random_state=seed), mode)


class FastText:
    """fastText (A. Joulin and others, "Bag of tricks for efficient text classification", 2017), in one thread."""

    _APART = re.compile(r"([.!?,'/()])")

    def __init__(self, mode: str, seed: int) -> None:
        assert mode == "single", "fastText is asked for one topic a paper here"
        self.seed = seed

    def fit(
        self, texts: Sequence[str], answers: Any, unread: Sequence[str] = (), names: Mapping[str, str] | None = None
    ) -> Self:
        """Learn from the judged papers, normalised as fastText's own examples are."""
        from fasttext import train_supervised

        self.topics = sorted(set(answers))
        lines = (f"__label__{self.topics.index(a)} {self._line(t)}\n" for t, a in zip(texts, answers, strict=True))
        with tempfile.TemporaryDirectory() as place:
            table = Path(place) / "learn.txt"
            table.write_text("".join(lines), encoding="utf-8")
            self.model = train_supervised(
                str(table), wordNgrams=2, lr=0.5, epoch=50, thread=1, seed=self.seed, verbose=0
            )
        return self

    def predict(self, texts: Sequence[str]) -> Any:
        """The topics of papers."""
        labels, _ = self.model.predict([self._line(text) for text in texts])
        return [self.topics[int(best[0].removeprefix("__label__"))] for best in labels]

    @staticmethod
    def missing() -> str | None:
        """Why fastText cannot be asked, or None."""
        return None if find_spec("fasttext") else "not installed: fasttext"

    def _line(self, text: str) -> str:
        return " ".join(self._APART.sub(r" \1 ", text).lower().split())


class Embedded:
    """MiniLM's embeddings and logistic regression."""

    _C = 1.0  # of 1, 2, 3 and 5 the best on the development split at 25 to 250 papers, and level with the best above

    def __init__(self, mode: str, seed: int) -> None:
        self.head = LogisticRegression(C=self._C, class_weight="balanced", max_iter=1000)

    def fit(
        self, texts: Sequence[str], answers: Any, unread: Sequence[str] = (), names: Mapping[str, str] | None = None
    ) -> Self:
        """Learn from the judged papers."""
        self.head.fit(vectors(texts), answers)
        return self

    def predict(self, texts: Sequence[str]) -> Any:
        """The topics of papers."""
        return self.head.predict(vectors(texts))


def _pairs() -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, analyzer="char", ngram_range=(1, 2))
