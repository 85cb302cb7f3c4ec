from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from labeler.drift.chart import changes, dispersion, ratio


def portions(*shares: float, papers: int = 25, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The counts of one cell (n_portions, 1) of these shares, and the papers of portions."""
    rng = np.random.default_rng(seed)
    return rng.binomial(papers, shares)[:, None].astype(float), np.full(len(shares), float(papers))


def test_a_share_that_rises_is_found_with_the_time_since_when() -> None:
    counts, papers = portions(*[0.02] * 40, *[0.2] * 6)
    (change,) = changes(counts, papers)
    assert change.cell == 0
    assert 38 <= change.start <= 42
    assert change.before < 0.05 < 0.12 < change.after


@pytest.mark.parametrize("shares", [[0.02] * 46, [0.2] * 40 + [0.02] * 6, [0.02] * 3 + [0.3] * 2, [0.3]])
def test_what_stays_or_falls_or_is_too_short_is_no_rise(shares: list[float]) -> None:
    assert changes(*portions(*shares)) == []


def test_a_single_large_portion_is_a_window_of_its_own() -> None:
    counts, papers = portions(*[0.02] * 10, papers=100)
    counts, papers = np.vstack([counts, [[150.0]]]), np.append(papers, 1000.0)
    assert [change.start for change in changes(counts, papers)] == [10]


def test_what_swings_between_portions_is_held_to_more() -> None:
    calm, papers = portions(*[0.1] * 40)
    swinging, _ = portions(*[0.0, 0.2] * 20)
    found = dispersion(np.hstack([calm, swinging]), papers)
    assert found.shape == (41, 2)
    assert 1.0 <= found[-1, 0] < 2 < found[-1, 1]
    assert found[:2].tolist() == [[1.0, 1.0]] * 2


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 80), st.integers(1, 80))
def test_the_ratio_is_that_of_the_g_test(one: int, papers: int, other: int, other_papers: int) -> None:
    one, other = min(one, papers), min(other, other_papers)
    found = float(
        ratio(np.array(one / papers), np.array(papers), np.array(other / other_papers), np.array(other_papers))
    )
    if 0 < one + other < papers + other_papers:
        grid = [[one, papers - one], [other, other_papers - other]]
        assert found == pytest.approx(
            chi2_contingency(grid, correction=False, lambda_="log-likelihood").statistic, abs=1e-9
        )
    else:
        assert found == pytest.approx(0, abs=1e-9)
