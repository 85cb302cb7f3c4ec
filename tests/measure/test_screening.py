"""The work that a model saves a person who must find the papers of one topic."""

from __future__ import annotations

import numpy as np
import pytest

from labeler.measure.resampling import Draws
from labeler.measure.screening import screening


def test_a_perfect_order_saves_all_but_the_papers_of_the_topic() -> None:
    truth = (np.arange(100) < 20).astype(float)
    found = screening("in", truth, -np.arange(100.0), Draws.of(np.arange(100)))
    assert found is not None
    assert (found.papers, found.of, found.read) == (20, 100, 19)
    assert found.recall == 0.95
    assert found.saved.value == pytest.approx(1 - 0.19 - 0.05)


def test_the_worst_order_saves_nothing() -> None:
    truth = (np.arange(100) >= 80).astype(float)
    found = screening("in", truth, -np.arange(100.0), Draws.of(np.arange(100)))
    assert found is not None
    assert found.saved.value < 0
    assert found.read == 99


def test_unknown_papers_do_not_count_and_without_one_of_the_topic_there_is_nothing_to_find() -> None:
    draws = Draws.of(np.arange(3))
    found = screening("in", np.array([1, np.nan, 0]), np.array([0.2, 0.9, 0.1]), draws)
    assert found is not None
    assert (found.of, found.read) == (2, 1)
    assert screening("in", np.zeros(3), np.zeros(3), draws) is None
