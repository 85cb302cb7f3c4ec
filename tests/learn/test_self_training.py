from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labeler.learn.self_training import leads, most_confident, most_papers, standardized, topic_factors
from labeler.topics import Mode

RNG = np.random.default_rng
SCORES = st.tuples(st.integers(0, 30), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-5, 5, width=16))
)


def drawn(papers: int, columns: int = 3) -> np.ndarray:
    return RNG(0).normal(size=(papers, columns))


def confident(lead: np.ndarray, shares: np.ndarray, group_size: int = 10) -> tuple[list[np.ndarray], np.ndarray]:
    return most_confident(lead, shares, group_size, min_papers=5, max_papers=200)


@pytest.mark.parametrize(
    ("papers", "share", "taken", "groups"),
    [
        (1000, 0.5, 200, 20),  # no more than two hundred
        (1000, 0.06, 60, 6),
        (250, 0.072, 18, 1),
        (250, 0.126, 31, 3),
        (250, 0.01, 5, 1),  # at least five
        (4, 0.5, 4, 1),
        (1, 0.5, 1, 1),
        (0, 0.5, 0, 0),
    ],
)
def test_the_surest_papers_are_taken_in_groups_of_about_ten(papers: int, share: float, taken: int, groups: int) -> None:
    lead = drawn(papers)
    lead[:, 1] += 9  # it is foremost everywhere
    found, columns = confident(lead, np.array([0.0, share, 0.0]))
    assert (len(found), columns.tolist()) == (groups, [1] * groups)
    together = np.concatenate([*found, np.empty(0, np.intp)])
    best = np.argsort(-lead[:, 1])[:taken]
    assert together.tolist() == best.tolist()
    assert all(5 <= len(group) <= 19 or len(group) == papers for group in found)


def test_every_column_that_is_thought_to_have_papers_has_groups_of_those_where_it_is_foremost() -> None:
    lead = drawn(200, 4)
    foremost = np.bincount(lead.argmax(axis=1))
    assert foremost.min() > 20
    found, columns = confident(lead, np.array([0.12, 0.0, 0.42, 0.06]))
    assert set(columns.tolist()) == {0, 2, 3}
    taken = [sum(len(group) for group, of in zip(found, columns, strict=True) if of == column) for column in (0, 2, 3)]
    assert taken == [24, min(84, foremost[2]), 12]


def test_a_topic_has_no_more_papers_than_it_is_foremost_in() -> None:
    lead = np.array([[0.1, 1.0, -9.0]] * 30 + [[0.9, 0.0, -9.0]] * 3)
    found, columns = confident(lead, np.array([0.3, 0.24, 0.05]))
    assert columns.tolist() == [0, 1]
    assert [len(group) for group in found] == [3, 7]
    assert sorted(found[0].tolist()) == [30, 31, 32]


@pytest.mark.parametrize(("together", "sizes"), [(10, [10, 10, 10]), (1, [1] * 30), (7, [8, 8, 7, 7]), (6, [6] * 5)])
def test_groups_may_be_of_another_size(together: int, sizes: list[int]) -> None:
    lead = drawn(100, 1)
    found, _ = confident(lead, np.array([0.3]), together)
    assert [len(group) for group in found] == sizes
    assert np.concatenate(found).tolist() == np.argsort(-lead[:, 0])[:30].tolist()


def test_groups_are_ordered_by_how_sure_the_model_is() -> None:
    lead = drawn(300)
    found, _ = confident(lead, np.array([1.0, 0.0, 0.0]))
    least = [lead[group, 0].min() for group in found]
    most = [lead[group, 0].max() for group in found]
    assert all(low >= high for low, high in zip(least, most[1:], strict=False))


def test_of_equally_sure_papers_the_first_are_taken() -> None:
    found, _ = confident(np.zeros((40, 1)), np.array([0.15]))
    assert np.concatenate(found).tolist() == [0, 1, 2, 3, 4, 5]


