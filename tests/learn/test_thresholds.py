from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from labeler.learn.thresholds import best_threshold, thresholds_for

NAN = np.nan
PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.0]), st.booleans()), min_size=1)


@pytest.mark.slow
@given(PAIRS)
@settings(max_examples=100, deadline=None)
def test_no_threshold_has_a_better_f1(pairs: list[tuple[float, bool]]) -> None:
    probabilities, yes = np.array([p for p, _ in pairs]), np.array([y for _, y in pairs])
    found = best_threshold(probabilities, yes)

    def f1(threshold: float) -> float:
        return float(f1_score(yes, probabilities >= threshold, zero_division=0))

    assert 0 <= found <= 1
    assert f1(found) == pytest.approx(max(f1(threshold) for threshold in {*probabilities, 2.0}))


@pytest.mark.parametrize(
    ("probabilities", "yes", "expected"),
    [
        ([0.9, 0.8, 0.2, 0.1], [True, True, False, False], 0.5),
        ([0.9, 0.1], [True, True], 0.05),
        ([0.6, 0.6, 0.4], [True, False, False], 0.5),
        ([0.9, 0.1], [False, False], 0.5),
        ([], [], 0.5),
    ],
)
def test_the_best_threshold_lies_halfway_to_the_next_value(
    probabilities: list[float], yes: list[bool], expected: float
) -> None:
    assert best_threshold(np.array(probabilities), np.array(yes, dtype=bool)) == pytest.approx(expected)


def test_scores_below_zero_have_a_best_threshold_too() -> None:
    scores = np.array([-1.0, -2.0, -3.0])
    assert (scores >= best_threshold(scores, np.array([True, True, True]))).all()


def test_few_papers_draw_a_topic_to_the_common_threshold() -> None:
    probabilities = np.array([[0.9, 0.3]] * 40 + [[0.1, 0.1]] * 40)
    matrix = np.array([[1.0, 0.0]] * 40 + [[0.0, 0.0]] * 40)
    matrix[0, 1], probabilities[0, 1] = 1, 0.35
    common = best_threshold(probabilities.ravel(), matrix.ravel() == 1)
    own = [best_threshold(probabilities[:, column], matrix[:, column] == 1) for column in range(2)]
    expected = [(40 * own[0] + 10 * common) / 50, (own[1] + 10 * common) / 11]
    assert thresholds_for(probabilities, matrix).tolist() == pytest.approx(expected)


def test_a_topic_without_a_yes_takes_the_common_threshold() -> None:
    probabilities = np.array([[0.8, 0.9], [0.2, 0.3]])
    found = thresholds_for(probabilities, np.array([[1.0, 0.0], [0.0, NAN]]))
    assert found[1] == best_threshold(np.array([0.8, 0.2, 0.9]), np.array([True, False, False]))


@pytest.mark.parametrize("missing", [-np.inf, NAN])
def test_what_is_unknown_or_was_not_held_out_does_not_count(missing: float) -> None:
    probabilities = np.array([[0.8], [0.2], [missing], [0.99]])
    matrix = np.array([[1.0], [0.0], [1.0], [NAN]])
    assert thresholds_for(probabilities, matrix).tolist() == thresholds_for(probabilities[:2], matrix[:2]).tolist()


def test_without_papers_the_threshold_is_one_half() -> None:
    assert thresholds_for(np.zeros((0, 2)), np.zeros((0, 2))).tolist() == [0.5, 0.5]
