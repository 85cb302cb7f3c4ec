from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from labeler.score.right_by_confidence import Decisions, fit


def drawn(seed: int, count: int = 200, topics: int = 4) -> tuple[Decisions, np.ndarray]:
    rng = np.random.default_rng(seed)
    log_odds, topic, picked = rng.normal(1.5, 2.0, count), rng.integers(0, topics, count), rng.random(count) < 0.5
    right = rng.random(count) < 1 / (1 + np.exp(-(0.3 + 0.7 * log_odds - 0.5 * topic - picked)))
    return Decisions(log_odds, topic, picked), right.astype(float)


def of_one_kind(log_odds: np.ndarray, topics: np.ndarray) -> Decisions:
    return Decisions(log_odds, topics, np.zeros(len(log_odds), bool))


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_optimum_of_the_penalized_likelihood(seed: int) -> None:
    decisions, right = drawn(seed)
    weights = np.random.default_rng(seed).exponential(size=(2, len(right)))
    fits = fit(decisions, right, weights, 4)
    for number, weight in enumerate(weights):

        def loss(parameters: np.ndarray, weight: np.ndarray = weight) -> float:
            scores = decisions.features @ parameters[:3] + parameters[3:][decisions.topics]
            likelihood = (weight * (right * scores - np.logaddexp(0, scores))).sum()
            squares = (parameters[:3] - [0, 1, 0]) ** 2 @ [0.1, 0.1, 0.5] + 8 * (parameters[3:] ** 2).sum()
            return float(squares / 2 - likelihood)

        best = minimize(loss, np.array([0.0, 1.0, 0, 0, 0, 0, 0]))
        found = np.array([*fits.coefficients[number], *fits.offsets[number]])
        np.testing.assert_allclose(found, best.x, atol=0.01)


def test_picked_papers_are_harder_and_usual_ones_are_told_of() -> None:
    decisions, right = drawn(1, 2000)
    fits = fit(decisions, right, np.ones((1, 2000)), 4)
    assert fits.coefficients[0, 2] == pytest.approx(-1.0, abs=0.25)
    usual = ~decisions.picked
    assert fits.of_usual_papers(decisions)[0, usual].mean() == pytest.approx(right[usual].mean(), abs=0.02)
    assert fits.of_usual_papers(decisions)[0, ~usual].mean() > right[~usual].mean() + 0.05


def test_a_topic_of_few_papers_is_taken_for_a_usual_one() -> None:
    rng = np.random.default_rng(0)
    log_odds = rng.normal(2.0, 1.0, 400)
    right = (rng.random(400) < 1 / (1 + np.exp(-log_odds))).astype(float)
    topics = np.zeros(400, int)
    topics[:3], right[:3] = 1, 0.0
    topics[3:103], right[3:103] = 2, 0.0
    fits = fit(of_one_kind(log_odds, topics), right, np.ones((1, 400)), 4)
    assert fits.offsets[0, 3] == 0
    assert -1.0 < fits.offsets[0, 1] < 0
    assert fits.offsets[0, 2] < -1.5


@given(seed=st.integers(0, 99), flip=st.sampled_from([0.0, 0.5, 1.0]), count=st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_whatever_was_right_the_fit_is_finite_and_rises(seed: int, flip: float, count: int) -> None:
    decisions, right = drawn(seed, count)
    right = right if flip == 0.5 else np.full(count, flip)
    fits = fit(decisions, right, np.random.default_rng(seed).exponential(size=(5, count)), 4)
    assert all(np.isfinite(part).all() for part in fits)
    assert (fits.coefficients[:, 1] > 0).all()


def test_where_all_say_the_same_the_share_that_is_right_is_found() -> None:
    log_odds, right = np.full(40, 3.5), np.array([1.0] * 30 + [0.0] * 10)
    decisions = of_one_kind(log_odds, np.zeros(40, int))
    fits = fit(decisions, right, np.ones((1, 40)), 1)
    assert fits.of_usual_papers(decisions)[0, 0] == pytest.approx(0.75, abs=0.01)
