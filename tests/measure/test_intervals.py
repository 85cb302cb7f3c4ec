from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from labeler.measure.intervals import lower_bound, upper_bound

TRIALS = st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
CONFIDENCE = st.sampled_from([0.5, 0.9, 0.95, 0.999])


@given(TRIALS, CONFIDENCE)
@settings(max_examples=100, deadline=None)
def test_bounds_are_those_of_the_beta_distribution(trials: tuple[int, int], confidence: float) -> None:
    seen, total = trials
    low = beta.ppf(1 - confidence, seen, total - seen + 1) if seen else 0.0
    high = beta.ppf(confidence, seen + 1, total - seen) if seen < total else 1.0
    assert lower_bound(seen, total, confidence) == pytest.approx(low, abs=1e-9)
    assert upper_bound(seen, total, confidence) == pytest.approx(high, abs=1e-9)


@given(TRIALS)
@settings(max_examples=50, deadline=None)
def test_the_share_lies_between_its_bounds(trials: tuple[int, int]) -> None:
    seen, total = trials
    assert 0 <= lower_bound(seen, total) <= seen / total <= upper_bound(seen, total) <= 1


def test_without_a_trial_nothing_is_known() -> None:
    assert (lower_bound(0, 0), upper_bound(0, 0)) == (0.0, 1.0)


def test_the_lower_bound_of_a_clean_record_grows_with_the_record() -> None:
    assert lower_bound(22, 22) == pytest.approx(0.1 ** (1 / 22))
    assert lower_bound(21, 21) < 0.9 < lower_bound(22, 22)
    assert upper_bound(0, 22) == pytest.approx(1 - 0.1 ** (1 / 22))
