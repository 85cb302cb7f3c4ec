from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax

from labeler.learn.calibration import platt, temperature

NAN = np.nan
CHANCE = np.random.default_rng


def drawn(count: int, scale: float, shift: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    scores = CHANCE(seed).normal(0, 2, (count, 1))
    return scores, (CHANCE(seed + 1).random((count, 1)) < expit(scale * scores + shift)).astype(float)


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.5, 1.0), (2.0, -1.5)])
def test_scale_and_shift_of_many_papers_are_found(scale: float, shift: float) -> None:
    scales, shifts = platt(*drawn(20_000, scale, shift))
    assert scales[0] == pytest.approx(scale, rel=0.07)
    assert shifts[0] == pytest.approx(shift, abs=0.1)


def test_topics_with_few_papers_take_the_scale_of_all() -> None:
    scores, answers = drawn(2000, 0.5, 0.0)
    few = np.full((2000, 2), NAN)
    few[:9, 0], few[9:30, 0], few[:5, 1], few[5:60, 1] = 1, 0, 1, 0
    scales, shifts = platt(np.hstack([scores] * 3), np.hstack([answers, few]))
    assert scales[1] == scales[2] == pytest.approx(0.5, abs=0.1)
    assert shifts[1] > shifts[2]


@pytest.mark.parametrize("missing", [-np.inf, NAN])
def test_scores_that_are_missing_and_answers_that_are_unknown_do_not_count(missing: float) -> None:
    scores, answers = drawn(300, 1.0, 0.5)
    more = np.vstack([scores, [[missing]] * 50, [[3.0]] * 50])
    known = np.vstack([answers, [[1.0]] * 50, [[NAN]] * 50])
    assert [part.tolist() for part in platt(more, known)] == [part.tolist() for part in platt(scores, answers)]


def test_a_topic_without_any_score_is_left_as_it_is() -> None:
    scores, answers = drawn(100, 1.0, 0.0)
    scales, shifts = platt(np.hstack([scores, np.full((100, 1), -np.inf)]), np.hstack([answers, answers]))
    assert (scales[1], shifts[1]) == (1.0, 0.0)
    assert [part.tolist() for part in platt(np.full((3, 2), -np.inf), np.ones((3, 2)))] == [[1, 1], [0, 0]]


def test_perfectly_told_apart_papers_do_not_become_certain() -> None:
    scores = np.array([[5.0]] * 20 + [[-5.0]] * 20)
    scales, shifts = platt(scores, (scores > 0).astype(float))
    assert np.all(expit(scales * scores + shifts) < 0.99)
    assert expit(scales * 5 + shifts)[0] > 0.9


def test_a_score_that_means_the_opposite_is_not_turned_around() -> None:
    scores, answers = drawn(500, 1.0, 0.0)
    scales, _ = platt(-scores, answers)
    assert 0 < scales[0] < 0.1


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_the_temperature_of_many_papers_is_found(factor: float) -> None:
    scores = CHANCE(0).normal(0, 2, (5000, 3))
    answers = np.array([CHANCE(n).choice(3, p=row) for n, row in enumerate(softmax(factor * scores, axis=1))])
    assert temperature(scores, answers) == pytest.approx(factor, rel=0.1)


def test_scores_that_are_missing_do_not_count_for_the_temperature() -> None:
    scores = CHANCE(0).normal(0, 2, (400, 3))
    answers = np.array([CHANCE(n).choice(3, p=row) for n, row in enumerate(softmax(scores, axis=1))])
    worse = np.vstack([scores, [[1.0, 0.0, -np.inf]] * 100])
    assert temperature(worse, np.append(answers, [2] * 100)) == pytest.approx(temperature(scores, answers))
    assert temperature(np.full((4, 2), -np.inf), np.zeros(4, dtype=int)) == 1.0


def test_few_papers_that_are_told_apart_do_not_make_single_mode_certain() -> None:
    scores = np.array([[1.0, -1.0], [-1.0, 1.0]] * 4)
    factor = temperature(scores, np.array([0, 1] * 4))
    assert softmax(factor * scores, axis=1).max() < 0.999
