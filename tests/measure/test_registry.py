"""The metrics by name."""

from __future__ import annotations

import numpy as np
import pytest

from labeler.errors import UsageError
from labeler.measure.registry import METRICS


@pytest.mark.parametrize("name", METRICS.names)
def test_what_is_right_throughout_is_one_and_what_is_wrong_less(name: str) -> None:
    truth = (np.random.default_rng(0).random((40, 3)) < 0.4).astype(float)
    metric = METRICS.named(name)
    right, wrong = (truth == 1, truth == 0) if metric.NEEDS == "labels" else (truth, 1 - truth)
    assert metric.score(truth, right) == 1.0 > metric.score(truth, wrong)


def test_a_name_that_no_metric_has_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=f"there is no metric 'none'; known are: {', '.join(METRICS.names)}"):
        METRICS.named("none")
