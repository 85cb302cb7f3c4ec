from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from labeler.features.space import Mix, Points, Space, fit_space
from labeler.features.tfidf import fit_tfidf
from labeler.learn.solver import Loss, fit_dual, fit_primal
from labeler.score.linear import MULTI, SINGLE
from tests.features.made import corpus
from tests.learn.made import TINY, single_papers

NAN = np.nan
MODES = [SINGLE, MULTI]
# Scores may be this far from the optimum: L-BFGS stops where a step gains less than a millionth of the loss (here 50 to
# 200), in numbers of four bytes, and the dual adds 1e-5 to the diagonal. As the loss bends at least with ½|weights|², a
# gap of 5e-5 to the optimum leaves weights off by at most √(2 · 5e-5) = 0.01, and at points of length one the scores
# as well. Over 800 draws none was off by more than 0.008. Two fits may differ by twice that.
CLOSE = 1e-2


def drawn(papers: int = 40, width: int = 12, columns: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points of length one, and answers (one a row) that follow from them with some noise."""
    chance = np.random.default_rng(seed)
    points = chance.normal(size=(papers, width))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    noisy = points @ chance.normal(size=(width, columns)) * 2 + chance.gumbel(size=(papers, columns))
    return points, np.eye(columns)[noisy.argmax(axis=1)]


def kernel_of(points: np.ndarray) -> np.ndarray:
    return (points @ points.T).astype(np.float32)


def solved(points: np.ndarray, answers: np.ndarray, weights: np.ndarray, strength: float, mode: str) -> np.ndarray:
    """Scores at the points themselves."""
    kernel = kernel_of(points)
    return np.asarray(kernel @ fit_dual(kernel, Loss(answers, weights, strength, mode)))


def reference(points: np.ndarray, answers: np.ndarray, weights: np.ndarray, strength: float, mode: str) -> np.ndarray:
    """Scores by scikit-learn's logistic regression on the points as features."""
    options = {"C": strength, "fit_intercept": False, "tol": 1e-10, "max_iter": 10_000}
    if mode == SINGLE:
        found = LogisticRegression(**options).fit(points, answers.argmax(axis=1), sample_weight=weights[:, 0])
        return np.asarray(points @ found.coef_.T)
    each = [
        LogisticRegression(**options).fit(points, answers[:, column], sample_weight=weights[:, column]).coef_[0]
        for column in range(answers.shape[1])
    ]
    return np.asarray(points @ np.array(each).T)


def weights_for(papers: int, columns: int, mode: str, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.2, 3, (papers, 1 if mode == SINGLE else columns))


@pytest.mark.parametrize("strength", [0.5, 4.0, 20.0])
@pytest.mark.parametrize("mode", MODES)
def test_the_optimum_is_that_of_scikit_learn(mode: str, strength: float) -> None:
    points, answers = drawn()
    weights = weights_for(*answers.shape, mode)
    found = solved(points, answers, weights, strength, mode)
    np.testing.assert_allclose(found, reference(points, answers, weights, strength, mode), atol=2 * CLOSE)


@pytest.mark.parametrize("mode", MODES)
@given(seed=st.integers(0, 999))
@settings(max_examples=15, deadline=None)
def test_no_loss_is_lower_than_the_one_found_by_more_than_a_little(mode: str, seed: int) -> None:
    points, answers = drawn(25, 8, seed=seed)
    weights = weights_for(*answers.shape, mode, seed)
    kernel, loss = kernel_of(points), Loss(answers, weights, 4.0, mode)
    coefficients = fit_dual(kernel, loss)

    def objective(at: np.ndarray) -> float:
        return loss((kernel @ at).astype(np.float32))[0] + 0.5 * float(np.sum(at * (kernel @ at)))

    found = objective(coefficients)
    slope = loss((kernel @ coefficients).astype(np.float32))[1] + coefficients  # zero where nothing can be gained
    assert 0.5 * float(np.sum(slope * (kernel @ slope))) < 0.03  # so much can be gained at most (strong convexity)
    for number in range(10):
        step = np.random.default_rng(number).normal(0, 0.05, coefficients.shape)
        assert objective(coefficients + step) > found - 1e-3


@pytest.mark.parametrize("mode", MODES)
@given(seed=st.integers(0, 999), unknown=st.floats(0, 0.6))
@settings(max_examples=25, deadline=None)
def test_slopes_are_those_of_the_loss(mode: str, seed: int, unknown: float) -> None:
    chance = np.random.default_rng(seed)
    _, answers = drawn(6, seed=seed)
    answers[(chance.random(answers.shape) < unknown) & (answers == 0)] = NAN
    loss = Loss(answers, weights_for(6, 3, mode, seed), 2.0, mode)
    scores = chance.normal(0, 2, (6, 3)).astype(np.float32)
    _, slope = loss(scores)
    for place in np.ndindex(scores.shape):
        moved = [scores.copy(), scores.copy()]
        moved[0][place] -= 0.05
        moved[1][place] += 0.05
        low, high = (loss(at)[0] for at in moved)
        assert slope[place] == pytest.approx((high - low) / 0.1, abs=0.02)


def test_a_loss_by_hand() -> None:
    scores = np.array([[1.0, 0.0, -1.0], [2.0, 5.0, 0.0]], dtype=np.float32)
    answers = np.array([[1.0, 0.0, 0.0], [0.0, NAN, 1.0]])
    value, _ = Loss(answers, np.array([[1.0], [0.5]]), 2.0, SINGLE)(scores)
    expected = -2 * np.log(softmax([1, 0, -1])[0]) - 1 * np.log(softmax([2, 0])[1])
    assert value == pytest.approx(expected, rel=1e-6)
    value, _ = Loss(answers, np.array([[1.0, 3.0, 0.0], [1.0, 7.0, 1.0]]), 2.0, MULTI)(scores)
    told = np.log([expit(1), expit(0), expit(-2), expit(0)])
    assert value == pytest.approx(-2 * float(told @ [1, 3, 1, 1]), rel=1e-6)


@pytest.mark.parametrize("score", [-80.0, 0.0, 3.0, 80.0])
def test_an_unknown_column_has_no_influence_on_its_paper(score: float) -> None:
    answers = np.array([[1.0, NAN, 0.0]])
    at = np.array([[0.5, score, -0.5]], dtype=np.float32)
    value, slope = Loss(answers, np.ones((1, 1)), 1.0, SINGLE)(at)
    alone, slope_alone = Loss(answers[:, [0, 2]], np.ones((1, 1)), 1.0, SINGLE)(at[:, [0, 2]])
    assert value == pytest.approx(alone, rel=1e-6)
    assert slope[0, 1] == 0
    np.testing.assert_allclose(slope[:, [0, 2]], slope_alone, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_a_column_that_is_unknown_everywhere_changes_nothing_and_learns_nothing(mode: str) -> None:
    points, answers = drawn()
    more = np.insert(answers, 1, NAN, axis=1)
    weights = weights_for(*more.shape, mode)
    found = solved(points, more, weights, 4.0, mode)
    without = solved(points, answers, weights if mode == SINGLE else weights[:, [0, 2, 3]], 4.0, mode)
    assert not found[:, 1].any()
    np.testing.assert_allclose(found[:, [0, 2, 3]], without, atol=CLOSE)


def test_what_is_unknown_in_multi_mode_weighs_nothing_whatever_its_weight() -> None:
    points, answers = drawn()
    unknown = np.random.default_rng(1).random(answers.shape) < 0.3
    weights = weights_for(*answers.shape, MULTI)
    found = solved(points, np.where(unknown, NAN, answers), weights, 4.0, MULTI)
    expected = solved(points, 1 - answers, np.where(unknown, 0, weights), 4.0, MULTI)  # with answers turned round
    np.testing.assert_allclose(found, -expected, atol=CLOSE)


@pytest.mark.parametrize("mode", MODES)
def test_a_weight_of_three_is_three_papers(mode: str) -> None:
    points, answers = drawn(20)
    weights = np.ones((20, 1 if mode == SINGLE else 3))
    weights[:7] = 3
    copies = np.repeat(np.arange(20), [3] * 7 + [1] * 13)
    found = solved(points, answers, weights, 4.0, mode)
    copied = solved(points[copies], answers[copies], np.ones((34, weights.shape[1])), 4.0, mode)
    np.testing.assert_allclose(copied, found[copies], atol=2 * CLOSE)


@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_papers_and_of_columns_does_not_matter(mode: str) -> None:
    points, answers = drawn()
    weights = weights_for(*answers.shape, mode)
    found = solved(points, answers, weights, 4.0, mode)
    order, columns = np.random.default_rng(3).permutation(len(points)), np.array([2, 0, 1])
    shuffled = solved(points[order], answers[order], weights[order], 4.0, mode)
    np.testing.assert_allclose(shuffled, found[order], atol=CLOSE)
    turned = solved(points, answers[:, columns], weights if mode == SINGLE else weights[:, columns], 4.0, mode)
    np.testing.assert_allclose(turned, found[:, columns], atol=CLOSE)


@cache
def space_of() -> tuple[Space, Points]:
    texts = single_papers(each=8)[0]
    tfidf = fit_tfidf(texts, 1, TINY)
    return fit_space(tfidf, tfidf.transform(texts), TINY)


@pytest.mark.parametrize("strength", [4.0, 20.0])
@pytest.mark.parametrize("mix", [Mix(0.35, 0.45, 0.20), Mix(0.8, 0.12, 0.08), Mix(1.0, 0.0, 0.0)])
@pytest.mark.parametrize("mode", MODES)
def test_dual_and_primal_are_one_model(mode: str, mix: Mix, strength: float) -> None:
    space, points = space_of()
    answers = np.repeat(np.eye(3), 8, axis=0)
    answers[::5, 1] = np.where(answers[::5, 1] == 1, 1, NAN)
    loss = Loss(answers, weights_for(*answers.shape, mode), strength, mode)
    shares = (mix.terms, *mix.latent)
    kernel = sum(
        np.float32(share) * part for share, part in zip(shares, space.inner_products(points, points), strict=True)
    )
    dual = space.model(points, fit_dual(np.asarray(kernel), loss), mix)
    primal = fit_primal(space, points, mix, loss)
    assert np.abs(space.scores(dual, points)).max() > 0.5
    np.testing.assert_allclose(space.scores(primal, points), space.scores(dual, points), atol=2 * CLOSE)
    folded = [points.terms @ weights + bases for weights, bases in (space.fold(dual), space.fold(primal))]
    np.testing.assert_allclose(folded[1], folded[0], atol=2 * CLOSE)


@pytest.mark.parametrize("mode", MODES)
def test_the_same_problem_has_the_same_bytes(mode: str) -> None:
    points, answers = drawn()
    weights = weights_for(*answers.shape, mode)
    one, other = (solved(points, answers, weights, 4.0, mode) for _ in range(2))
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("papers", [0, 1, 4])
@pytest.mark.parametrize("size", [0.0, 1e-17, -1e-17, 1.0])
def test_papers_that_are_all_equal_or_none_are_no_fault_and_no_warning(papers: int, size: float, mode: str) -> None:
    kernel = np.full((papers, papers), size, dtype=np.float32)
    answers = np.eye(2)[np.arange(papers) % 2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss = Loss(answers, np.ones((papers, 1 if mode == SINGLE else 2)), 4.0, mode)
        found = kernel @ fit_dual(kernel, loss)
    assert found.shape == (papers, 2)
    assert np.isfinite(found).all()
    if papers == 4:
        np.testing.assert_allclose(found, 0, atol=CLOSE)


def test_what_is_no_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="positive semi-definite"):
        fit_dual(-np.eye(3, dtype=np.float32), Loss(np.eye(3), np.ones((3, 1)), 1.0, SINGLE))


def test_texts_of_many_themes_are_told_apart() -> None:
    texts = corpus(80)
    tfidf = fit_tfidf(texts, 1, TINY)
    space, points = fit_space(tfidf, tfidf.transform(texts), TINY)
    answers = np.array([[theme in text for theme in ("rock", "moon", "gene", "coin")] for text in texts], dtype=float)
    mix = Mix(0.8, 0.0, 0.2)
    found = fit_primal(space, points.take(np.arange(40)), mix, Loss(answers[:40], np.ones((40, 1)), 4.0, SINGLE))
    said = space.scores(found, points.take(np.arange(40, 80))).argmax(axis=1)
    assert (said == answers[40:].argmax(axis=1)).mean() > 0.9
