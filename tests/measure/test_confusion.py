"""Pairs of topics that are confused."""

from __future__ import annotations

import numpy as np

from labeler.measure.confusion import Confusion, confusions


def test_pairs_are_counted_once_a_paper_the_most_frequent_first() -> None:
    truth = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], float)
    guess = np.array([[0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]], bool)
    assert confusions(("a", "b", "c"), truth, guess) == [Confusion("a", "b", 2), Confusion("b", "a", 1)]


def test_unknown_answers_make_no_pair() -> None:
    truth, guess = np.array([[1, np.nan]]), np.array([[False, True]])
    assert confusions(("a", "b"), truth, guess) == []
