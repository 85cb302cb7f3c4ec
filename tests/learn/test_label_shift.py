"""The shares of topics in a stream are found from what a model says of it, and probabilities are for that stream."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.learn.label_shift import adjustment, even_weights, expected_shares, stream_shares

EVEN = np.full(4, 0.25)
UNEVEN = np.array([0.7, 0.15, 0.1, 0.05])


def posteriors(shares: np.ndarray, expected: np.ndarray, papers: int, seed: int = 0) -> np.ndarray:
    """What a calibrated model that expects some shares says of papers of other ``shares``."""
    rng = np.random.default_rng(seed)
    topics = rng.choice(len(shares), size=papers, p=shares)
    signal = rng.normal(0, 1, (papers, len(shares)))
    signal[np.arange(papers), topics] += 2.0
    odds = np.exp(2.0 * signal) * expected
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(("true", "expected"), [(UNEVEN, EVEN), (EVEN, UNEVEN), (EVEN, EVEN), (UNEVEN, UNEVEN)])
def test_the_shares_of_a_stream_are_found(true: np.ndarray, expected: np.ndarray) -> None:
    found = stream_shares(posteriors(true, expected, 3000), expected, 1000)
    assert found == pytest.approx(true, abs=0.03)
    assert found.sum() == pytest.approx(1)


def test_few_papers_hardly_move_the_shares() -> None:
    found = stream_shares(posteriors(UNEVEN, EVEN, 5), EVEN, 1000)
    assert np.abs(found - EVEN).max() < 0.15
    assert stream_shares(np.empty((0, 4)), UNEVEN, 1000).tolist() == UNEVEN.tolist()


def test_a_model_of_few_judged_papers_moves_the_shares_less() -> None:
    of_few, of_many = (stream_shares(posteriors(UNEVEN, EVEN, 3000), EVEN, judged) for judged in (10, 1000))
    assert np.abs(of_few - EVEN).sum() < 0.7 * np.abs(of_many - EVEN).sum()


def test_expected_shares_are_those_of_held_out_papers_with_a_score() -> None:
    held_out = np.array([[0.5, 0.5], [1.0, 0.0], [np.nan, 0.3]])
    assert expected_shares(held_out).tolist() == [0.75, 0.25]
    assert expected_shares(np.full((2, 3), np.nan)) == pytest.approx([1 / 3] * 3)


def test_the_adjustment_is_the_smaller_the_less_is_known_of_a_topic() -> None:
    known, half, unknown = (adjustment(UNEVEN, EVEN, np.full(4, count)) for count in (1e9, 2, 0))
    assert known[:3] == pytest.approx(np.log(UNEVEN / EVEN)[:3], abs=0.35)
    assert np.log(UNEVEN / EVEN)[3] < known[3] < known[2] < 0 < known[0]
    assert half == pytest.approx(known / 2)
    assert unknown.tolist() == [0, 0, 0, 0]


def test_small_differences_may_be_chance_and_change_nothing() -> None:
    almost = np.array([0.27, 0.24, 0.23, 0.26])
    assert adjustment(almost, EVEN, np.full(4, 1e9)).tolist() == [0, 0, 0, 0]


def test_how_rare_a_rare_topic_is_hardly_matters() -> None:
    rare, rarer = (np.array([1 - share, share]) for share in (1e-3, 1e-6))
    plenty = np.full(2, 1e9)
    assert adjustment(rare, np.full(2, 0.5), plenty) == pytest.approx(
        adjustment(rarer, np.full(2, 0.5), plenty), abs=0.05
    )


@given(st.integers(1, 5), st.integers(1, 200), st.integers(0, 2**16))
def test_with_even_weights_topics_count_the_same_however_many_papers_they_have(
    columns: int, most: int, seed: int
) -> None:
    counts = np.random.default_rng(seed).integers(1, most + 1, columns)
    members = np.repeat(np.eye(columns), counts, axis=0)
    weights = even_weights(members)
    assert weights.mean() == pytest.approx(1)
    totals = weights @ members
    known = counts >= 5  # of fewer papers a topic counts for less
    assert totals[known] == pytest.approx(np.full(known.sum(), totals.max()))
    assert (totals <= totals.max() + 1e-9).all()


def test_adjusted_probabilities_are_right_more_often() -> None:
    rng = np.random.default_rng(1)
    topics = rng.choice(4, size=4000, p=UNEVEN)
    signal = rng.normal(0, 1, (4000, 4))
    signal[np.arange(4000), topics] += 2.0
    scores = 2.0 * signal
    odds = np.exp(scores)
    shares = stream_shares(odds / odds.sum(axis=1, keepdims=True), EVEN, 1000)
    adjusted = scores + adjustment(shares, EVEN, np.full(4, 1e9))
    before, after = ((some.argmax(axis=1) == topics).mean() for some in (scores, adjusted))
    assert after > before + 0.02


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 20), st.integers(0, 2**16))
def test_shares_are_shares_whatever_a_model_says(columns: int, papers: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    said = rng.dirichlet(np.full(columns, 0.1), size=papers)
    expected = rng.dirichlet(np.ones(columns))
    found = stream_shares(said, expected, papers)
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert np.isfinite(adjustment(found, expected, np.arange(columns))).all()
