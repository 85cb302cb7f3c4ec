from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.score.cross_lists import CrossLists
from labeler.score.linear import expit, logit

TOPICS = ("a", "b", "c")


def test_likely_topics_are_named_beside_the_assigned_one_with_probabilities_from_the_curve() -> None:
    curve = CrossLists(1.0, float(logit(np.array([0.75]))[0]), 0.4)
    given = np.array([[0.6, 0.3, 0.1, 0.0], [0.9, 0.05, 0.05, 0.0], [0.2, 0.2, 0.1, 0.5]])
    assigned = np.array([[True, False, False], [True, False, False], [False, False, False]])
    named = curve.named(given, assigned, TOPICS)
    expected = float(expit(logit(np.array([0.3])) + curve.intercept)[0])
    assert [[topic for topic, _ in some] for some in named] == [["b"], [], []]  # none beside "none of these"
    assert named[0][0][1] == pytest.approx(expected) == pytest.approx(0.5625)


@given(
    st.lists(st.lists(st.floats(0.001, 0.999), min_size=3, max_size=3), min_size=1, max_size=5),
    st.floats(0.1, 5),
    st.floats(-5, 5),
    st.floats(0.05, 0.95),
)
def test_no_topic_below_the_least_probability_is_named_and_never_the_assigned_one(
    rows: list[list[float]], slope: float, intercept: float, least: float
) -> None:
    given = np.array(rows)
    assigned = np.arange(3) == given.argmax(axis=1)[:, None]
    found = CrossLists(slope, intercept, least).probabilities(given, assigned)
    assert not found[assigned].any()
    assert ((found == 0) | (found >= least - 1e-9)).all()
    whole = expit(slope * logit(given) + intercept)
    missed = ~assigned & (found == 0)
    assert (whole[missed] <= least + 1e-9).all()


def test_a_topic_of_unknown_probability_is_not_named() -> None:
    given = np.array([[0.5, np.nan, 0.5]])
    assert CrossLists(1.0, 2.0, 0.4).named(given, np.array([[True, False, False]]), TOPICS)[0][0][0] == "c"
