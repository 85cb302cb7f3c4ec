from __future__ import annotations

import numpy as np
import pytest

from labeler.sampling.candidates import candidates_of
from labeler.score.model import TopicModel
from tests.learn.factories import TINY, fitted
from tests.sampling.factories import unread


def model(mode: str) -> TopicModel:
    found = fitted(mode, none=4) if mode == "single" else fitted(mode)
    return found.model_


def test_without_a_model_only_what_papers_are_about_is_known() -> None:
    found = candidates_of(unread(), None, TINY)
    assert (len(found), found.judged) == (32, 0)
    assert found.probabilities is found.margins is found.yes is None


@pytest.mark.parametrize(("mode", "judged", "yes"), [("single", 22, [6, 6, 6]), ("multi", 36, [12, 18, 12])])
def test_with_a_model_what_it_thinks_and_what_it_was_told(mode: str, judged: int, yes: list[int]) -> None:
    texts = unread()
    found = candidates_of(texts, model(mode), TINY)
    assert found.probabilities is not None
    assert found.margins is not None
    assert found.yes is not None
    assert np.array_equal(found.probabilities, model(mode).predict_proba(texts))
    assert (found.margins.shape, found.judged, found.yes.tolist()) == ((32,), judged, yes)


def test_none_of_these_counts_in_margins_and_is_no_topic() -> None:
    found = candidates_of(unread(), model("single"), TINY)
    assert found.probabilities is not None
    assert found.margins is not None
    assert found.probabilities.shape == (32, 3)
    linear = model("single").linear.probabilities(unread())
    assert found.margins == pytest.approx(np.diff(np.sort(linear, axis=1)[:, -2:], axis=1)[:, 0])


def test_titles_are_compared_without_spelling() -> None:
    found = candidates_of(["A Robot's arm!\nOne.", "a robots ARM\nTwo.", "", "\nNo title"], None, TINY)
    assert found.titles.tolist() == ["arobotsarm", "arobotsarm", "", ""]


def test_some_of_them() -> None:
    every = candidates_of(unread(), model("multi"), TINY)
    rows = np.array([5, 2, 9])
    some = every.take(rows)
    assert some.margins is not None
    assert every.margins is not None
    assert np.array_equal(some.vectors, every.vectors[rows])
    assert np.array_equal(some.margins, every.margins[rows])
    assert (len(some), some.judged) == (3, every.judged)
    assert some.titles.tolist() == every.titles[rows].tolist()
    assert len(candidates_of(unread(), None, TINY).take(rows)) == 3
