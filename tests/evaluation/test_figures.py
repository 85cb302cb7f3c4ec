"""All figures of what a method says of judged papers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from labeler.evaluation.figures import NONE, Answers, Question, confidences, exactly_right, figures
from labeler.measure.estimates import Estimate
from labeler.measure.resampling import Draws
from labeler.topics import Mode
from labeler.topics.hierarchy import FLAT, Hierarchy

SINGLE = Question(Mode.SINGLE, ("a", "b"), FLAT)
MULTI = Question(Mode.MULTI, ("a", "b"), FLAT)


def test_none_of_these_is_an_answer_in_single_mode() -> None:
    truth = np.array([[1, 0], [0, 1], [0, 0], [0, 0]], float)
    probabilities = np.array([[0.8, 0.1], [0.1, 0.2], [0.1, 0.1], [0.7, 0.1]])
    assigned = np.array([[1, 0], [0, 0], [0, 0], [1, 0]], bool)
    found = figures(SINGLE, truth, Answers(probabilities, assigned), Draws.of(np.arange(4)))
    assert [one.topic for one in found.topics] == ["a", "b", NONE]
    assert found.exact is not None
    assert found.exact.value == 0.5
    none = found.topics[2]
    assert (none.papers, none.given, none.right) == (2, 2, 1)
    assert [(one.missed, one.given, one.papers) for one in found.confusions] == [("b", NONE, 1), (NONE, "a", 1)]
    assert found.averages["macro_f1"].value == pytest.approx(
        f1_score(truth, assigned, average="macro", zero_division=0)
    )
    brier = found.reliability.brier
    assert brier is not None
    expected = [0.04 + 0.01 + 0.01, 0.01 + 0.64 + 0.49, 0.01 + 0.01 + 0.04, 0.49 + 0.01 + 0.64]
    assert brier.value == pytest.approx(np.mean(expected))


def test_papers_of_which_the_topic_is_not_known_do_not_count() -> None:
    truth = np.array([[np.nan, 0], [1, 0]])
    right, known = exactly_right(Mode.SINGLE, truth, np.array([[False, False], [True, False]]))
    assert known.tolist() == [False, True]
    assert right[1]
    right, known = exactly_right(Mode.MULTI, truth, np.array([[True, False], [True, False]]))
    assert (right & known).tolist() == [True, True]


def test_confidence_is_that_of_the_best_answer_or_of_the_least_sure_topic() -> None:
    assert confidences(Mode.SINGLE, np.array([[0.2, 0.1], [0.7, 0.3]])).tolist() == pytest.approx([0.7, 0.7])
    assert confidences(Mode.MULTI, np.array([[0.9, 0.4]])).tolist() == [0.6]


def test_a_topic_counts_for_those_above_it() -> None:
    question = Question(Mode.SINGLE, ("ai", "nlp"), Hierarchy({"nlp": "ai"}))
    truth, assigned = np.array([[0.0, 1.0]]), np.array([[False, True]])
    found = figures(question, truth, Answers(np.array([[0.1, 0.9]]), assigned), Draws.of(np.arange(1)))
    assert found.averages["macro_f1"].value == 1.0


AREAS = Question(Mode.SINGLE, ("ai", "maths", "nlp", "vision"), Hierarchy({"nlp": "ai", "vision": "ai"}))


def of_areas(truth: list[str], guess: list[str]) -> Mapping[str, Estimate]:
    """The averages of one guess a paper."""
    flags = [np.array([[topic == one for topic in AREAS.topics] for one in some]) for some in (truth, guess)]
    answers = Answers(flags[1].astype(float), flags[1])
    return figures(AREAS, flags[0].astype(float), answers, Draws.of(np.arange(len(truth)))).averages


def test_a_wrong_topic_under_the_right_parent_is_right_in_part() -> None:
    found = of_areas(["nlp", "nlp"], ["vision", "nlp"])
    assert found["hierarchical_precision"].value == found["hierarchical_recall"].value == pytest.approx(3 / 4)
    assert found["hierarchical_f1"] == found["micro_f1"]
    assert of_areas(["nlp", "nlp"], ["maths", "nlp"])["hierarchical_f1"].value == pytest.approx(4 / 7)


def test_the_topic_above_alone_is_right_and_not_all() -> None:
    found = of_areas(["nlp", "vision"], ["ai", "ai"])
    assert found["hierarchical_precision"].value == 1.0
    assert found["hierarchical_recall"].value == 0.5


@given(st.lists(st.tuples(*[st.sampled_from(AREAS.topics)] * 2), min_size=1, max_size=12))
def test_hierarchical_f1_is_the_harmonic_mean_and_one_only_where_all_is_right(pairs: list) -> None:
    found = of_areas([truth for truth, _ in pairs], [guess for _, guess in pairs])
    precision, recall, f1 = (found[f"hierarchical_{name}"].value for name in ("precision", "recall", "f1"))
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    assert (f1 == 1.0) == all(truth == guess for truth, guess in pairs)


def test_without_topics_above_others_there_are_no_hierarchical_figures() -> None:
    truth = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = figures(SINGLE, truth, Answers(truth, truth == 1), Draws.of(np.arange(2)))
    assert not any(name.startswith("hierarchical") for name in found.averages)


def test_rare_topics_are_searched_for() -> None:
    rng = np.random.default_rng(0)
    truth = np.column_stack([np.arange(100) < 10, np.arange(100) < 60]).astype(float)
    probabilities = np.clip(truth * 0.6 + rng.random((100, 2)) * 0.4, 0, 1)
    found = figures(MULTI, truth, Answers(probabilities, probabilities > 0.5), Draws.of(np.arange(100)))
    assert [one.topic for one in found.searches] == ["a"]
    assert found.reliability.bins


def test_one_paper_and_one_topic_have_figures() -> None:
    question = Question(Mode.MULTI, ("a",), FLAT)
    found = figures(question, np.ones((1, 1)), Answers(np.ones((1, 1)), np.ones((1, 1), bool)), Draws.of(np.arange(1)))
    assert found.exact is not None
    assert found.exact.value == 1.0
    assert found.to_dict()["macro_f1"]["value"] == 1.0
