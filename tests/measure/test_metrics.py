from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import average_precision_score, f1_score

from labeler.measure.metrics import Estimate, average_precision, bootstrap, f1_estimates, macro_f1, micro_f1

NAN = np.nan
SHAPES = st.tuples(st.integers(1, 30), st.integers(1, 5))
PAIRS = SHAPES.flatmap(lambda shape: st.tuples(arrays(bool, shape), arrays(bool, shape)))


@given(PAIRS)
@settings(max_examples=100, deadline=None)
def test_f1_is_that_of_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    truth, guess = pair
    present = truth.any(axis=0)
    each = [f1_score(truth[:, column], guess[:, column], zero_division=0) for column in np.flatnonzero(present)]
    assert macro_f1(truth.astype(float), guess) == pytest.approx(np.mean(each) if each else 0.0)
    total = f1_score(truth.ravel(), guess.ravel(), zero_division=0)
    assert micro_f1(truth.astype(float), guess) == pytest.approx(total)


@given(PAIRS)
@settings(max_examples=50, deadline=None)
def test_macro_f1_of_scikit_learn_where_every_topic_occurs(pair: tuple[np.ndarray, np.ndarray]) -> None:
    truth, guess = pair
    assume(truth.any(axis=0).all() and truth.shape[1] > 1)
    expected = f1_score(truth, guess, average="macro", zero_division=0)
    assert macro_f1(truth.astype(float), guess) == pytest.approx(expected)


@given(PAIRS, st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_what_is_unknown_does_not_count(pair: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    truth, guess = pair[0].astype(float), pair[1]
    truth[np.random.default_rng(seed).random(truth.shape) < 0.3] = NAN
    known = ~np.isnan(truth)
    assume(known.any())
    assert micro_f1(truth, guess) == micro_f1(truth, guess & known) == micro_f1(truth, guess | ~known)
    assert macro_f1(truth, guess) == macro_f1(truth, guess | ~known)
    assert micro_f1(truth, guess) == pytest.approx(f1_score(truth[known] == 1, guess[known], zero_division=0))


def test_a_topic_without_a_known_yes_does_not_count_in_the_mean() -> None:
    truth = np.array([[1, 0, NAN], [0, 0, NAN]])
    assert macro_f1(truth, np.array([[1, 1, 1], [0, 0, 0]], dtype=bool)) == 1.0


@pytest.mark.parametrize("figure", [macro_f1, micro_f1])
def test_nothing_known_is_zero(figure: object) -> None:
    assert figure(np.full((3, 2), NAN), np.ones((3, 2), dtype=bool)) == 0.0  # type: ignore[operator]


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any), st.integers(0, 999))
@settings(max_examples=50, deadline=None)
def test_average_precision_is_that_of_scikit_learn(rows: list[bool], seed: int) -> None:
    wanted, scores = np.array(rows), np.random.default_rng(seed).normal(size=len(rows))
    assert average_precision(wanted, scores) == pytest.approx(average_precision_score(wanted, scores))


def test_where_no_paper_is_wanted_average_precision_is_nothing() -> None:
    assert average_precision(np.zeros(3, dtype=bool), np.arange(3.0)) == 0


def test_of_equal_scores_the_first_counts_as_higher() -> None:
    assert average_precision(np.array([True, False]), np.zeros(2)) == 1
    assert average_precision(np.array([False, True]), np.zeros(2)) == 0.5


def test_the_bootstrap_gives_the_figure_of_all_papers_and_an_interval_around_it() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    found = bootstrap(lambda rows: float(values[rows].mean()), len(values))
    error = 1.96 * values.std() / np.sqrt(len(values))
    assert found.value == values.mean()
    assert found.low == pytest.approx(values.mean() - error, abs=0.06)
    assert found.high == pytest.approx(values.mean() + error, abs=0.06)


def test_the_bootstrap_is_the_same_with_the_same_seed() -> None:
    def figure(rows: np.ndarray) -> float:
        return float(rows.mean())

    assert bootstrap(figure, 30, 50, seed=3) == bootstrap(figure, 30, 50, seed=3) != bootstrap(figure, 30, 50, seed=4)


def test_estimates_are_of_both_figures() -> None:
    truth = (np.random.default_rng(0).random((40, 3)) < 0.4).astype(float)
    guess = truth == 1
    guess[:10] = ~guess[:10]
    found = f1_estimates(truth, guess)
    assert (found["macro_f1"].value, found["micro_f1"].value) == (macro_f1(truth, guess), micro_f1(truth, guess))
    assert all(estimate.low <= estimate.value <= estimate.high for estimate in found.values())
    assert list(found) == ["macro_f1", "micro_f1"]


def test_an_estimate_is_told_to_people_and_programs() -> None:
    estimate = Estimate(0.123456, 0.1, 0.2)
    assert str(estimate) == "0.123 [0.100, 0.200]"
    assert estimate.to_dict() == {"value": 0.1235, "low": 0.1, "high": 0.2}
