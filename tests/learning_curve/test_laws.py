from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.learning_curve.laws import LAWS, Law, backtest, carried_on, fitted

SIZES = np.array([80.0, 130.0, 220.0, 370.0])


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_curve_of_the_law_itself_is_carried_on_as_it_is(law: Law) -> None:
    rate = law.rates[len(law.rates) // 2]
    gap = 0.05 if law.name == "logarithm" else 0.4
    limit = 0.3 if law.name == "logarithm" else 0.8

    def curve(sizes: np.ndarray) -> np.ndarray:
        return np.array(limit - gap * law.shape(sizes, rate))

    later = np.array([500.0, 1000.0])
    found = fitted(law, SIZES, curve(SIZES)[None, :])
    np.testing.assert_allclose(found.at(later)[0], curve(later), atol=1e-6)
    assert backtest(law, SIZES, curve(SIZES)[None, :]) == pytest.approx(0, abs=0.01)


def test_a_law_foretells_its_own_curve_better_than_the_others() -> None:
    power = LAWS[0]
    curve = (0.9 - 2.5 * power.shape(SIZES, power.rates[15]))[None, :]
    errors = [backtest(law, SIZES, curve) for law in LAWS]
    assert errors[0] == min(errors)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.sampled_from(LAWS))
def test_no_curve_falls_or_leaves_0_to_1(figures: list[float], law: Law) -> None:
    at = fitted(law, SIZES, np.array([figures])).at(np.geomspace(80, 8000, 12))[0]
    assert (np.diff(at) >= -1e-9).all()
    assert ((at >= 0) & (at <= 1)).all()


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_each_curve_is_fitted_by_itself(first: list[float], second: list[float]) -> None:
    for law in LAWS:
        both = fitted(law, SIZES, np.array([first, second]))
        alone = fitted(law, SIZES, np.array([second]))
        np.testing.assert_allclose(both.at(SIZES)[1:], alone.at(SIZES), atol=1e-9)


def test_curves_are_carried_on_by_the_laws_that_foretell_their_last_point() -> None:
    figures = np.tile(0.8 - 3.0 * SIZES**-0.6, (101, 1))
    found = carried_on(SIZES, figures, np.array([400.0, 3200.0]))
    assert found.shape == (101, 2)
    assert found[0] == pytest.approx(0.8 - 3.0 * np.array([400.0, 3200.0]) ** -0.6, abs=0.03)
    assert found[1:, 0].std() > 0
