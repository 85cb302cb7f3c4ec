from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from labeler.measure.metrics import macro_f1
from tests.measure.factories import NAN, PAIRS, Pair, partly_known


@given(PAIRS)
@settings(max_examples=100, deadline=None)
def test_it_is_the_mean_of_that_of_scikit_learn_over_topics_that_occur(pair: Pair) -> None:
    truth, guess = pair
    present = truth.any(axis=0)
    each = [f1_score(truth[:, column], guess[:, column], zero_division=0) for column in np.flatnonzero(present)]
    assert macro_f1.score(truth.astype(float), guess) == pytest.approx(np.mean(each) if each else 0.0)


@given(PAIRS)
@settings(max_examples=50, deadline=None)
def test_it_is_that_of_scikit_learn_where_every_topic_occurs(pair: Pair) -> None:
    truth, guess = pair
    assume(truth.any(axis=0).all() and truth.shape[1] > 1)
    expected = f1_score(truth, guess, average="macro", zero_division=0)
    assert macro_f1.score(truth.astype(float), guess) == pytest.approx(expected)


@given(PAIRS, st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_what_is_unknown_does_not_count(pair: Pair, seed: int) -> None:
    truth, guess = partly_known(pair[0], seed), pair[1]
    assert macro_f1.score(truth, guess) == macro_f1.score(truth, guess | np.isnan(truth))


def test_a_topic_without_a_known_yes_does_not_count_in_the_mean() -> None:
    truth = np.array([[1, 0, NAN], [0, 0, NAN]])
    assert macro_f1.score(truth, np.array([[1, 1, 1], [0, 0, 0]], dtype=bool)) == 1.0


def test_nothing_known_is_zero() -> None:
    assert macro_f1.score(np.full((3, 2), NAN), np.ones((3, 2), dtype=bool)) == 0.0
