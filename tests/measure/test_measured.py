"""All metrics over the same draws of papers."""

from __future__ import annotations

import numpy as np
import pytest

from labeler.measure.measured import _figures, measured_estimates
from labeler.measure.metrics import macro_f1, micro_f1
from labeler.measure.registry import METRICS
from labeler.measure.resampling import Draws


def answers(papers: int, topics: int = 3, wrong: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = (rng.random((papers, topics)) < 0.4).astype(float)
    return truth, (truth == 1) ^ (rng.random(truth.shape) < wrong)


def test_estimates_are_of_every_metric_that_needs_labels() -> None:
    truth, guess = answers(40)
    found = measured_estimates(truth, guess, Draws.of(np.arange(40)))
    assert found["macro_f1"].value == pytest.approx(macro_f1.score(truth, guess))
    assert found["micro_f1"].value == pytest.approx(micro_f1.score(truth, guess))
    assert all(estimate.low <= estimate.value <= estimate.high for estimate in found.values())
    assert list(found) == [metric.NAME for metric in METRICS.builtin if metric.NEEDS == "labels"]


@pytest.mark.parametrize("weighted", [False, True])
def test_a_metric_that_knows_no_weights_has_nearly_the_interval_of_one_that_does(weighted: bool) -> None:
    truth, guess = answers(400)
    weights = np.where(truth[:, 0] == 1, 3.0, 1.0) if weighted else None
    draws = Draws.of(np.arange(400), weights)
    known, other = (
        measured_estimates(truth, guess, draws)["micro_f1"],
        draws.estimate(
            _figures(micro_f1, truth, guess, draws)  # type: ignore[arg-type]
        ),
    )
    assert other
    assert other.value == pytest.approx(known.value, abs=0.01 if weighted else 1e-9)
    assert (other.low, other.high) == pytest.approx((known.low, known.high), abs=0.015)


def test_near_duplicates_widen_an_interval() -> None:
    truth, guess = (np.repeat(part, 4, axis=0) for part in answers(60))
    alone, together = (Draws.of(groups) for groups in (np.arange(240), np.arange(240) // 4))
    narrow, wide = (measured_estimates(truth, guess, draws)["micro_f1"] for draws in (alone, together))
    assert narrow.value == wide.value
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_topics_of_a_paper_or_two_that_are_missed_do_not_lift_the_interval() -> None:
    truth = np.zeros((100, 12))
    truth[np.arange(40), 0] = truth[np.arange(40, 80), 1] = 1
    truth[np.arange(80, 90), np.arange(2, 12)] = 1
    guess = truth == 1
    guess[:, 2:] = False
    found = measured_estimates(truth, guess, Draws.of(np.arange(100)))["macro_f1"]
    assert found.value == pytest.approx(1 / 6)
    assert found.high < 0.18