@given(SCORES)
@settings(max_examples=50, deadline=None)
def test_no_paper_stands_twice_for_a_topic(scores: np.ndarray) -> None:
    shares = np.linspace(0, 1, scores.shape[1])
    found, columns = confident(scores, shares)
    assert len(found) == len(columns)
    for column in set(columns.tolist()):
        together = np.concatenate([group for group, of in zip(found, columns, strict=True) if of == column])
        assert len(set(together.tolist())) == len(together)
        assert scores[together, column].min() >= np.delete(scores[:, column], together).max(initial=-np.inf)
    assert all(len(group) for group in found)


def test_a_lead_is_over_the_best_other_column() -> None:
    scores = np.array([[3.0, 1.0, 2.5], [0.0, 0.0, -1.0]])
    assert leads(scores).tolist() == [[0.5, -2.0, -0.5], [0.0, 0.0, -1.0]]


def test_of_one_column_the_score_is_the_lead() -> None:
    assert leads(np.array([[3.0], [-1.0]])).tolist() == [[3.0], [-1.0]]


@given(SCORES, st.floats(-3, 3, width=16))
@settings(max_examples=50, deadline=None)
def test_leads_are_those_of_comparing_one_by_one_and_do_not_follow_the_level(scores: np.ndarray, level: float) -> None:
    found = leads(scores)
    for row, column in np.ndindex(scores.shape):
        others = np.delete(scores[row], column)
        assert found[row, column] == scores[row, column] - (others.max() if len(others) else 0.0)
    if scores.shape[1] > 1:
        np.testing.assert_allclose(leads(scores + level), found, atol=1e-9)


def test_evened_columns_have_one_mean_and_one_spread() -> None:
    scores = drawn(200) * np.array([1.0, 5.0, 0.2]) + np.array([0.0, 3.0, -8.0])
    even = standardized(scores, 1.0)
    np.testing.assert_allclose(even.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(even.std(axis=0), 1)
    assert (np.argsort(even, axis=0) == np.argsort(scores, axis=0)).all()


def test_columns_evened_by_nothing_stay_as_they_are_to_one_another() -> None:
    scores = drawn(50) + np.array([0.0, 3.0, -8.0])
    np.testing.assert_allclose(standardized(scores, 0.0) * scores.std(), scores)
    half = standardized(scores, 0.5)
    np.testing.assert_allclose(half, (standardized(scores, 0.0) + standardized(scores, 1.0)) / 2)


@pytest.mark.parametrize("scores", [np.zeros((4, 3)), np.zeros((0, 3)), np.array([[1.0, 2.0]]), np.zeros((3, 0))])
@pytest.mark.filterwarnings("error")
def test_equal_scores_and_none_can_be_evened(scores: np.ndarray) -> None:
    assert np.isfinite(standardized(scores, 1.0)).all()


def test_the_more_papers_are_judged_the_more_are_taken_of_a_topic() -> None:
    assert [most_papers(Mode.SINGLE, judged) for judged in (0, 25, 125, 10**9)] == [200, 200, 1100, 1999]
    assert most_papers(Mode.MULTI, 10**9) == 200


@pytest.mark.parametrize("judged", [0, 10, 25])
def test_of_few_judged_papers_no_topic_is_taken_to_be_frequent(judged: int) -> None:
    assert topic_factors(np.array([0.9, 0.0, 0.1]), judged).tolist() == [1.0, 0.0, 1.0]


def test_the_more_papers_are_judged_the_more_the_weights_follow_the_roots_of_shares() -> None:
    shares = np.array([0.64, 0.0, 0.32, 0.04])
    ratios = [(found := topic_factors(shares, judged))[0] / found[3] for judged in (50, 125, 1000, 10**9)]
    assert ratios == sorted(ratios)
    assert ratios[0] > 1.15
    assert ratios[-1] == pytest.approx(4.0)
    assert topic_factors(shares, 125)[[0, 2, 3]].mean() == pytest.approx(1.0)
    assert topic_factors(np.zeros(3), 125).tolist() == [0.0] * 3
