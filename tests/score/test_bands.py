from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.measure.intervals import lower_bound, upper_bound
from labeler.score.bands import bands_for
from labeler.score.decision import AUTO, NONE, Rule, decide
from labeler.score.linear import MULTI, SINGLE

NAN = np.nan


def simulated(mode: str, seed: int, papers: int = 400, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are as right as they say (but for the noise), and the truth."""
    chance = np.random.default_rng(seed)
    if mode == SINGLE:
        probabilities = chance.dirichlet([0.15] * 4, papers)
        answers = np.array([chance.choice(4, p=row) for row in probabilities])
        return probabilities, np.eye(4)[answers][:, :3]
    probabilities = chance.beta(0.15, 0.3, (papers, 3))
    truth = (chance.random(probabilities.shape) < probabilities) ^ (chance.random(probabilities.shape) < noise)
    return probabilities, truth.astype(float)


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
@given(seed=st.integers(0, 999), precision=st.sampled_from([0.6, 0.8, 0.9, 0.95]))
@settings(max_examples=25, deadline=None)
def test_what_bands_tell_of_held_out_papers_is_what_they_decide(mode: str, seed: int, precision: float) -> None:
    probabilities, truth = simulated(mode, seed)
    thresholds = np.array([0.4, 0.5, 0.6])
    bands = bands_for(probabilities, truth, Rule(mode, thresholds), precision)
    found = decide(probabilities, Rule(mode, thresholds), bands, ("0", "1", "2"))
    sure = [row for row, one in enumerate(found) if one.decision in (AUTO, NONE)]
    assert (bands.held_out["papers"], bands.held_out["decided"]) == (400, len(sure))
    if mode == MULTI:
        given_topics = [truth[row, int(topic)] for row in sure for topic in found[row].topics]
        assert (bands.held_out["assigned"], bands.held_out["right"]) == (len(given_topics), sum(given_topics))


@pytest.mark.parametrize("precision", [0.85, 0.9, 0.95])
def test_the_upper_bound_is_the_lowest_that_keeps_the_promise_on_the_way_down(precision: float) -> None:
    probabilities, truth = simulated(MULTI, 1)
    thresholds = np.full(3, 0.3)
    bands = bands_for(probabilities, truth, Rule(MULTI, thresholds), precision)
    assigned = Rule(MULTI, thresholds).assigned(probabilities)

    def kept(threshold: float) -> bool:
        taken = assigned & (probabilities >= threshold)
        return lower_bound(int(truth[taken].sum()), int(taken.sum())) >= precision

    assert kept(bands.upper)
    assert not kept(bands.upper - 0.01)


def test_below_the_lower_bound_surely_lie_few_topics_that_apply() -> None:
    probabilities, truth = simulated(MULTI, 2)
    bands = bands_for(probabilities, truth, Rule(MULTI, np.full(3, 0.5)), 0.9)
    yes = probabilities[truth == 1]

    def share(threshold: float) -> float:
        return upper_bound(int((yes < threshold).sum()), len(yes))

    assert 0 < bands.lower < 0.5
    assert share(bands.lower) <= 0.1 < share(bands.lower + 0.01)


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
def test_few_papers_are_never_decided_alone(mode: str) -> None:
    truth = np.eye(3)[[0, 1, 2] * 6]
    probabilities = np.clip(truth, 0.001, 0.998)
    bands = bands_for(probabilities, truth, Rule(mode, np.full(3, 0.5)), 0.5)
    assert (bands.upper, bands.held_out["decided"]) == (np.inf, 0)


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
def test_a_model_that_is_always_right_decides_all_when_there_are_papers_enough(mode: str) -> None:
    truth = np.eye(3)[[0, 1, 2] * 20]
    bands = bands_for(np.clip(truth, 0.001, 0.998), truth, Rule(mode, np.full(3, 0.5)), 0.9)
    assert bands.held_out == {"papers": 60, "decided": 60, "assigned": 60, "right": 60}


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
def test_a_model_that_is_always_wrong_decides_nothing(mode: str) -> None:
    truth = np.eye(3)[[0, 1, 2] * 20]
    bands = bands_for(np.roll(np.clip(truth, 0.001, 0.998), 1, axis=1), truth, Rule(mode, np.full(3, 0.5)), 0.9)
    assert (bands.upper, bands.lower, bands.held_out["decided"]) == (np.inf, 0.0, 0)


def test_none_of_these_is_an_answer_in_single_mode() -> None:
    probabilities = np.tile([0.02, 0.01, 0.97], (40, 1))
    right = bands_for(probabilities, np.zeros((40, 2)), Rule(SINGLE, np.zeros(2)), 0.9)
    wrong = bands_for(probabilities, np.tile([1.0, 0.0], (40, 1)), Rule(SINGLE, np.zeros(2)), 0.9)
    assert (right.held_out["decided"], wrong.held_out["decided"]) == (40, 0)


def test_a_pass_below_a_failure_does_not_count() -> None:
    truth = np.array([[0.0]] * 20 + [[1.0]] * 300)
    probabilities = np.array([[0.95]] * 20 + [[0.7]] * 300)
    bands = bands_for(probabilities, truth, Rule(MULTI, np.array([0.5])), 0.9)
    assert bands.upper == np.inf


def test_what_is_unknown_counts_as_decided_but_not_as_right_or_wrong() -> None:
    truth = np.array([[1.0, NAN]] * 40 + [[NAN, NAN]] * 5 + [[1.0, 1.0]] * 5)
    probabilities = np.array([[0.97, 0.5]] * 40 + [[0.3, 0.3]] * 5 + [[NAN, NAN]] * 5)
    bands = bands_for(probabilities, truth, Rule(MULTI, np.array([0.4, 0.4])), 0.9)
    assert bands.held_out == {"papers": 50, "decided": 45, "assigned": 40, "right": 40}


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
def test_stricter_promises_never_widen_what_is_decided_alone(mode: str) -> None:
    probabilities, truth = simulated(mode, 5)
    uppers = [
        bands_for(probabilities, truth, Rule(mode, np.full(3, 0.5)), precision).upper for precision in (0.6, 0.8, 0.95)
    ]
    assert uppers == sorted(uppers)
