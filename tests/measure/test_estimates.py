from __future__ import annotations

import numpy as np
import pytest

from labeler.measure.estimates import Estimate, bootstrap


def test_the_bootstrap_gives_the_figure_of_all_papers_and_an_interval_around_it() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    found = bootstrap(lambda rows: float(values[rows].mean()), len(values))
    error = 1.96 * values.std() / np.sqrt(len(values))
    assert found.value == values.mean()
    assert found.low == pytest.approx(values.mean() - error, abs=0.06)
    assert found.high == pytest.approx(values.mean() + error, abs=0.06)


def test_the_bootstrap_is_the_same_with_the_same_seed() -> None:
    def figure(rows: np.ndarray) -> float:
        return float(rows.mean())

    assert bootstrap(figure, 30, 50, seed=3) == bootstrap(figure, 30, 50, seed=3) != bootstrap(figure, 30, 50, seed=4)


def test_an_estimate_is_told_to_people_and_programs() -> None:
    estimate = Estimate(0.123456, 0.1, 0.2)
    assert str(estimate) == "0.123 [0.100, 0.200]"
    assert estimate.to_dict() == {"value": 0.1235, "low": 0.1, "high": 0.2}
