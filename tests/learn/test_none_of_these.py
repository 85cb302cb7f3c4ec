"""How often "none of these" is to be expected."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from labeler.learn.calibration import temperature
from labeler.learn.none_of_these import none_shift


def held_out(papers: int, none: int, bias: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores of three topics and "none of these", which is ``bias`` too low, and the answers."""
    answers = np.eye(4)[np.r_[np.full(none, 3), np.arange(papers - none) % 3]]
    scores = np.random.default_rng(seed).normal(size=(papers, 4)) + 2 * answers
    return scores - bias * np.eye(4)[3], answers


@settings(max_examples=30, deadline=None)
@given(none=st.integers(1, 59), bias=st.floats(-5, 5), seed=st.integers(0, 99))
def test_the_shift_makes_it_as_frequent_as_people_said_as_far_as_enough_did(none: int, bias: float, seed: int) -> None:
    scores, answers = held_out(60, none, bias, seed)
    shift = none_shift(scores, answers) * (none + 10) / none
    probabilities = softmax(temperature(scores, answers) * (scores + shift * np.eye(4)[3]), axis=1)
    assert probabilities[:, 3].sum() == pytest.approx(none, abs=1e-3)


def test_one_that_comes_too_seldom_is_raised_the_more_papers_show_it() -> None:
    few, many = (none_shift(*held_out(papers, papers // 6, bias=2.0)) for papers in (30, 600))
    assert 0 < few < many < 2.5


def test_where_too_little_is_known_nothing_is_shifted() -> None:
    for papers, none in ((9, 4), (60, 0), (60, 60)):
        assert none_shift(*held_out(papers, none, bias=2.0)) == 0
    scores, answers = held_out(60, 10, bias=2.0)
    scores[:, 3] = -np.inf
    assert none_shift(scores, answers) == 0


def test_papers_without_a_score_take_no_part() -> None:
    scores, answers = held_out(60, 10, bias=2.0)
    more = np.vstack([scores, np.full((5, 4), -np.inf)]), np.vstack([answers, np.eye(4)[[3] * 5]])
    assert none_shift(*more) == pytest.approx(none_shift(scores, answers))
    unknown = np.vstack([scores, np.zeros((5, 4))]), np.vstack([answers, np.zeros((5, 4))])
    assert none_shift(*unknown) == pytest.approx(none_shift(scores, answers))
