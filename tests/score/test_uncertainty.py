from __future__ import annotations

import numpy as np
import pytest

from labeler.score.uncertainty import margins

HALF = np.array([0.5, 0.5, 0.5])


def test_single_the_lead_of_the_most_probable_answer_counts() -> None:
    told = np.array([[0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0.05, 0.9, 0.05]])
    assert margins(told, HALF, "single") == pytest.approx([0.2, 0.0, 0.85])


def test_single_none_of_these_is_an_answer_too() -> None:
    told = np.array([[0.4, 0.2, 0.4], [0.7, 0.2, 0.1]])
    assert margins(told, HALF[:2], "single") == pytest.approx([0.0, 0.5])


def test_single_with_one_answer_its_probability_counts() -> None:
    assert margins(np.array([[1.0], [0.6]]), HALF[:1], "single") == pytest.approx([0.0, 0.4])


def test_multi_the_paper_with_most_doubtful_topics_comes_first() -> None:
    told = np.array([[0.99, 0.01, 0.01], [0.6, 0.4, 0.01], [0.6, 0.4, 0.5]])
    found = margins(told, HALF, "multi")
    assert list(np.argsort(found)) == [2, 1, 0]


def test_multi_a_topic_that_is_always_vague_does_not_decide() -> None:
    """The last topic is near its threshold everywhere; what tells papers apart is the other two."""
    told = np.array([[0.95, 0.02, 0.5], [0.6, 0.45, 0.53], [0.05, 0.02, 0.5]])
    assert margins(told, HALF, "multi").argmin() == 1


def test_multi_a_topic_that_cannot_be_learned_says_nothing() -> None:
    told = np.array([[0.4, 0.0], [0.1, 0.0]])
    found = margins(told, np.array([0.5, np.inf]), "multi")
    assert np.isfinite(found).all()
    assert found == pytest.approx(margins(told[:, :1], HALF[:1], "multi"))


def test_multi_distance_is_from_the_topics_own_threshold() -> None:
    told = np.array([[0.25], [0.9]])
    assert margins(told, np.array([0.2]), "multi").argmin() == 0
