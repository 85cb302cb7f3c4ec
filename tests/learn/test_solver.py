from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from labeler.features.space import Mix, Points, Space, fit_space
from labeler.features.weighting import fit_tfidf
from labeler.learn.solver import Loss, fit_dual
from tests.learn.factories import TINY, single_papers

NAN = np.nan
KINDS = pytest.mark.parametrize("hinge", [False, True], ids=["softmax", "hinge"])
# Scores may be this far from the optimum: L-BFGS stops where a step gains less than a millionth of the loss (here 50 to
# 200), in numbers of four bytes, and the dual adds 1e-5 to the diagonal. As the loss bends at least with ½|weights|², a
# gap of 5e-5 to the optimum leaves weights off by at most √(2 · 5e-5) = 0.01, and at points of length one the scores
# as well. Over 800 draws no regression was off by more than 0.008, of 250 no hinge model by more than 0.02. Two fits
# may differ by twice that.
CLOSE = 1e-2


def drawn(papers: int = 40, width: int = 12, columns: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points of length one, and answers (one a row) that follow from them with some noise."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(papers, width))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    noisy = points @ rng.normal(size=(width, columns)) * 2 + rng.gumbel(size=(papers, columns))
    return points, np.eye(columns)[noisy.argmax(axis=1)]


def kernel_of(points: np.ndarray) -> np.ndarray:
    return (points @ points.T).astype(np.float32)


def solved(points: np.ndarray, answers: np.ndarray, weights: np.ndarray, C: float, hinge: bool) -> np.ndarray:
    """Scores at the points themselves."""
    kernel = kernel_of(points)
    return np.asarray(kernel @ fit_dual(kernel, Loss(answers, weights, C, hinge)))


def reference(points: np.ndarray, answers: np.ndarray, weights: np.ndarray, C: float, hinge: bool) -> np.ndarray:
    """Scores by scikit-learn's logistic regression or support vector machines on the points as features."""
    if not hinge:
        regression = LogisticRegression(C=C, fit_intercept=False, tol=1e-10, max_iter=10_000)
        found = regression.fit(points, answers.argmax(axis=1), sample_weight=weights[:, 0])
        return np.asarray(points @ found.coef_.T)
    machine = LinearSVC(loss="squared_hinge", C=C, fit_intercept=False, dual=False, tol=1e-10, max_iter=10_000)
    each = [
        machine.fit(points, answers[:, column], sample_weight=weights[:, column]).coef_[0].copy()
        for column in range(answers.shape[1])
    ]
    return np.asarray(points @ np.array(each).T)


def weights_for(papers: int, columns: int, hinge: bool, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.2, 3, (papers, columns if hinge else 1))


@pytest.mark.parametrize("C", [0.5, 4.0, 20.0])
@KINDS
def test_the_optimum_is_that_of_scikit_learn(hinge: bool, C: float) -> None:
    points, answers = drawn()
    weights = weights_for(*answers.shape, hinge)
    found = solved(points, answers, weights, C, hinge)
    np.testing.assert_allclose(found, reference(points, answers, weights, C, hinge), atol=2 * CLOSE)


@KINDS
@given(seed=st.integers(0, 999))
@settings(max_examples=15, deadline=None)
def test_no_loss_is_lower_than_the_one_found_by_more_than_a_little(hinge: bool, seed: int) -> None:
    points, answers = drawn(25, 8, seed=seed)
    weights = weights_for(*answers.shape, hinge, seed)
    kernel, loss = kernel_of(points), Loss(answers, weights, 4.0, hinge)
    coefficients = fit_dual(kernel, loss)

    def objective(at: np.ndarray) -> float:
        return loss((kernel @ at).astype(np.float32))[0] + 0.5 * float(np.sum(at * (kernel @ at)))

    found = objective(coefficients)
    slope = loss((kernel @ coefficients).astype(np.float32))[1] + coefficients  # zero where nothing can be gained
    # So much can be gained at most (strong convexity); of hinge, which bend more steeply, far less can. Over all
    # seeds it is below 0.01 and 0.091.
    assert 0.5 * float(np.sum(slope * (kernel @ slope))) < (0.1 if hinge else 0.03)
    for number in range(10):
        step = np.random.default_rng(number).normal(0, 0.05, coefficients.shape)
        assert objective(coefficients + step) > found - 1e-3


@KINDS
@given(seed=st.integers(0, 999), unknown=st.floats(0, 0.6))
@settings(max_examples=25, deadline=None)
def test_slopes_are_those_of_the_loss(hinge: bool, seed: int, unknown: float) -> None:
    rng = np.random.default_rng(seed)
    _, answers = drawn(6, seed=seed)
    answers[(rng.random(answers.shape) < unknown) & (answers == 0)] = NAN
    loss = Loss(answers, weights_for(6, 3, hinge, seed), 2.0, hinge)
    scores = rng.normal(0, 2, (6, 3)).astype(np.float32)
    # The slope of a hinge bends at one, and a difference there is neither of its two slopes.
    scores[np.abs(np.abs(scores) - 1) < 0.06] *= 1.3
    _, slope = loss(scores)
    for index in np.ndindex(scores.shape):
        moved = [scores.copy(), scores.copy()]
        moved[0][index] -= 0.05
        moved[1][index] += 0.05
        low, high = (loss(at)[0] for at in moved)
        assert slope[index] == pytest.approx((high - low) / 0.1, abs=0.02)


def test_a_loss_by_hand() -> None:
    scores = np.array([[1.0, 0.0, -1.0], [2.0, 5.0, 0.0]], dtype=np.float32)
    answers = np.array([[1.0, 0.0, 0.0], [0.0, NAN, 1.0]])
    value, _ = Loss(answers, np.array([[1.0], [0.5]]), 2.0, False)(scores)
    expected = -2 * np.log(softmax([1, 0, -1])[0]) - 1 * np.log(softmax([2, 0])[1])
    assert value == pytest.approx(expected, rel=1e-6)
    value, slope = Loss(answers, np.array([[1.0, 3.0, 0.0], [1.0, 7.0, 1.0]]), 2.0, True)(scores)
    assert value == 2 * (1 * 0 + 3 * 1**2 + 1 * 3**2 + 1 * 1**2)  # shortfalls 0, 1, (0), 3, unknown, 1
    assert slope.tolist() == [[0, 2 * 2 * 3 * 1, 0], [2 * 2 * 3, 0, -2 * 2 * 1]]


def test_a_row_without_a_yes_says_that_one_of_its_unknown_columns_is_right() -> None:
    scores = np.array([[1.0, 0.5, -1.0]], dtype=np.float32)
    value, slope = Loss(np.array([[0.0, NAN, NAN]]), np.array([[2.0]]), 1.0, False)(scores)
    chances = softmax(scores[0])
    assert value == pytest.approx(-2 * np.log(1 - chances[0]), rel=1e-6)
    among_others = np.array([0, *softmax(scores[0, 1:])])
    np.testing.assert_allclose(slope[0], 2 * (chances - among_others), rtol=1e-5)


def test_a_pair_beyond_its_margin_pulls_no_more() -> None:
    answers = np.array([[1.0, 0.0]])
    loss = Loss(answers, np.ones((1, 2)), 4.0, True)
    for scores in ([[1.0, -1.0]], [[9.0, -9.0]]):
        value, slope = loss(np.array(scores, dtype=np.float32))
        assert (value, slope.any()) == (0.0, False)
    assert loss(np.array([[0.9, -0.9]], dtype=np.float32))[1].all()


@pytest.mark.parametrize("score", [-80.0, 0.0, 3.0, 80.0])
def test_an_unknown_column_has_no_influence_on_its_paper(score: float) -> None:
    answers = np.array([[1.0, NAN, 0.0]])
    at = np.array([[0.5, score, -0.5]], dtype=np.float32)
    value, slope = Loss(answers, np.ones((1, 1)), 1.0, False)(at)
    alone, slope_alone = Loss(answers[:, [0, 2]], np.ones((1, 1)), 1.0, False)(at[:, [0, 2]])
    assert value == pytest.approx(alone, rel=1e-6)
    assert slope[0, 1] == 0
    np.testing.assert_allclose(slope[:, [0, 2]], slope_alone, atol=1e-6)


@KINDS
def test_a_column_that_is_unknown_everywhere_changes_nothing_and_learns_nothing(hinge: bool) -> None:
    points, answers = drawn()
    more = np.insert(answers, 1, NAN, axis=1)
    weights = weights_for(*more.shape, hinge)
    found = solved(points, more, weights, 4.0, hinge)
    without = solved(points, answers, weights[:, [0, 2, 3]] if hinge else weights, 4.0, hinge)
    assert not found[:, 1].any()
    np.testing.assert_allclose(found[:, [0, 2, 3]], without, atol=CLOSE)


def test_what_is_unknown_to_the_hinge_loss_weighs_nothing_whatever_its_weight() -> None:
    points, answers = drawn()
    unknown = np.random.default_rng(1).random(answers.shape) < 0.3
    weights = weights_for(*answers.shape, True)
    found = solved(points, np.where(unknown, NAN, answers), weights, 4.0, True)
    expected = solved(points, 1 - answers, np.where(unknown, 0, weights), 4.0, True)  # with answers turned round
    np.testing.assert_allclose(found, -expected, atol=CLOSE)


@KINDS
def test_a_weight_of_three_is_three_papers(hinge: bool) -> None:
    points, answers = drawn(20)
    weights = np.ones((20, 3 if hinge else 1))
    weights[:7] = 3
    copies = np.repeat(np.arange(20), [3] * 7 + [1] * 13)
    found = solved(points, answers, weights, 4.0, hinge)
    copied = solved(points[copies], answers[copies], np.ones((34, weights.shape[1])), 4.0, hinge)
    np.testing.assert_allclose(copied, found[copies], atol=2 * CLOSE)


@KINDS
def test_the_order_of_papers_and_of_columns_does_not_matter(hinge: bool) -> None:
    points, answers = drawn()
    weights = weights_for(*answers.shape, hinge)
    found = solved(points, answers, weights, 4.0, hinge)
    order, columns = np.random.default_rng(3).permutation(len(points)), np.array([2, 0, 1])
    shuffled = solved(points[order], answers[order], weights[order], 4.0, hinge)
    np.testing.assert_allclose(shuffled, found[order], atol=CLOSE)
    turned = solved(points, answers[:, columns], weights[:, columns] if hinge else weights, 4.0, hinge)
    np.testing.assert_allclose(turned, found[:, columns], atol=CLOSE)


@cache
def space_of() -> tuple[Space, Points]:
    texts = single_papers(each=8)[0]  # two components
    tfidf = fit_tfidf(texts, 1, TINY)
    return fit_space(tfidf, tfidf.transform(texts), TINY)


def kernel_in(space: Space, points: Points, mix: Mix) -> np.ndarray:
    shares = (mix.terms, *mix.latent)
    parts = zip(shares, space.inner_products(points, points), strict=True)
    return np.asarray(sum(np.float32(share) * part for share, part in parts))


def spread(space: Space, points: Points, mix: Mix) -> np.ndarray:
    """Points as plain features whose inner products are those of the mix."""
    terms = np.sqrt(mix.terms) * (points.terms.toarray() - space.centre)
    return np.hstack([terms, *(np.sqrt(share) * part for share, part in zip(mix.latent, points.blocks, strict=True))])


def some_answers() -> np.ndarray:
    answers = np.repeat(np.eye(3), 8, axis=0)
    answers[::5, 1] = np.where(answers[::5, 1] == 1, 1, NAN)
    return answers


MIXES = [Mix(0.35, 0.45, 0.20), Mix(0.8, 0.12, 0.08), Mix(1.0, 0.0, 0.0)]


@pytest.mark.parametrize("C", [0.5, 4.0])
@pytest.mark.parametrize("mix", MIXES)
def test_hinge_models_with_an_intercept_are_those_of_scikit_learn(mix: Mix, C: float) -> None:
    """The intercept is a feature that is always one."""
    space, points = space_of()
    answers = some_answers()[2:]  # more of one topic than of another, for which there is an intercept
    points = points.take(np.arange(2, 24))
    weights = np.where(np.isnan(answers), 0, weights_for(*answers.shape, True))
    features = np.hstack([spread(space, points, mix), np.ones((len(points), 1))])
    expected = reference(features, np.nan_to_num(answers), weights, C, True)
    kernel, loss = kernel_in(space, points, mix) + np.float32(1), Loss(answers, weights, C, True)
    np.testing.assert_allclose(kernel, features @ features.T, atol=1e-5)
    np.testing.assert_allclose(kernel @ fit_dual(kernel, loss), expected, atol=2 * CLOSE)


@KINDS
def test_the_same_problem_has_the_same_bytes(hinge: bool) -> None:
    points, answers = drawn()
    weights = weights_for(*answers.shape, hinge)
    one, other = (solved(points, answers, weights, 4.0, hinge) for _ in range(2))
    assert one.tobytes() == other.tobytes()


@KINDS
@pytest.mark.parametrize("papers", [0, 1, 4])
@pytest.mark.parametrize("size", [0.0, 1e-17, -1e-17, 1.0])
def test_papers_that_are_all_equal_or_none_are_no_fault_and_no_warning(papers: int, size: float, hinge: bool) -> None:
    kernel = np.full((papers, papers), size, dtype=np.float32)
    answers = np.eye(2)[np.arange(papers) % 2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss = Loss(answers, np.ones((papers, 2 if hinge else 1)), 4.0, hinge)
        found = kernel @ fit_dual(kernel, loss)
    assert found.shape == (papers, 2)
    assert np.isfinite(found).all()
    if papers == 4:
        np.testing.assert_allclose(found, 0, atol=CLOSE)


def test_what_is_no_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="positive semi-definite"):
        fit_dual(-np.eye(3, dtype=np.float32), Loss(np.eye(3), np.ones((3, 1)), 1.0, False))


def test_with_a_factor_columns_share_what_they_learn() -> None:
    points, answers = drawn()
    kernel, weights = kernel_of(points), weights_for(*answers.shape, False)
    covariances = np.eye(answers.shape[1])
    covariances[:2, :2] += 5.0
    found = fit_dual(kernel, Loss(answers, weights, 4.0, False, np.linalg.cholesky(covariances)))
    gradient = Loss(answers, weights, 4.0, False)((kernel @ found).astype(np.float32))[1]
    step = found + gradient @ covariances  # zero at the optimum, where nothing can be gained
    assert float(np.sum(step * (kernel @ step))) < 0.01
    alone = fit_dual(kernel, Loss(answers, weights, 4.0, False))
    assert not np.allclose(kernel @ found, kernel @ alone, atol=0.1)
