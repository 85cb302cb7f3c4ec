"""The figures of topics are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from labeler.measure.by_topic import Tallies, average_precisions, figures_by_topic
from labeler.measure.resampling import Draws

TOPICS = ("a", "b", "c")


def sample(seed: int, papers: int = 80) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = (rng.random((papers, 3)) < 0.3).astype(float)
    probabilities = np.clip(truth * 0.3 + rng.random((papers, 3)) * 0.7, 0, 1)
    return truth, probabilities > 0.5, probabilities


def test_figures_are_those_of_scikit_learn() -> None:
    truth, guess, probabilities = sample(1)
    found = figures_by_topic(TOPICS, truth, guess, probabilities, Draws.of(np.arange(80)))
    precision, recall, f1, support = precision_recall_fscore_support(truth, guess)
    for row, one in enumerate(found):
        assert one.precision is not None
        assert one.recall is not None
        assert one.f1 is not None
        assert one.average_precision is not None
        assert one.papers == support[row]
        assert one.precision.value == pytest.approx(precision[row])
        assert one.recall.value == pytest.approx(recall[row])
        assert one.f1.value == pytest.approx(f1[row])
        assert one.average_precision.value == pytest.approx(
            average_precision_score(truth[:, row], probabilities[:, row])
        )
        for estimate in (one.precision, one.recall, one.f1, one.average_precision):
            assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_averages_are_those_of_scikit_learn() -> None:
    truth, guess, _ = sample(2)
    tallies = Tallies.of(truth, guess, np.ones((1, 80)))
    for name, figure in (
        ("macro", tallies.macro_f1()),
        ("micro", tallies.micro_f1()),
        ("weighted", tallies.weighted_f1()),
    ):
        assert figure[0] == pytest.approx(precision_recall_fscore_support(truth, guess, average=name)[2])


def test_unknown_answers_do_not_count() -> None:
    truth, guess, probabilities = sample(3)
    truth[:40, 0] = np.nan
    one = figures_by_topic(TOPICS, truth, guess, probabilities, Draws.of(np.arange(80)))[0]
    same = figures_by_topic(TOPICS, truth[40:], guess[40:], probabilities[40:], Draws.of(np.arange(40)))[0]
    assert (one.papers, one.given, one.right) == (same.papers, same.given, same.right)
    assert one.f1 == same.f1


def test_a_topic_of_no_paper_has_no_recall_and_does_not_count() -> None:
    truth, guess, probabilities = sample(4)
    truth[:, 2] = 0
    found = figures_by_topic(TOPICS, truth, guess, probabilities, Draws.of(np.arange(80)))
    assert found[2].recall is None
    assert found[2].f1 is None
    assert found[2].average_precision is None
    tallies = Tallies.of(truth, guess, np.ones((1, 80)))
    assert tallies.macro_f1()[0] == pytest.approx(np.mean([one.f1.value for one in found[:2] if one.f1]))


@given(st.integers(0, 1000), st.integers(1, 30))
def test_weights_count_as_repeated_papers(seed: int, papers: int) -> None:
    truth, guess, probabilities = sample(seed, papers)
    counts = np.random.default_rng(seed).integers(0, 4, papers)
    rows = np.repeat(np.arange(papers), counts)
    once = np.ones((1, len(rows)))
    weighted = Tallies.of(truth, guess, counts[None, :] * 1.0).macro_f1()
    np.testing.assert_allclose(weighted, Tallies.of(truth[rows], guess[rows], once).macro_f1(), atol=1e-9)
    precisions = average_precisions(truth, probabilities, counts[None, :] * 1.0)[0]
    for column in range(3):
        if (counts * truth[:, column]).any():
            expected = average_precision_score(truth[:, column], probabilities[:, column], sample_weight=counts)
            assert precisions[column] == pytest.approx(expected)


def test_few_papers_that_count_much_do_not_make_an_interval_narrow() -> None:
    truth, guess, probabilities = sample(5)
    weights = np.where(np.arange(80) < 4, 10.0, 0.5)
    rows = figures_by_topic(TOPICS, truth, guess, probabilities, Draws.of(np.arange(80), weights))
    alike = figures_by_topic(TOPICS, truth, guess, probabilities, Draws.of(np.arange(80)))
    for column, (one, same) in enumerate(zip(rows, alike, strict=True)):
        assert one.recall is not None
        assert same.recall is not None
        assert one.papers == same.papers
        yes = truth[:, column] == 1
        assert one.recall.value == pytest.approx((weights * (yes & guess[:, column])).sum() / (weights * yes).sum())
    wide, narrow = ([one.recall.high - one.recall.low for one in some if one.recall] for some in (rows, alike))
    assert sum(wide) > sum(narrow)
