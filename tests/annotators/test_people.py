from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from labeler.annotators.people import WithOthers, with_others
from labeler.annotators.ratings import Ratings
from labeler.annotators.resamples import Figure
from tests.annotators.factories import ratings_of


def in_time(answers: np.ndarray) -> Ratings:
    """Ratings with a day each, in the order of papers."""
    ratings = ratings_of(answers)
    times = tuple(f"2026-01-{1 + row // 10:02}" for row in range(len(ratings.ids)))
    return dataclasses.replace(ratings, times=times)


def test_the_share_of_the_others_who_gave_just_the_same() -> None:
    answers = np.zeros((4, 3, 2), dtype=np.int8)
    answers[0, 0] = [1, 0]
    answers[1, 0], answers[1, 1] = [1, 1], [1, 1]
    answers[2, 2] = -1
    answers[3, 1:] = -1
    one, two, three = with_others(ratings_of(answers))
    assert (one.annotator, one.papers) == ("p0", 3)
    assert one.agreement.value == pytest.approx((0 + 1 / 2 + 1) / 3)
    assert two.agreement.value == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert three.papers == 2
    assert one.earlier is None


def test_agreement_that_moved_is_told_by_halves() -> None:
    rng = np.random.default_rng(0)
    answers = np.repeat(rng.integers(0, 2, (200, 1, 1)), 2, axis=1).astype(np.int8)
    answers[100:, 1] = rng.integers(0, 2, (100, 1))
    one, other = with_others(in_time(answers))
    assert one.drift == other.drift == "fell"
    assert one.earlier is not None
    assert one.earlier.value == 1
    assert with_others(in_time(answers[::-1]))[0].drift == "rose"
    assert with_others(in_time(answers[:100]))[0].drift == ""
    assert with_others(in_time(answers[:80]))[0].later is None


def test_without_intervals_nothing_moved() -> None:
    figure = Figure(0.5)
    assert WithOthers("ada", 3, figure, figure, figure).drift == ""
    assert WithOthers("ada", 3, figure).to_dict()["earlier"] is None
