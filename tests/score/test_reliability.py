from __future__ import annotations

import numpy as np

from labeler.score.reliability import NOTHING_KNOWN, Curve, Reliability, effective_size

CURVE = Curve(*np.array([[0.5, 0.7, 0.9], [0.6, 0.85, 0.8], [0.55, 0.8, 0.75], [0.7, 0.9, 0.95]]))


def test_a_promise_is_kept_from_the_least_confidence_up_that_keeps_it() -> None:
    assert [CURVE.cut(promise) for promise in (0.5, 0.6, 0.7, 0.85, 0.9)] == [0.5, 0.5, 0.7, 0.7, np.inf]


def test_a_surer_decision_keeps_no_smaller_promise() -> None:
    assert CURVE.promised(np.array([0.2, 0.5, 0.69, 0.7, 0.95])).tolist() == [0.0, 0.6, 0.6, 0.85, 0.85]
    assert NOTHING_KNOWN.promised(np.array([0.9])).tolist() == [0.0]


def test_what_is_promised_of_a_confidence_is_decided_at_that_promise() -> None:
    for confidence in (0.5, 0.7, 0.8, 0.9):
        [promise] = CURVE.promised(np.array([confidence]))
        assert CURVE.cut(float(promise)) <= confidence


def test_the_interval_is_that_of_decisions_from_the_cut_up() -> None:
    assert CURVE.interval(0.7) == (0.8, 0.9)
    assert CURVE.interval(np.inf) is None


def test_it_is_saved_as_arrays() -> None:
    known = Reliability(np.array([0.1, -0.2]), CURVE)
    again = Reliability.of_arrays(known.arrays())
    assert again is not None
    assert all(np.array_equal(one, other) for one, other in zip(again.topics, CURVE, strict=True))
    assert len(again.none.confidences) == 0
    assert Reliability.of_arrays({}) is None


def test_papers_of_unequal_weight_tell_less() -> None:
    assert effective_size(np.ones(50)) == 50
    assert effective_size(np.zeros(3)) == 0
