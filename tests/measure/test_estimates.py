from __future__ import annotations

import numpy as np
import pytest

from labeler.measure.estimates import Estimate, bootstrap, measured_estimates
from labeler.measure.metrics import macro_f1, micro_f1
from labeler.measure.registry import METRICS


def test_the_bootstrap_gives_the_figure_of_all_papers_and_an_interval_around_it() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    found = bootstrap(lambda rows: float(values[rows].mean()), len(values))
    error = 1.96 * values.std() / np.sqrt(len(values))
    assert found.value == values.mean()
    assert found.low == pytest.approx(values.mean() - error, abs=0.06)
    assert found.high == pytest.approx(values.mean() + error, abs=0.06)


def test_a_weighted_bootstrap_is_of_papers_in_proportion_to_their_weights() -> None:
    values = np.repeat([0.0, 1.0], [300, 100])
    weights = np.where(values == 1, 3.0, 1.0)
    found = bootstrap(lambda rows: float(values[rows].mean()), len(values), weights=weights)
    assert found.value == pytest.approx(0.5, abs=0.01)
    assert found.low == pytest.approx(0.45, abs=0.02)
    assert found.high == pytest.approx(0.55, abs=0.02)


def test_the_bootstrap_is_the_same_with_the_same_seed() -> None:
    def figure(rows: np.ndarray) -> float:
        return float(rows.mean())

    assert bootstrap(figure, 30, 50, seed=3) == bootstrap(figure, 30, 50, seed=3) != bootstrap(figure, 30, 50, seed=4)


def test_estimates_are_of_every_metric_that_needs_labels() -> None:
    truth = (np.random.default_rng(0).random((40, 3)) < 0.4).astype(float)
    guess = truth == 1
    guess[:10] = ~guess[:10]
    found = measured_estimates(truth, guess)
    assert (found["macro_f1"].value, found["micro_f1"].value) == (
        macro_f1.score(truth, guess),
        micro_f1.score(truth, guess),
    )
    assert all(estimate.low <= estimate.value <= estimate.high for estimate in found.values())
    assert list(found) == [metric.NAME for metric in METRICS.builtin if metric.NEEDS == "labels"]


def test_an_estimate_is_told_to_people_and_programs() -> None:
    estimate = Estimate(0.123456, 0.1, 0.2)
    assert str(estimate) == "0.123 [0.100, 0.200]"
    assert estimate.to_dict() == {"value": 0.1235, "low": 0.1, "high": 0.2}
