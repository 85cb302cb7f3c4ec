from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.features.background import NO_BACKGROUND
from labeler.sampling.search import found_by_definition, found_by_words, fused
from tests.learn.factories import TINY, WORDS, text_of
from tests.sampling.factories import TOPICS, unread

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


def described(topic: str) -> str:
    return " ".join(WORDS[topic].split()[:3])


def defined(topic: str, texts: Sequence[str], probabilities: Any = None) -> Any:
    others = [described(other) for other in WORDS if other != topic]
    return found_by_definition(described(topic), others, texts, TINY, probabilities)


@pytest.mark.parametrize("place", range(3))
def test_a_definition_finds_papers_of_its_topic(place: int) -> None:
    scores = defined(TOPICS[place], unread(10))
    best = np.argsort(-scores, kind="stable")[:10]
    assert {*best.tolist()} == {*range(10 * place, 10 * place + 10)}
    assert scores.shape == (40,)


def test_what_a_model_says_is_heeded_beside_the_definition() -> None:
    texts = unread(10)
    told = np.full(40, 0.01)
    told[[3, 15]] = 0.9  # one of the topic, one of another
    alone, together = (np.argsort(-defined("robots", texts, one), kind="stable").tolist() for one in (None, told))
    assert together.index(3) < min(3, 1 + alone.index(3))
    assert together.index(15) < alone.index(15)
    assert defined("robots", texts, np.zeros(40)).tolist() == defined("robots", texts).tolist()


def test_where_a_definition_says_nothing_its_words_or_the_model_do() -> None:
    texts = [*unread(5), "Zyzzyva of the marsh"]
    found = found_by_definition("zyzzyva", [described("robots")], texts, TINY)
    assert int(found.argmax()) == 20
    assert not found_by_definition("unheard", [described("robots")], texts, TINY).any()
    told = np.linspace(0, 1, 21)
    assert int(found_by_definition("unheard", [], texts, TINY, told).argmax()) == 20


def test_what_no_paper_is_near_is_not_found_unless_a_model_knows_better(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = unread(10)
    monkeypatch.setattr("labeler.sampling.search._NEAR", 1.0)
    assert not defined("robots", texts).any()
    assert not defined("robots", texts, np.full(40, 0.04)).any()
    assert defined("robots", texts, np.full(40, 0.06)).all()
    assert defined("robots", []).shape == (0,)


def test_ranks_are_fused_by_hand() -> None:
    found = fused([np.array([3.0, 2.0, 0.0]), np.array([0.0, 1.0, 5.0])])
    assert found.tolist() == pytest.approx([1 / 11, 1 / 12 + 1 / 12, 1 / 11])


@given(SCORES, SCORES)
def test_what_nothing_speaks_for_is_not_found_and_more_is_never_less(one: list[float], other: list[float]) -> None:
    both = fused([np.array(one), np.array(other)])
    assert ((both > 0) == (np.array(one) + np.array(other) > 0)).all()
    assert (both >= fused([np.array(one)])).all()
