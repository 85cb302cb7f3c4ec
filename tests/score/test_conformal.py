from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.score.conformal import least_probabilities, sets
from labeler.topics.mode import Mode


def single(seed: int, papers: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are too sure of themselves, with "none of these" as the last column, and the truth."""
    rng = np.random.default_rng(seed)
    real = rng.dirichlet([0.3] * 5, papers)
    answers = (real.cumsum(axis=1) > rng.random((papers, 1))).argmax(axis=1)
    shown = real**2 / (real**2).sum(axis=1, keepdims=True)
    return shown, np.eye(5)[answers][:, :4]


def multi(seed: int, papers: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    real = rng.beta(0.3, 0.6, (papers, 3))
    return real**2 / (real**2 + (1 - real) ** 2), (rng.random(real.shape) < real).astype(float)


@pytest.mark.parametrize("error", [0.1, 0.2])
def test_sets_hold_the_right_topic_as_often_as_asked(error: float) -> None:
    shown, truth = single(10_000, 40_000)
    answers = np.where(truth.any(axis=1), truth.argmax(axis=1), 4)
    held = []
    for seed in range(30):
        found = sets(shown, least_probabilities(*single(seed, 300), Mode.SINGLE, error), Mode.SINGLE)
        assert found.any(axis=1).all()
        held.append(found[np.arange(len(found)), answers].mean())
    assert 1 - error - 0.01 <= np.mean(held) <= 1 - error + 0.03


def test_in_multi_mode_each_topic_is_in_the_sets_of_papers_that_have_it() -> None:
    shown, truth = multi(10_000, 40_000)
    held = []
    for seed in range(30):
        found = sets(shown, least_probabilities(*multi(seed, 300), Mode.MULTI, 0.1), Mode.MULTI)
        held.append([found[truth[:, topic] == 1, topic].mean() for topic in range(3)])
    assert (np.mean(held, axis=0) >= 0.88).all()
    assert (np.mean(held, axis=0) <= 0.93).all()


@given(seed=st.integers(0, 99), papers=st.integers(0, 12), mode=st.sampled_from(list(Mode)))
@settings(max_examples=60, deadline=None)
def test_where_too_little_is_known_sets_hold_every_topic(seed: int, papers: int, mode: Mode) -> None:
    shown, truth = single(seed, papers) if mode == Mode.SINGLE else multi(seed, papers)
    least = least_probabilities(shown, truth, mode, 0.01)
    assert (least == 0).all()


def test_papers_count_as_much_as_their_weights() -> None:
    shown, truth = single(1, 400)
    weights = np.where(np.arange(400) < 200, 1.0, 0.0)
    few = least_probabilities(shown[:200], truth[:200], Mode.SINGLE, 0.1)
    all_of_them = least_probabilities(shown, truth, Mode.SINGLE, 0.1, weights)
    np.testing.assert_allclose(all_of_them, few, atol=0.02)
