from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.suspects.confident import Doubts, Floats, doubts_multi, doubts_single


def drawn(seed: int, papers: int, topics: int, mode: str) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(topics), papers) if mode == "single" else rng.random((papers, topics))
    if mode == "single":
        return np.eye(topics)[rng.integers(topics, size=papers)], probabilities
    return rng.choice([0.0, 1.0, np.nan], size=(papers, topics)), probabilities


def doubts(mode: str, answers: Floats, probabilities: Floats) -> Doubts:
    return (doubts_single if mode == "single" else doubts_multi)(answers, probabilities)


SEEDS = st.integers(0, 10_000)
MODES = st.sampled_from(["single", "multi"])


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 30), st.integers(2, 5), MODES)
def test_suspicions_are_shares_and_follow_the_order_of_papers_and_topics(
    seed: int, papers: int, topics: int, mode: str
) -> None:
    answers, probabilities = drawn(seed, papers, topics, mode)
    found = doubts(mode, answers, probabilities)
    known = np.isfinite(found.suspicion)
    assert ((found.suspicion[known] >= 0) & (found.suspicion[known] <= 1)).all()
    assert not found.flagged[~known].any()
    assert found.columns[found.flagged].any(axis=1).all()
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(papers), rng.permutation(topics)
    moved = doubts(mode, answers[rows][:, columns], probabilities[rows][:, columns])
    np.testing.assert_allclose(moved.suspicion, found.suspicion[rows])
    assert (moved.columns == found.columns[rows][:, columns]).all()


@settings(max_examples=40)
@given(SEEDS, MODES)
def test_a_label_that_is_less_probable_is_not_less_suspicious(seed: int, mode: str) -> None:
    answers, probabilities = drawn(seed, 12, 4, mode)
    answers[0] = [1, 0, 0, 0]
    before = doubts(mode, answers, probabilities).suspicion[0]
    probabilities[0, 0] *= 0.5
    assert doubts(mode, answers, probabilities).suspicion[0] >= before


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_slips_among_clear_papers_are_flagged_and_come_first(mode: str) -> None:
    truth = np.eye(4)[np.arange(80) % 4]
    rng = np.random.default_rng(0)
    probabilities = 0.9 * truth + 0.1 * rng.dirichlet(np.ones(4), 80)
    answers, slips = truth.copy(), [3, 17, 44, 70]
    answers[slips] = np.roll(truth[slips], 1, axis=1)
    found = doubts(mode, answers, probabilities)
    assert set(np.argsort(-found.suspicion)[:4]) == set(slips)
    assert set(np.flatnonzero(found.flagged)) == set(slips)
    assert not found.columns[slips][truth[slips] == answers[slips]].any()
    assert found.columns[slips].any(axis=1).all()


def test_flags_follow_the_published_thresholds() -> None:
    """The confident joint of equation 2 of the paper, counted by hand."""
    answers = np.eye(2)[[0, 0, 0, 1, 1]]
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.5, 0.5]])
    # The thresholds are 0.6 and 0.65: the third paper reaches that of the second topic, the last one reaches none.
    assert doubts_single(answers, probabilities).flagged.tolist() == [False, False, True, False, False]


def test_of_many_topics_a_paper_is_flagged_where_doubts_come_together() -> None:
    rng = np.random.default_rng(0)
    truth = np.eye(8)[np.arange(160) % 8]
    probabilities = np.clip(0.8 * truth + 0.1 * rng.random((160, 8)), 0, 1)
    answers = truth.copy()
    answers[0] = np.roll(truth[0], 1)  # one topic for another
    answers[1, 5] = 1.0  # one too many
    probabilities[1, 5] = 0.0
    probabilities[2, 6] = 0.89  # one that is missing, perhaps
    probabilities[3, 6] = 0.95  # and one surely
    found = doubts_multi(answers, probabilities)
    assert found.columns[:4].any(axis=1).all()
    assert np.flatnonzero(found.flagged).tolist() == [0, 3]


def test_slips_among_labels_of_uneven_frequency_come_first() -> None:
    truth = np.eye(3)[np.repeat([0, 1, 2], [300, 30, 10])]
    rng = np.random.default_rng(0)
    probabilities = 0.8 * truth + 0.2 * rng.dirichlet(np.array([30.0, 3.0, 1.0]), len(truth))
    answers, slips = truth.copy(), [3, 100, 305, 335]
    answers[slips] = np.roll(truth[slips], 1, axis=1)
    assert set(np.argsort(-doubts_single(answers, probabilities).suspicion)[:4]) == set(slips)


def test_what_is_not_known_is_not_doubted() -> None:
    answers, probabilities = np.array([[1.0, 0.0], [np.nan, np.nan]]), np.array([[np.nan, np.nan], [0.9, 0.1]])
    for mode in ("single", "multi"):
        found = doubts(mode, answers, probabilities)
        assert np.isnan(found.suspicion).all()
        assert not found.flagged.any()


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_nothing_is_nothing(mode: str) -> None:
    assert len(doubts(mode, np.zeros((0, 3)), np.zeros((0, 3))).suspicion) == 0
