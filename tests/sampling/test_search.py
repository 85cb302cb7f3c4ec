from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.features.background import NO_BACKGROUND
from labeler.sampling.search import found_by_words, fused
from tests.learn.factories import TINY, WORDS, text_of
from tests.sampling.factories import unread

SCORES = st.lists(st.floats(0, 9), min_size=5, max_size=5)


def test_papers_with_the_words_and_others_about_the_same_come_first() -> None:
    word = WORDS["robots"].split()[0]
    texts = unread(10)
    scores, holds = found_by_words(word, texts, TINY)
    best = np.argsort(-scores, kind="stable")[:10]
    assert holds.any()
    assert not holds.all()
    assert {*best.tolist()} == {*range(10)}  # those about robots
    assert scores[holds].min() > 0


def test_where_no_text_holds_a_word_none_is_found() -> None:
    for query in ("unheard", "", "!"):
        scores, holds = found_by_words(query, unread(2), TINY)
        assert not scores.any()
        assert not holds.any()
    assert found_by_words("robot", [], TINY)[0].shape == (0,)


def test_a_word_that_nothing_is_known_of_finds_those_that_hold_it() -> None:
    texts = [*unread(5), text_of(["speech"], 900) + " zyzzyva"]
    for background in (TINY, NO_BACKGROUND):
        scores, holds = found_by_words("Zyzzyva", texts, background)
        assert int(scores.argmax()) == len(texts) - 1
        assert np.flatnonzero(holds).tolist() == [len(texts) - 1]


def test_ranks_are_fused_by_hand() -> None:
    found = fused([np.array([3.0, 2.0, 0.0]), np.array([0.0, 1.0, 5.0])])
    assert found.tolist() == pytest.approx([1 / 11, 1 / 12 + 1 / 12, 1 / 11])


@given(SCORES, SCORES)
def test_what_nothing_speaks_for_is_not_found_and_more_is_never_less(one: list[float], other: list[float]) -> None:
    both = fused([np.array(one), np.array(other)])
    assert ((both > 0) == (np.array(one) + np.array(other) > 0)).all()
    assert (both >= fused([np.array(one)])).all()
