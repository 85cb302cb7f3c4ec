from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.features.background import NO_BACKGROUND, shipped
from labeler.features.bm25 import bm25

TEXTS = ["robot arm\nA robot grasps a cup.", "speech\nA voice of a robot.", "speech\nA voice of two people.", ""]
SOME = st.lists(st.text(st.sampled_from("abc  \n的学الé"), max_size=20), max_size=6)


def test_a_score_by_hand() -> None:
    texts = ["grip", "voice voice", "voice"]
    rare = math.log1p((3 - 1 + 0.5) / (1 + 0.5))
    lengths = np.array([1, 2, 1]) / (4 / 3)
    expected = rare * 2.2 / (1 + 1.2 * (0.25 + 0.75 * lengths[0]))
    assert bm25("Grip", texts, NO_BACKGROUND).tolist() == pytest.approx([expected, 0, 0])


def test_rare_words_and_words_of_a_title_count_more() -> None:
    scores = bm25("robot voice", TEXTS, NO_BACKGROUND)
    assert scores[0] > 0
    assert scores[3] == 0
    in_title, in_abstract = bm25("grasping", ["grasping\nof cups", "cups\ngrasping of"], NO_BACKGROUND)
    assert in_title > in_abstract > 0


def test_words_that_most_papers_hold_tell_nothing() -> None:
    """Which words that are, the papers at hand do not tell: they may all be about what is looked for."""
    texts = ["speech of people", "speech of a robot"]
    assert bm25("of", texts, NO_BACKGROUND).all()
    assert bm25("speech", texts, shipped()).all()
    assert not bm25("of", texts, shipped()).any()
    assert bm25("of speech", texts, shipped()).tolist() == bm25("speech", texts, shipped()).tolist()


def test_letters_are_folded_and_characters_count_in_pairs() -> None:
    assert bm25("كتاب", ["كِتَاب\nx"], NO_BACKGROUND)[0] > 0
    with_pair, apart, single = bm25("机器", ["机器学习", "机会与仪器", "其他"], NO_BACKGROUND)
    assert with_pair > 0
    assert apart == single == 0
    assert bm25("书", ["一本书"], NO_BACKGROUND)[0] > 0


@pytest.mark.parametrize(("query", "texts"), [("", ["a robot"]), ("robot", []), ("!?", ["a robot"]), ("__", ["__ __"])])
def test_where_there_is_nothing_to_look_for_nothing_is_found(query: str, texts: list[str]) -> None:
    assert bm25(query, texts, NO_BACKGROUND).tolist() == [0.0] * len(texts)


@given(st.text(st.sampled_from("abc  的学الé_1"), max_size=12), SOME)
def test_any_text_can_be_looked_for_in_any_other(query: str, texts: list[str]) -> None:
    scores = bm25(query, texts, NO_BACKGROUND)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()
