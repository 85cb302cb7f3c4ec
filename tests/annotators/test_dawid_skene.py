from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.annotators.dawid_skene import Answers, dawid_skene, weighted_vote
from tests.annotators.studies import study

METHODS = [dawid_skene, weighted_vote]


def said_of(answers: np.ndarray) -> np.ndarray:
    """The topic that each gave (papers, people, 1), -1 where there is none."""
    return np.where(answers.max(axis=2) < 0, -1, answers.argmax(axis=2))[:, :, None]


@pytest.mark.parametrize("method", METHODS)
def test_people_are_recovered(method: object) -> None:
    errors = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        answers, truth = study(rng, 200, rng.uniform(0.7, 0.97, 4), each=4)
        said = said_of(answers)
        model = method(Answers.of(said, 4))  # type: ignore[operator]
        right = (said[:, :, 0] == truth[:, None]).mean(axis=0)
        errors.append(np.abs(model.accuracy[0] - right).mean())
    assert np.mean(errors) <= 0.04


def test_confusion_is_that_of_the_formula_where_the_truth_is_plain() -> None:
    """With many who are always right, the truth is known, and shares are counts with the answers beforehand."""
    truth = np.tile([0, 1], 100)
    said = np.repeat(truth[:, None], 8, axis=1)
    said[:40:2, 7] = 1
    model = dawid_skene(Answers.of(said[:, :, None], 2))
    counts = np.array([[80, 20], [0, 100]])
    accuracy = (180 + 4) / (200 + 5)
    one = np.array([[accuracy, 1 - accuracy], [1 - accuracy, accuracy]])
    pooled = (counts + 20 * one) / 120
    assert model.confusion[0, 7] == pytest.approx((counts + 4 * pooled) / 104, abs=1e-6)
    assert model.prior[0] == pytest.approx([0.5, 0.5], abs=1e-6)


said_strategy = st.integers(0, 10**6).map(
    lambda seed: np.random.default_rng(seed).integers(-1, 3, (12, 4, 2)).astype(np.int8)
)


@settings(max_examples=30, deadline=None)
@given(said_strategy, st.permutations(range(4)), st.permutations(range(3)), st.permutations(range(12)))
def test_names_and_order_change_nothing(
    said: np.ndarray, people: list[int], kinds: list[int], papers: list[int]
) -> None:
    renamed = np.where(said < 0, -1, np.array(kinds)[said])[papers][:, people]
    for method in METHODS:
        one, other = (Answers.of(some, 3) for some in (said, renamed))
        expected, found = method(one).posterior(one), method(other).posterior(other)
        assert found[:, :, kinds] == pytest.approx(expected[:, papers], abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(said_strategy)
def test_probabilities_are_probabilities(said: np.ndarray) -> None:
    answers = Answers.of(said, 3)
    for method in METHODS:
        model = method(answers)
        for shares in (model.confusion, model.posterior(answers), model.posterior_of_others(answers), model.prior):
            assert shares.sum(axis=-1) == pytest.approx(1)
            assert (shares > 0).all()


def test_the_others_are_all_but_one() -> None:
    said = np.random.default_rng(0).integers(-1, 3, (30, 4, 2))
    answers = Answers.of(said, 3)
    model = dawid_skene(answers)
    hidden = said.copy()
    hidden[:, 1] = -1
    without = Answers.of(hidden, 3)
    assert model.posterior_of_others(answers)[:, :, 1] == pytest.approx(model.posterior(without))
    assert answers.votes_of_others()[:, :, 1] == pytest.approx(without.votes())


def test_without_papers_nothing_is_learned() -> None:
    model = dawid_skene(Answers.of(np.empty((0, 3, 1), dtype=np.intp), 2))
    assert model.prior[0] == pytest.approx([0.5, 0.5])
