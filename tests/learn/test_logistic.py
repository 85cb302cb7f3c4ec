from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from labeler.learn.logistic import Regression, fit_logistic

ONE = np.ones(3, np.float32)


def drawn(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points (90, 4) of three groups, and the number of the group of each."""
    rng = np.random.default_rng(seed)
    groups = np.arange(90) % 3
    return (rng.normal(size=(90, 4)) + 1.5 * rng.normal(size=(3, 4))[groups]).astype(np.float32), groups


def with_one(points: np.ndarray) -> np.ndarray:
    """The points with a column of ones: the intercept is regularised like a weight."""
    return np.hstack([points, np.ones((len(points), 1))])


def test_of_exclusive_topics_it_is_the_multinomial_regression_of_scikit_learn() -> None:
    points, groups = drawn()
    signs = np.where(np.eye(3)[groups] == 1, 1, -1).astype(np.int8)
    found = fit_logistic(points, signs, ONE, 0.5, exclusive=True)
    other = LogisticRegression(C=0.5, fit_intercept=False, tol=1e-8, max_iter=1000).fit(with_one(points), groups)
    np.testing.assert_allclose(found.weights, other.coef_[:, :-1].T, atol=2e-3)
    np.testing.assert_allclose(found.intercepts, other.coef_[:, -1], atol=2e-3)


def test_of_others_each_is_the_regression_of_scikit_learn_on_its_known_answers() -> None:
    points, groups = drawn(1)
    signs = np.where(np.eye(3)[groups] == 1, 1, -1).astype(np.int8)
    signs[::4, 1] = 0
    weight = np.array([1, 0.3, 2], np.float32)
    found = fit_logistic(points, signs, weight, 2.0, exclusive=False)
    for column in range(3):
        known = signs[:, column] != 0
        weights = np.where(signs[known, column] == 1, 1, weight[column])
        other = LogisticRegression(C=2.0, fit_intercept=False, tol=1e-8, max_iter=1000)
        other.fit(with_one(points[known]), signs[known, column], weights)
        np.testing.assert_allclose(found.weights[:, column], other.coef_[0, :-1], atol=2e-3)


def test_what_is_unknown_is_no_choice_and_a_point_without_a_yes_teaches_nothing() -> None:
    points, groups = drawn(2)
    signs = np.where(np.eye(3)[groups] == 1, 1, -1).astype(np.int8)
    signs[:, 2] = 0  # a topic that cannot be learned
    found = fit_logistic(points, signs, ONE, 1.0, exclusive=True)
    alone = fit_logistic(points[groups < 2], signs[groups < 2], ONE, 1.0, exclusive=True)
    np.testing.assert_allclose(found.weights, alone.weights, atol=1e-3)
    assert not found.weights[:, 2].any()


def test_a_point_of_several_topics_is_as_many_points_with_the_weights_of_their_shares() -> None:
    points, groups = drawn(4)
    signs = np.where(np.eye(3)[groups] == 1, 1, -1).astype(np.int8)
    shares = sparse.lil_matrix((90, 3), dtype=np.float32)
    shares[::2] = 0.7 * np.eye(3)[groups[::2]] + 0.3 * np.eye(3)[(groups[::2] + 1) % 3]
    found = fit_logistic(points, signs, ONE, 1.0, exclusive=True, shares=shares.tocsr())
    weights = np.ones(90)
    weights[::2] = 0.7
    other = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-8, max_iter=1000)
    other.fit(
        with_one(np.vstack([points, points[::2]])),
        np.concatenate([groups, (groups[::2] + 1) % 3]),
        np.concatenate([weights, np.full(45, 0.3)]),
    )
    np.testing.assert_allclose(found.weights, other.coef_[:, :-1].T, atol=2e-3)


@pytest.mark.parametrize("exclusive", [True, False])
def test_from_another_start_it_comes_to_the_same_end(exclusive: bool) -> None:
    points, groups = drawn(3)
    signs = np.where(np.eye(3)[groups] == 1, 1, -1).astype(np.int8)
    one = fit_logistic(points, signs, ONE, 1.0, exclusive)
    start = Regression(np.ones((4, 3), np.float32), np.full(3, -2, np.float32))
    other = fit_logistic(points, signs, ONE, 1.0, exclusive, start=start)
    np.testing.assert_allclose(one.weights, other.weights, atol=5e-3)
