from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from labeler.score.right_by_confidence import fit


def drawn(seed: int, count: int = 200, topics: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    log_odds, topic = rng.normal(1.5, 2.0, count), rng.integers(0, topics, count)
    right = rng.random(count) < 1 / (1 + np.exp(-(0.3 + 0.7 * log_odds - 0.5 * topic)))
    return log_odds, topic, right.astype(float)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_optimum_of_the_penalized_likelihood(seed: int) -> None:
    log_odds, topic, right = drawn(seed)
    weights = np.random.default_rng(seed).exponential(size=(2, len(right)))
    fits = fit(log_odds, topic, right, weights, 4)
    for number, weight in enumerate(weights):

        def loss(parameters: np.ndarray, weight: np.ndarray = weight) -> float:
            scores = parameters[0] + parameters[1] * log_odds + parameters[2:][topic]
            likelihood = (weight * (right * scores - np.logaddexp(0, scores))).sum()
            return float(
                0.05 * (parameters[0] ** 2 + (parameters[1] - 1) ** 2) + 2 * (parameters[2:] ** 2).sum() - likelihood
            )

        best = minimize(loss, np.array([0.0, 1.0, 0, 0, 0, 0]))
        found = np.array([fits.intercepts[number], fits.slopes[number], *fits.offsets[number]])
        np.testing.assert_allclose(found, best.x, atol=0.01)


def test_a_topic_of_few_papers_is_taken_for_a_usual_one() -> None:
    rng = np.random.default_rng(0)
    log_odds = rng.normal(2.0, 1.0, 400)
    right = (rng.random(400) < 1 / (1 + np.exp(-log_odds))).astype(float)
    topics = np.zeros(400, int)
    topics[:3], right[:3] = 1, 0.0
    topics[3:103], right[3:103] = 2, 0.0
    fits = fit(log_odds, topics, right, np.ones((1, 400)), 4)
    assert fits.offsets[0, 3] == 0
    assert -1.0 < fits.offsets[0, 1] < 0
    assert fits.offsets[0, 2] < -2.0


@given(seed=st.integers(0, 99), flip=st.sampled_from([0.0, 0.5, 1.0]), count=st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_whatever_was_right_the_fit_is_finite_and_rises(seed: int, flip: float, count: int) -> None:
    log_odds, topic, right = drawn(seed, count)
    right = right if flip == 0.5 else np.full(count, flip)
    fits = fit(log_odds, topic, right, np.random.default_rng(seed).exponential(size=(5, count)), 4)
    assert all(np.isfinite(part).all() for part in fits)
    assert (fits.slopes > 0).all()


def test_where_all_say_the_same_the_share_that_is_right_is_found() -> None:
    log_odds, right = np.full(40, 3.5), np.array([1.0] * 30 + [0.0] * 10)
    fits = fit(log_odds, np.zeros(40, int), right, np.ones((1, 40)), 1)
    assert fits.probabilities(log_odds[:1], np.zeros(1, int))[0, 0] == pytest.approx(0.75, abs=0.01)
