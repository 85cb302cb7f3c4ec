from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.learn.frequency import frequencies

ALL = np.ones(3, dtype=bool)


def test_few_papers_that_may_differ_by_chance_say_that_topics_are_equally_frequent() -> None:
    np.testing.assert_allclose(frequencies([2, 1, 1], ALL), [1 / 3] * 3)


def test_many_papers_are_believed() -> None:
    np.testing.assert_allclose(frequencies([8000, 1500, 500], ALL), [0.8, 0.15, 0.05], atol=1e-3)


def test_between_them_the_more_is_believed_the_less_chance_explains() -> None:
    """Of 24 papers 16, 4 and 4 are of a topic: chi-squared is 12, and 2 of it are chance."""
    found = frequencies([16, 4, 4], ALL)
    np.testing.assert_allclose(found, 5 / 6 * np.array([16, 4, 4]) / 24 + 1 / 6 / 3)


@pytest.mark.parametrize("counts", [[0, 0, 0], [5, 5, 5]])
def test_without_a_difference_all_are_equally_frequent(counts: list[int]) -> None:
    np.testing.assert_allclose(frequencies(counts, ALL), [1 / 3] * 3)


def test_what_cannot_be_learned_has_frequency_zero_and_does_not_count() -> None:
    found = frequencies([30, 500, 10], np.array([True, False, True]))
    assert found[1] == 0
    np.testing.assert_allclose(found[[0, 2]], frequencies([30, 10], np.ones(2, dtype=bool)))
    assert frequencies([7, 7], np.array([False, True])).tolist() == [0, 1]
    assert frequencies([7, 7], np.zeros(2, dtype=bool)).tolist() == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_frequencies_are_shares_in_the_order_of_the_counts(drawn: list[tuple[int, bool]]) -> None:
    counts, learnable = (
        np.array([count for count, _ in drawn]),
        np.array([flag for _, flag in drawn]),
    )
    found = frequencies(counts, learnable)
    assert found.sum() == pytest.approx(float(learnable.any()))
    assert (found >= 0).all()
    assert not found[~learnable].any()
    kept, shares = counts[learnable], found[learnable]
    order = np.argsort(kept, kind="stable")
    assert (np.diff(shares[order]) >= -1e-12).all()
    if kept.sum():
        own = kept / kept.sum()
        assert (
            (np.minimum(own, 1 / len(own)) - 1e-12 <= shares) & (shares <= np.maximum(own, 1 / len(own)) + 1e-12)
        ).all()
