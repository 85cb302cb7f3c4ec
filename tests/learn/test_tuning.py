from __future__ import annotations

import numpy as np
import pytest

from labeler.features.tfidf import fit_tfidf
from labeler.learn.solver import fit_one, fit_single
from labeler.learn.thresholds import best_threshold
from labeler.learn.tuning import STRENGTHS, Tuned, crossed_thresholds, tune_multi, tune_single
from labeler.measure.metrics import macro_f1
from tests.learn.made import WORDS, multi_papers, single_papers, text_of

ORDER = sorted(filter(None, WORDS))


def tuned_multi(each: int = 4) -> tuple[Tuned, np.ndarray, object]:
    texts, topics = multi_papers(each)
    matrix = np.array([[topic in row for topic in ORDER] for row in topics], dtype=float)
    rows = fit_tfidf(texts).transform(texts)
    return tune_multi(rows, matrix, np.ones(matrix.shape), range(len(texts)), 0), matrix, rows


def test_held_out_scores_are_of_models_that_never_saw_the_paper() -> None:
    tuned, matrix, rows = tuned_multi()
    for fold in np.unique(tuned.folds)[:3]:
        inside = tuned.folds != fold
        weights, base = fit_one(rows[inside], matrix[inside, 1] == 1, np.ones(inside.sum()), tuned.strength)  # type: ignore[index]
        np.testing.assert_allclose(tuned.scores[~inside, 1], rows[~inside] @ weights + base)  # type: ignore[index]


def test_held_out_scores_of_single_mode_are_of_models_that_never_saw_the_paper() -> None:
    texts, _ = single_papers(each=4)
    rows, answers = fit_tfidf(texts).transform(texts), np.repeat([0, 1, 2], 4)
    tuned = tune_single(rows, answers, range(12), 0)
    for fold in np.unique(tuned.folds):
        inside = tuned.folds != fold
        weights, bases = fit_single(rows[inside], answers[inside], 3, tuned.strength)
        np.testing.assert_allclose(tuned.scores[~inside], rows[~inside] @ weights + bases)


def test_the_best_candidate_is_taken_and_the_gentlest_of_equals() -> None:
    tuned, _, _ = tuned_multi()
    assert sorted(tuned.candidates) == list(STRENGTHS)
    best = max(tuned.candidates.values())
    assert tuned.strength == min(c for c, figure in tuned.candidates.items() if figure == best)


def test_the_seed_decides_the_folds_alone() -> None:
    (one, _, _), (same, _, _) = tuned_multi(), tuned_multi()
    assert one.scores.tobytes() == same.scores.tobytes()
    assert one.candidates == same.candidates


@pytest.mark.parametrize(("papers", "folds"), [(60, 10), (510, 5)])
def test_small_sets_have_ten_folds_and_large_ones_five(papers: int, folds: int) -> None:
    texts = [text_of([ORDER[n % 2]], n) for n in range(papers)]
    tuned = tune_single(fit_tfidf(texts).transform(texts), np.arange(papers) % 2, range(papers), 0)
    assert len(np.unique(tuned.folds)) == folds


def test_papers_of_one_group_are_held_out_together() -> None:
    texts, _ = single_papers(each=6)
    groups = [n // 3 for n in range(18)]
    tuned = tune_single(fit_tfidf(texts).transform(texts), np.repeat([0, 1, 2], 6), groups, 0)
    assert all(len(set(tuned.folds[3 * group : 3 * group + 3])) == 1 for group in range(6))


def test_a_fold_without_a_yes_to_learn_from_has_no_score() -> None:
    texts, _ = multi_papers(4)
    matrix = np.zeros((len(texts), 1))
    matrix[:2] = 1
    tuned = tune_multi(fit_tfidf(texts).transform(texts), matrix, np.ones(matrix.shape), [0, 0, *range(2, 24)], 0)
    assert np.isneginf(tuned.scores[:2]).all()
    assert np.isfinite(tuned.scores[tuned.folds != tuned.folds[0]]).all()


def test_candidates_are_measured_at_their_best_thresholds_also_where_scores_are_low() -> None:
    texts, _ = multi_papers(4)
    rows = fit_tfidf(texts).transform(texts)
    matrix = (np.random.default_rng(3).random((len(texts), 1)) < 0.6).astype(float)
    tuned = tune_multi(rows, matrix, np.ones(matrix.shape), range(len(texts)), 0)
    threshold = best_threshold(1 / (1 + np.exp(-tuned.scores[:, 0])), matrix[:, 0] == 1)
    expected = macro_f1(matrix, 1 / (1 + np.exp(-tuned.scores)) >= threshold)
    assert tuned.candidates[tuned.strength] == pytest.approx(expected, abs=1e-6)


def test_crossed_thresholds_of_a_fold_come_from_the_others() -> None:
    folds = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.9], [0.5], [0.3], [0.1]])
    matrix = np.array([[1.0], [0.0], [1.0], [0.0]])
    assert crossed_thresholds(probabilities, matrix, folds).tolist() == [[True], [True], [False], [False]]


def test_crossed_thresholds_of_one_fold_are_one_half() -> None:
    found = crossed_thresholds(np.array([[0.6], [0.4]]), np.array([[1.0], [1.0]]), np.zeros(2, dtype=int))
    assert found.tolist() == [[True], [False]]
