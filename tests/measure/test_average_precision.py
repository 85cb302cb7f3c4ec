from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from labeler.measure.metrics import average_precision
from tests.measure.factories import NAN, PAIRS, Pair, partly_known


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any), st.integers(0, 999))
@settings(max_examples=50, deadline=None)
def test_that_of_one_topic_is_that_of_scikit_learn(rows: list[bool], seed: int) -> None:
    wanted, scores = np.array(rows), np.random.default_rng(seed).normal(size=len(rows))
    assert average_precision.score(wanted, scores) == pytest.approx(average_precision_score(wanted, scores))


@given(PAIRS, st.integers(0, 999))
@settings(max_examples=50, deadline=None)
def test_that_of_several_topics_is_the_mean_over_those_with_a_known_yes(pair: Pair, seed: int) -> None:
    truth = partly_known(pair[0], seed)
    scores = np.random.default_rng(seed).normal(size=truth.shape)
    known = [
        (column[~np.isnan(column)], other[~np.isnan(column)]) for column, other in zip(truth.T, scores.T, strict=True)
    ]
    each = [average_precision_score(column, other) for column, other in known if (column == 1).any()]
    assert average_precision.score(truth, scores) == pytest.approx(np.mean(each) if each else 0.0)


@pytest.mark.parametrize("truth", [np.zeros(3), np.zeros(3, dtype=bool), np.full(3, NAN), np.zeros((3, 2))])
def test_where_no_paper_is_wanted_it_is_zero(truth: np.ndarray) -> None:
    assert average_precision.score(truth, np.zeros(truth.shape)) == 0


def test_of_equal_scores_the_first_counts_as_higher() -> None:
    assert average_precision.score(np.array([True, False]), np.zeros(2)) == 1
    assert average_precision.score(np.array([False, True]), np.zeros(2)) == 0.5
