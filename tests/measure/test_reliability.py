"""Whether probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from labeler.measure.reliability import reliability
from labeler.measure.resampling import Draws


def test_probabilities_that_mean_what_they_say_have_little_error() -> None:
    rng = np.random.default_rng(0)
    claimed = rng.random(5000)
    right = rng.random(5000) < claimed
    found = reliability(claimed, right, np.arange(5000), Draws.of(np.arange(5000)))
    assert found.brier is not None
    assert found.ece is not None
    assert found.brier.value == pytest.approx(brier_score_loss(right, claimed))
    assert found.ece.value < 0.03
    assert sum(one.claims for one in found.bins) == 5000
    assert all(
        one.share.low <= one.mean <= one.share.high or abs(one.share.value - one.mean) < 0.06 for one in found.bins
    )


def test_an_overconfident_model_is_told() -> None:
    claimed, right = np.full(100, 0.95), np.arange(100) < 60
    found = reliability(claimed, right, np.arange(100), Draws.of(np.arange(100)))
    assert found.ece is not None
    assert found.ece.value == pytest.approx(0.35)
    [row] = found.bins
    assert (row.low, row.high, row.claims, row.right) == (0.9, 1.0, 100, 60)
    assert row.share.value == 0.6


def test_a_probability_of_one_has_a_bin_and_none_at_all_is_no_fault() -> None:
    draws = Draws.of(np.arange(1))
    assert reliability(np.ones(1), np.ones(1, bool), np.zeros(1, int), draws).bins[0].high == 1.0
    assert reliability(np.ones(0), np.ones(0, bool), np.zeros(0, int), draws).brier is None
