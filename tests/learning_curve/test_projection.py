from __future__ import annotations

import numpy as np
import pytest

from labeler.learning_curve.projection import Projection, places

SIZES = np.array([86.0, 144.0, 240.0, 400.0])
PAPERS = 533
PLACES = places(SIZES, PAPERS)


def curves(truth: np.ndarray, spread: float = 0.0, seed: int = 0, draws: int = 200) -> np.ndarray:
    """A curve as it is carried on, which is off by chance, and draws about it; all of a draw is off together."""
    rng = np.random.default_rng(seed)
    carried = truth + spread * rng.standard_normal()
    return np.vstack([carried, carried + spread * rng.standard_normal((draws, 1)) * np.ones(len(truth))])


def power(sizes: np.ndarray) -> np.ndarray:
    return np.array(0.85 - 2.0 * sizes**-0.5)


def test_the_interval_holds_what_comes_and_widens_with_the_distance() -> None:
    projection = Projection.of(PLACES, curves(power(PLACES), 0.015), PAPERS)
    near, far = projection.at(PAPERS), projection.at(4 * PAPERS)
    assert near.low < near.value < near.high
    assert far.high - far.low > near.high - near.low
    assert far.low < float(power(np.array([4.0 * PAPERS]))[0]) < far.high


def test_intervals_hold_the_truth_in_about_nine_studies_of_ten() -> None:
    at = 2 * PAPERS
    truth = float(power(np.array([float(at)]))[0])
    found = [Projection.of(PLACES, curves(power(PLACES), 0.015, seed), PAPERS, seed).at(at) for seed in range(60)]
    assert sum(one.low <= truth <= one.high for one in found) >= 48


def test_a_flat_curve_says_that_more_adds_little_and_a_steep_one_does_not() -> None:
    flat = Projection.of(PLACES, curves(np.full(len(PLACES), 0.7)), PAPERS).gain(100, 0.01)
    steep = Projection.of(PLACES, curves(0.2 + 0.1 * np.log(PLACES)), PAPERS).gain(100, 0.01)
    assert flat.is_small
    assert flat.below > 0.9
    assert not steep.is_small
    assert steep.figure.value == pytest.approx(0.1 * np.log(633 / 533), abs=0.005)


def test_papers_needed_are_where_the_curve_reaches_the_target() -> None:
    projection = Projection.of(PLACES, curves(0.2 + 0.08 * np.log(PLACES)), PAPERS)
    wanted = 0.2 + 0.08 * np.log(1200)
    needed = projection.needed(float(wanted))
    assert needed.papers is not None
    assert needed.low is not None
    assert 900 < needed.papers < 2000
    assert needed.low <= needed.papers
    assert needed.high is None or needed.high >= needed.papers


def test_a_target_that_is_reached_needs_no_more_and_one_out_of_reach_is_not_told() -> None:
    projection = Projection.of(PLACES, curves(np.full(len(PLACES), 0.7), 0.01), PAPERS)
    assert projection.needed(0.5) == (PAPERS, PAPERS, PAPERS)
    assert projection.needed(0.95) == (None, None, None)


def test_the_same_curves_have_the_same_projection() -> None:
    both = [Projection.of(PLACES, curves(power(PLACES), 0.01), PAPERS).at(2000) for _ in range(2)]
    assert both[0] == both[1]


def test_a_perfect_figure_gains_nothing() -> None:
    gain = Projection.of(PLACES, np.minimum(curves(np.full(len(PLACES), 1.0), 0.001), 1), PAPERS).gain(100, 0.01)
    assert gain.is_small
    assert gain.figure.high < 0.005


def test_no_curve_falls() -> None:
    projection = Projection.of(PLACES, curves(0.8 - 0.02 * np.log(PLACES)), PAPERS)
    assert projection.at(4 * PAPERS).value == pytest.approx(projection.at(PAPERS).value)
    assert projection.enough(0.01) == round(SIZES[0])
