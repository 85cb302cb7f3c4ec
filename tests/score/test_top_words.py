"""The words behind topics: those that the contributions of each paper by itself give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.tfidf import Tfidf
from labeler.score.linear import LinearModel
from labeler.score.top_words import SHOWN, TopWords
from labeler.topics.mode import Mode

TERMS = [
    "robot", "arm", "leg", "robot arm", "arm robot", "the", "of the", "speech", "voice", "voice speech", "noise",
    "cup", "grasp", "grasp cup", "cup cup", "video", "the video", "plan", "tool", "tool plan",
]  # fmt: skip
FUNCTION_WORDS = {"the", "of"}
TEXT = st.lists(st.sampled_from("robot arm leg the of speech voice noise cup grasp video plan tool odd".split()))


def linear_model(weights: np.ndarray) -> LinearModel:
    tfidf = Tfidf.of(TERMS, np.ones(len(TERMS), np.float32))
    names = tuple(f"t{number}" for number in range(weights.shape[1]))
    return LinearModel(tfidf, weights.astype(np.float32), np.zeros(weights.shape[1]), names, Mode.MULTI)


def one_by_one(model: LinearModel, text: str, topic: int) -> list[str]:
    """The definition: contributions from the largest down, without function words and words that are there."""
    ((columns, addends),) = model.contributions(model.rows([text]), [topic])
    found: list[str] = []
    used: set[str] = set()
    for column in columns[addends > 0].tolist():
        words = set(TERMS[column].split())
        if words <= FUNCTION_WORDS or used & words:
            continue
        used |= words
        found.append(TERMS[column])
    return found[:SHOWN]


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(TEXT.map(" ".join), max_size=6),
    weights=st.lists(st.lists(st.sampled_from([-1.0, 0.0, 0.01, 0.5, 1.0, 2.0]), min_size=20, max_size=20), min_size=2,
                     max_size=2),
    quantized=st.booleans(),
    data=st.data(),
)  # fmt: skip
def test_many_at_once_are_those_of_each_alone(
    texts: list[str], weights: list[list[float]], quantized: bool, data: st.DataObject
) -> None:
    model = linear_model(np.array(weights).T)
    if quantized:
        whole = np.array(weights).T.round().astype(np.int8)
        model = replace(model, weights=whole, scales=np.linspace(0.5, 1.5, 20).astype(np.float32))
    pairs = data.draw(st.lists(st.tuples(st.integers(0, len(texts) - 1), st.integers(0, 1)))) if texts else []
    papers, topics = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    found = TopWords(model).texts(model.rows(texts), papers, topics)
    assert found == [one_by_one(model, texts[paper], topic) for paper, topic in pairs]


@pytest.mark.parametrize("text", ["", "odd", "the of the"])
def test_papers_without_a_content_word_have_none(text: str) -> None:
    model = linear_model(np.ones((20, 1)))
    papers = np.array([1, 0, 1])
    found = TopWords(model).texts(model.rows([text, "robot"]), papers, np.zeros(3, np.int64))
    assert found == [["robot"], [], ["robot"]]
