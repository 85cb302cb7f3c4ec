from __future__ import annotations

import numpy as np
import pytest

from labeler.annotators.alpha import nominal_alpha
from labeler.annotators.resamples import Coefficient, Figure, Resamples
from labeler.measure.intervals import lower_bound


def counts(papers: int, disputed: int) -> np.ndarray:
    """Two annotators and two answers, each as frequent; they differ on some papers."""
    same = np.array([[2, 0], [0, 2]])[np.arange(papers) % 2]
    same[:disputed] = 1
    return same


def figure(papers: int, disputed: int, groups: np.ndarray | None = None) -> Figure:
    resamples = Resamples.of(np.arange(papers) if groups is None else groups)
    return resamples.figure(nominal_alpha(counts(papers, disputed), resamples.weights), np.arange(papers))


def test_of_few_papers_there_is_no_interval() -> None:
    found = figure(49, 5)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert str(found).endswith("(too few)")
    assert figure(50, 5).low is not None


def test_papers_that_repeat_others_count_once() -> None:
    assert figure(98, 10, np.arange(98) // 2 * 2).low is None
    one, other = figure(200, 20), figure(200, 20, np.arange(200) // 4 * 4)
    assert one.low is not None
    assert other.low is not None
    assert one.value == other.value
    assert one.low - other.low > 0.02


def test_an_interval_holds_the_figure_and_is_wider_below_where_agreement_is_high() -> None:
    found = figure(100, 4)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high < 1
    assert found.value - found.low > found.high - found.value


def test_where_nobody_disagreed_the_interval_is_the_exact_one() -> None:
    share = Resamples.of(np.arange(80))
    found = share.figure(Coefficient(np.zeros(len(share.weights)), np.ones(len(share.weights))), np.arange(80))
    assert found.high == 1
    assert found.low == pytest.approx(lower_bound(80, 80, 0.975))


def test_where_all_answers_are_the_same_there_is_no_figure() -> None:
    resamples = Resamples.of(np.arange(60))
    same = np.tile([2, 0], (60, 1))
    assert str(resamples.figure(nominal_alpha(same, resamples.weights), np.arange(60))) == "–"


def test_a_figure_that_is_not_to_be_told_has_no_interval() -> None:
    resamples = Resamples.of(np.arange(60))
    coefficient = nominal_alpha(counts(60, 5), resamples.weights)
    assert resamples.figure(coefficient, np.arange(60), told=False).low is None


def test_no_papers_are_no_fault() -> None:
    resamples = Resamples.of(np.arange(0))
    assert resamples.figure(nominal_alpha(np.zeros((0, 2)), resamples.weights), np.arange(0)).value is None


def test_very_many_papers_are_left_out_in_blocks() -> None:
    resamples = Resamples.of(np.arange(20_000))
    assert len(resamples.weights) < 1000
    assert (resamples.weights[1 + resamples.draws :] == 0).sum(axis=0).tolist() == [1] * 20_000
