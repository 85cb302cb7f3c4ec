"""Draws of papers, all at once."""

from __future__ import annotations

import numpy as np
import pytest

from labeler.measure.by_topic import Tallies
from labeler.measure.estimates import bootstrap
from labeler.measure.metrics import macro_f1
from labeler.measure.resampling import Draws


def test_the_first_weights_are_those_of_all_papers() -> None:
    draws = Draws.of(np.arange(5))
    assert draws.weights[0].tolist() == [1.0] * 5
    np.testing.assert_allclose(draws.weights.sum(axis=1), 5)
    assert (draws.weights > 0).all()


def test_papers_of_one_group_are_drawn_together() -> None:
    weights = Draws.of(np.array([0, 7, 7, 3])).weights
    assert (weights[:, 1] == weights[:, 2]).all()
    assert not (weights[:, 0] == weights[:, 3]).all()


def test_weights_of_papers_count_in_every_draw() -> None:
    draws = Draws.of(np.arange(4), np.array([1.0, 1.0, 1.0, 5.0]))
    np.testing.assert_allclose(draws.weights[0], [0.5, 0.5, 0.5, 2.5])
    np.testing.assert_allclose(draws.weights[:, 3], 2.5 * Draws.of(np.arange(4)).weights[:, 3])


def test_the_draws_of_texts_are_the_same_in_any_order() -> None:
    texts = [f"a paper of number {number} about {'owls and their nights' * number}" for number in range(8)]
    texts += [texts[3], texts[5]]
    order = np.random.default_rng(0).permutation(len(texts))
    draws = Draws.of_texts(texts)
    assert (Draws.of_texts([texts[row] for row in order]).weights == draws.weights[:, order]).all()
    assert (draws.weights[:, 3] == draws.weights[:, 8]).all()


def test_the_interval_is_that_of_the_bootstrap() -> None:
    rng = np.random.default_rng(3)
    truth = (rng.random((300, 4)) < 0.3).astype(float)
    guess = (truth == 1) ^ (rng.random((300, 4)) < 0.15)
    draws = Draws.of(np.arange(300))
    found = draws.estimate(Tallies.of(truth, guess, draws.weights).macro_f1())
    other = bootstrap(lambda rows: macro_f1.score(truth[rows], guess[rows]), 300, 400)
    assert found is not None
    assert found.value == pytest.approx(other.value)
    assert found.low == pytest.approx(other.low, abs=0.02)
    assert found.high == pytest.approx(other.high, abs=0.02)


def test_a_figure_that_is_not_there_is_none() -> None:
    assert Draws.of(np.arange(2)).estimate(np.array([np.nan, 1.0])) is None
    assert Draws.of(np.arange(0)).weights.shape == (1, 0)


def test_of_very_many_papers_there_are_fewer_draws() -> None:
    assert len(Draws.of(np.arange(50_000)).weights) == 81


def test_a_difference_on_one_paper_may_be_chance_where_papers_are_drawn_with_replacement() -> None:
    one = np.arange(60) == 7  # the only paper on which two models differ
    bayesian, replaced = (Draws.of(np.arange(60), replaced=flag) for flag in (False, True))
    assert (bayesian.weights[1:] @ one > 0).all()
    found = replaced.estimate(-(replaced.weights @ one) / 60)
    assert found
    assert (round(found.value, 4), found.high) == (-0.0167, 0.0)
