"""Which share of papers can be decided at which precision."""

from __future__ import annotations

import numpy as np

from labeler.measure.risk_coverage import coverages


def test_the_surest_papers_come_first() -> None:
    confidence = np.array([0.5, 0.9, 0.7, 0.6])
    rows = coverages(confidence, np.array([1, 1, 2, 0]), np.array([0, 1, 1, 0]), (0.25, 0.5, 1.0))
    assert [(one.papers, one.given, one.right, one.least) for one in rows] == [
        (1, 1, 1, 0.9),
        (2, 3, 2, 0.7),
        (4, 4, 2, 0.5),
    ]
    assert rows[-1].precision is not None
    assert rows[-1].precision.value == 0.5


def test_shares_of_few_papers_stand_once() -> None:
    assert [one.papers for one in coverages(np.ones(2), np.zeros(2, int), np.zeros(2, int))] == [1, 2]
    assert coverages(np.ones(0), np.zeros(0, int), np.zeros(0, int)) == []
    assert coverages(np.ones(2), np.zeros(2, int), np.zeros(2, int))[0].precision is None
