"""What is measured on: papers of arXiv, and a model of the size that the table speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.features.terms import SEPARATOR, joined_parts, words
from labeler.features.tfidf import Tfidf
from labeler.score.linear import LinearModel
from labeler.score.model import TopicModel
from labeler.topics.mode import Mode
from tests.paths import DATA

ARXIV = DATA / "arxiv_until_2025.parquet"
LEARNED, ASKED = 10_000, 20_000


@dataclass(frozen=True)
class Material:
    """Texts that a vocabulary was learned from, texts to be scored, and the vocabulary."""

    learned: list[str]
    asked: list[str]
    primary: list[str]
    terms: list[str]
    idf: npt.NDArray[np.float64]


@cache
def material() -> Material:
    """A draw of papers; terms that three of ten thousand hold, about a hundred thousand."""
    import pandas as pd
    from sklearn.feature_extraction.text import TfidfVectorizer

    frame = pd.read_parquet(ARXIV).sample(LEARNED + ASKED, random_state=0)
    texts = [f"{title}\n{abstract}" for title, abstract in zip(frame["title"], frame["abstract"], strict=True)]
    peer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=3)
    peer.fit(map(joined_parts, texts[:LEARNED]))
    kept = [(term, weight) for term, weight in zip(peer.get_feature_names_out(), peer.idf_, strict=True)]
    kept = sorted(
        (weight, term) for term, weight in kept if SEPARATOR not in term.split(" ") and words(term) == term.split(" ")
    )  # as training orders them; without what is a word for scikit-learn alone
    primary = [str(listed[0]) for listed in frame["categories"]]
    terms, idf = [term for _, term in kept], np.array([weight for weight, _ in kept])
    return Material(texts[:LEARNED], texts[LEARNED:], primary, terms, idf)


def model(topics: int) -> TopicModel:
    """A model with weights drawn at random, and intercepts so low that a paper has one or two of thirty topics."""
    told = material()
    chance = np.random.default_rng(topics)
    weights = chance.normal(size=(len(told.terms), topics)).astype(np.float32)
    tfidf = Tfidf.of(told.terms, told.idf.astype(np.float32))
    names = tuple(f"topic{number:04}" for number in range(topics))
    linear = LinearModel(tfidf, weights, chance.normal(size=topics) - 2, names, Mode.MULTI)
    held_out = chance.random((500, topics)), (chance.random((500, topics)) < 0.1).astype(np.float64)
    return TopicModel(linear, np.full(topics, 0.5), held_out, name="bench@1")


def scikit_learn(linear: LinearModel) -> tuple[Any, Any, Any]:
    """The same model as scikit-learn's vectoriser, and weights and intercepts in double precision."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    peer = TfidfVectorizer(vocabulary=list(linear.tfidf.terms), ngram_range=(1, 2), sublinear_tf=True)
    peer.idf_ = linear.tfidf.idf.astype(np.float64)
    return peer, linear.weights.astype(np.float64), linear.intercepts
