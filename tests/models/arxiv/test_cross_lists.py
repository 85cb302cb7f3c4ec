from __future__ import annotations

import numpy as np

from labeler.score.linear import expit, logit
from models.arxiv.cross_lists import LEAST, fitted, lists


def test_the_curve_of_invented_papers_is_found_again() -> None:
    rng = np.random.RandomState(0)
    probabilities = rng.dirichlet([0.5] * 5, 20_000)
    first = np.arange(5) == probabilities.argmax(axis=1)[:, None]
    chance = expit(0.8 * logit(probabilities) + 0.5)
    listed = (first | (rng.uniform(size=chance.shape) < chance)).astype(float)
    found = fitted(probabilities, listed)
    assert found is not None
    assert abs(found.slope - 0.8) < 0.05
    assert abs(found.intercept - 0.5) < 0.1
    assert found.least == LEAST
    chosen = lists(probabilities, found)
    assert (chosen[first]).all()
    others = chosen & ~first
    assert others.any()
    assert (chance[others] > LEAST - 0.05).all()


def test_without_second_categories_nothing_is_fitted_and_the_first_is_the_list() -> None:
    probabilities = np.array([[0.7, 0.3], [0.4, 0.6]])
    listed = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert fitted(probabilities, listed) is None
    assert (lists(probabilities, None) == listed).all()
