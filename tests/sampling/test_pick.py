from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

import labeler
from labeler.papers import Paper
from labeler.sampling.pick import choose, picked
from labeler.sampling.registry import STRATEGIES, strategy_for
from tests.learn.factories import TINY, classifier, fitted
from tests.sampling.factories import candidates, clouds, unread

ALL = STRATEGIES.names


def asked(count: int, strategy: str = "mix", clf: Any = None, texts: Any = None, seed: int = 0) -> list[int]:
    return choose(clf, unread() if texts is None else texts, count, strategy, seed, background=TINY)


@pytest.mark.parametrize("strategy", ALL)
@pytest.mark.parametrize("clf", [None, fitted("single"), fitted("multi"), fitted("multi").model_])
def test_positions_are_plain_numbers_and_as_many_as_wanted(clf: Any, strategy: str) -> None:
    found = asked(10, strategy, clf)
    assert len(set(found)) == len(found) == 10
    assert all(type(position) is int and 0 <= position < 32 for position in found)
    assert asked(10, strategy, clf) == found


@pytest.mark.parametrize("strategy", ALL)
@pytest.mark.parametrize("clf", [None, fitted("single"), fitted("multi")])
def test_the_order_of_papers_does_not_matter(clf: Any, strategy: str) -> None:
    texts = unread()
    order = np.random.RandomState(7).permutation(len(texts))
    mixed = [texts[position] for position in order]
    found = [texts[position] for position in asked(9, strategy, clf, texts)]
    assert [mixed[position] for position in asked(9, strategy, clf, mixed)] == found


@pytest.mark.parametrize("strategy", ALL)
def test_more_than_there_are_gives_all(strategy: str) -> None:
    for clf in (None, fitted("single")):
        assert sorted(asked(100, strategy, clf)) == list(range(32))


@pytest.mark.parametrize("strategy", ALL)
@pytest.mark.parametrize("texts", [[], [""], ["", "", ""], ["robot"], ["λόγος", "", "robot arm", "λόγος νόμος"]])
def test_texts_with_hardly_a_word(texts: list[str], strategy: str) -> None:
    for clf in (None, fitted("single")):
        assert sorted(asked(9, strategy, clf, texts)) == list(range(len(texts)))
        assert asked(0, strategy, clf, texts) == []
        assert len(asked(1, strategy, clf, texts)) == min(1, len(texts))


@pytest.mark.parametrize("strategy", ALL)
def test_what_says_the_same_is_asked_once_and_again_only_when_nothing_else_is_left(strategy: str) -> None:
    texts = unread(each=3)
    twice = [*texts, *texts, *(text.upper() for text in texts)]
    for clf in (None, fitted("single")):
        found = asked(36, strategy, clf, twice)
        assert len({twice[position].lower() for position in found[:12]}) == 12
        assert sorted(found) == list(range(36))


def test_first_papers_of_every_kind_are_asked() -> None:
    assert {position // 8 for position in asked(4)} == {0, 1, 2, 3}


def test_margin_asks_what_the_model_is_unsure_of() -> None:
    clf = fitted("single")
    best = np.sort(clf.predict_proba(unread()), axis=1)
    lead = best[:, -1] - best[:, -2]
    found = asked(5, "margin", clf)
    assert list(lead[found]) == sorted(lead)[:5]


def test_papers_in_every_form_give_the_same() -> None:
    texts = unread()
    rows = [dict(zip(("title", "abstract"), text.split("\n"), strict=True)) for text in texts]
    papers = [Paper(row["title"], row["abstract"], (f"text:{number}",)) for number, row in enumerate(rows)]
    for form in (rows, papers, pd.DataFrame(rows), np.array(texts)):
        assert asked(6, texts=form) == asked(6)


def test_the_background_is_that_of_the_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    own = classifier(self_training=False).set_params(background=TINY).fit(unread(), ["a", "b", "c", "d"] * 8)
    monkeypatch.setattr("labeler.sampling.pick.shipped", lambda: pytest.fail("the shipped background was read"))
    assert choose(own, unread(begin=900), 5) == choose(own, unread(begin=900), 5, background=TINY)


def test_the_shipped_background_tells_fields_apart() -> None:
    sky = ["Spectra of distant galaxies", "Rotation of spiral galaxies", "A survey of stars and dust"]
    code = ["Parsing source code of programs", "Compilers for parallel programs", "Testing software with type checkers"]
    assert {position // 3 for position in labeler.choose(None, [*sky, *code], 2)} == {0, 1}


def test_of_very_many_papers_a_sample_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.sampling.pick._LOOKED_AT", 10)
    assert len(set(asked(2))) == 2
    assert len(set(asked(7))) == 7
    assert {position // 8 for position in asked(10)} <= {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("count", "strategy", "texts", "words"),
    [
        (3, "best", ["a"], "there is no strategy 'best'; known are: "),
        (-1, "mix", ["a"], "count is -1"),
        (3, "mix", "a", "give a sequence of texts"),
        (3, "mix", [7], "not int"),
    ],
)
def test_what_cannot_be_done_is_said(count: int, strategy: str, texts: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        choose(None, texts, count, strategy)


def test_a_classifier_must_be_fitted() -> None:
    with pytest.raises(NotFittedError):
        asked(3, clf=classifier())


def test_a_crowd_of_near_duplicates_does_not_crowd_out_others() -> None:
    known = candidates(clouds([50, 1, 1, 1], spread=0.001), groups=[0] * 50 + [50, 51, 52])
    for name in ALL:
        found = picked(known, 4, strategy_for(name, known), np.random.RandomState(0))
        assert len({max(0, position - 49) for position in found}) == 4, name


def test_the_room_and_the_function_are_called_alike() -> None:
    import labeler.sampling.pick  # which puts the room in the place of the function

    assert labeler.choose(None, unread(), 4, background=TINY) == asked(4)
