"""Simpler methods on the same papers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from labeler.evaluation.baselines import FREQUENT, NAMES, REGRESSION, Task, baselines
from labeler.evaluation.figures import Question
from labeler.features.background import NO_BACKGROUND
from labeler.topics import Mode
from labeler.topics.hierarchy import FLAT
from tests.evaluation.conftest import DEFINITIONS
from tests.evaluation.test_gate import TOPICS, as_matrix
from tests.evaluation.test_unseen import matrix_of
from tests.learn.factories import multi_papers, single_papers


def task(mode: Mode, new: int = 0) -> Task:
    """Papers in three folds, the last ``new`` of which were not learned from."""
    if mode == Mode.SINGLE:
        texts, answers = single_papers(9, none=12)
        truth = as_matrix(answers)
    else:
        texts, topics = multi_papers(7)
        truth = matrix_of(TOPICS, topics)
    folds = np.arange(len(texts)).astype(np.int8) % 3
    folds[len(texts) - new :] = -1
    return Task(Question(mode, TOPICS, FLAT), tuple(texts), truth, folds)


@pytest.mark.parametrize("mode", list(Mode))
def test_each_method_answers_every_paper_in_its_own_way(mode: Mode) -> None:
    of = task(mode)
    found = {one.name: one for one in baselines(of, DEFINITIONS, NO_BACKGROUND)}
    assert list(found) == [FREQUENT, NAMES, REGRESSION]
    for one in found.values():
        assert one.answers
        assert one.answers.probabilities.shape == of.truth.shape
        assert ((one.answers.probabilities >= 0) & (one.answers.probabilities <= 1)).all()
        if mode == Mode.SINGLE:
            assert (one.answers.assigned.sum(axis=1) <= 1).all()
            assert (one.answers.probabilities.sum(axis=1) <= 1 + 1e-9).all()
    right = {name: (one.answers.assigned == (of.truth == 1)).all(axis=1).mean() for name, one in found.items()}
    assert right[REGRESSION] > max(0.8, right[FREQUENT])
    assert right[NAMES] > right[FREQUENT]


def test_the_most_frequent_answer_is_counted_without_the_fold_itself() -> None:
    truth = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]], float)
    folds = np.array([0, 0, 0, 1, 1], np.int8)
    question = Question(Mode.SINGLE, ("a", "b"), FLAT)
    (frequent, *_) = baselines(Task(question, ("one", "two", "three", "four", "five"), truth, folds), {}, NO_BACKGROUND)
    assert frequent.answers
    assert frequent.answers.assigned.tolist() == [[False, True]] * 3 + [[True, False]] * 2


def test_none_may_be_the_most_frequent_answer() -> None:
    of = task(Mode.SINGLE)
    (frequent, *_) = baselines(of, DEFINITIONS, NO_BACKGROUND)
    assert frequent.answers
    assert not frequent.answers.assigned.any()
    np.testing.assert_allclose(frequent.answers.probabilities, 9 / 39, atol=0.03)


def test_no_answer_of_papers_that_were_not_learned_from_is_used() -> None:
    of = task(Mode.MULTI, new=9)
    turned = of.truth.copy()
    turned[-9:] = 1 - turned[-9:]
    one, other = (
        baselines(Task(of.question, of.texts, truth, of.folds), DEFINITIONS, NO_BACKGROUND)
        for truth in (of.truth, turned)
    )
    for first, second in zip(one, other, strict=True):
        assert first.answers
        assert second.answers  # liblinear draws from one stream of numbers for all threads: the last digits differ
        np.testing.assert_allclose(first.answers.probabilities, second.answers.probabilities, atol=0.01)


def test_where_nothing_was_learned_from_the_names_alone_answer() -> None:
    of = task(Mode.MULTI, new=42)
    frequent, names, regression = baselines(of, DEFINITIONS, NO_BACKGROUND)
    assert (frequent.answers, regression.answers) == (None, None)
    assert "no judged paper" in frequent.made
    assert names.answers


def test_papers_without_a_word_are_answered_too() -> None:
    truth = np.array([[1, 0], [0, 1]] * 3, float)
    question = Question(Mode.MULTI, ("a", "b"), FLAT)
    found = baselines(Task(question, ("!",) * 6, truth, np.array([0, 1, 2] * 2, np.int8)), {}, NO_BACKGROUND)
    assert found[2].answers
    assert np.isfinite(found[2].answers.probabilities).all()


def test_settings_that_do_not_converge_are_measured_without_a_warning() -> None:
    rng = np.random.default_rng(0)
    texts = tuple(" ".join(f"word{number}" for number in rng.integers(30, size=12)) for _ in range(60))
    truth = (rng.random((60, 2)) < 0.5).astype(float)
    question = Question(Mode.MULTI, ("a", "b"), FLAT)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = baselines(Task(question, texts, truth, (np.arange(60) % 3).astype(np.int8)), {}, NO_BACKGROUND)
    assert found[2].answers
