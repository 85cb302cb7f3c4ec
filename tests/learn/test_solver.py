from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from labeler.features.tfidf import fit_tfidf
from labeler.learn.solver import fit_multi, fit_one, fit_single
from tests.learn.made import multi_papers, single_papers

TEXTS, TOPICS = single_papers(each=5)
ROWS = fit_tfidf(TEXTS).transform(TEXTS)
ANSWERS = np.repeat([0, 1, 2], 5)


def test_a_topic_is_learned_against_the_rest() -> None:
    yes = ANSWERS == 1
    weights, base = fit_one(ROWS, yes, np.ones(15), 5.0)
    assert ((ROWS @ weights + base > 0) == yes).all()


@pytest.mark.parametrize("answer", [True, False])
def test_one_answer_alone_teaches_nothing(answer: bool) -> None:
    weights, base = fit_one(ROWS, np.full(15, answer), np.ones(15), 5.0)
    assert not weights.any()
    assert base == -np.inf


def test_papers_of_weight_zero_do_not_count() -> None:
    yes = ANSWERS == 1
    counted = np.ones(15)
    counted[[0, 5]] = 0
    wrong = yes.copy()
    wrong[[0, 5]] = ~wrong[[0, 5]]
    one, other = fit_one(ROWS, yes, counted, 5.0), fit_one(ROWS, wrong, counted, 5.0)
    assert (one[0].tolist(), one[1]) == (other[0].tolist(), other[1])
    weights, base = fit_one(ROWS, yes, np.where(yes, 1.0, 0.0), 5.0)
    assert (weights.any(), base) == (False, -np.inf)


def test_all_topics_are_those_learned_one_by_one() -> None:
    texts, _ = multi_papers(3)
    rows = fit_tfidf(texts).transform(texts)
    matrix = (np.random.default_rng(0).random((len(texts), 4)) < 0.4).astype(float)
    matrix[:, 3] = 0
    weights = np.ones(matrix.shape)
    together, bases = fit_multi(rows, matrix, weights, 5.0)
    assert together.shape == (rows.shape[1], 4)
    for column in range(4):
        alone, base = fit_one(rows, matrix[:, column] == 1, weights[:, column], 5.0)
        assert (together[:, column].tolist(), bases[column]) == (alone.tolist(), base)
    assert bases[3] == -np.inf


@pytest.mark.parametrize("classes", [2, 3])
def test_the_softmax_is_that_of_scikit_learn(classes: int) -> None:
    kept = classes > ANSWERS
    rows, answers = ROWS[kept], ANSWERS[kept]
    weights, bases = fit_single(rows, answers, 4, 5.0)
    reference = LogisticRegression(C=5.0, class_weight="balanced", max_iter=300).fit(rows, answers)
    scores = rows @ weights + bases
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    found = shifted / shifted.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found[:, :classes], reference.predict_proba(rows), atol=1e-9)
    assert not found[:, classes:].any()


def test_columns_without_papers_are_never_chosen_and_the_others_keep_their_places() -> None:
    weights, bases = fit_single(ROWS, np.array([0, 2, 4])[ANSWERS], 6, 5.0)
    assert np.isinf(bases).tolist() == [False, True, False, True, False, True]
    assert (ROWS @ weights + bases).argmax(axis=1).tolist() == np.array([0, 2, 4])[ANSWERS].tolist()


def test_papers_of_one_class_give_that_class() -> None:
    weights, bases = fit_single(ROWS, np.ones(15, dtype=int), 3, 5.0)
    assert not weights.any()
    assert bases.tolist() == [-np.inf, 0.0, -np.inf]
