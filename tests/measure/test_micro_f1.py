from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from labeler.measure.metrics import micro_f1
from tests.measure.factories import NAN, PAIRS, Pair, partly_known


@given(PAIRS)
@settings(max_examples=100, deadline=None)
def test_it_is_that_of_scikit_learn(pair: Pair) -> None:
    truth, guess = pair
    expected = f1_score(truth.ravel(), guess.ravel(), zero_division=0)
    assert micro_f1.score(truth.astype(float), guess) == pytest.approx(expected)


@given(PAIRS, st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_what_is_unknown_does_not_count(pair: Pair, seed: int) -> None:
    truth, guess = partly_known(pair[0], seed), pair[1]
    known = ~np.isnan(truth)
    assume(known.any())
    assert micro_f1.score(truth, guess) == micro_f1.score(truth, guess & known) == micro_f1.score(truth, guess | ~known)
    assert micro_f1.score(truth, guess) == pytest.approx(f1_score(truth[known] == 1, guess[known], zero_division=0))


def test_nothing_known_is_zero() -> None:
    assert micro_f1.score(np.full((3, 2), NAN), np.ones((3, 2), dtype=bool)) == 0.0
