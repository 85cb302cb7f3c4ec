from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.measure.figures import Bands, Outcome
from labeler.score.decision import AMBIGUOUS, AUTO, NONE, REVIEW, UNCHECKED, Rule, decide
from labeler.score.given import GivenTopics
from labeler.score.reliability_fit import reliability
from labeler.topics import Mode, Scheme, Topic
from labeler.topics.hierarchy import FLAT, Hierarchy

TREE = Hierarchy({"nlp": "ai", "llm": "nlp"})
TOPICS = ("ai", "nlp", "llm", "health")
HALF = np.full(4, 0.5)
BANDS = Bands(0.9, 0.1, 0.9, Outcome(1, 1, 1, 1))


def given_topics(mode: Mode = Mode.MULTI, with_none: bool = False) -> GivenTopics:
    return GivenTopics.of(TOPICS, mode, with_none, TREE)


def scheme(*topics: Topic, mode: Mode = Mode.MULTI) -> Scheme:
    return Scheme(mode, topics)


def test_without_a_hierarchy_the_arrays_are_passed_as_they_are() -> None:
    flat = GivenTopics.of(TOPICS, Mode.MULTI, False, FLAT)
    probabilities, flags = np.random.default_rng(0).random((3, 4)), np.ones((3, 4), bool)
    assert flat.probabilities(probabilities) is probabilities
    assert flat.any_of(flags) is flags


def test_a_topic_is_at_least_as_probable_as_those_below_it_and_comes_with_them() -> None:
    rule = Rule(Mode.MULTI, np.array([0.9, 0.5, 0.5, 0.5]), given=given_topics())
    row = np.array([[0.004, 0.3, 0.8, 0.2]])
    assert rule.probabilities(row).tolist() == [[0.8, 0.8, 0.8, 0.2]]
    (decision,) = decide(row, rule, BANDS, TOPICS)
    assert set(decision.topics) == {"ai", "nlp", "llm"}
    assert decision.scores["ai"] == 0.8
    (sure,) = decide(np.array([[0.004, 0.01, 0.95, 0.01]]), rule, BANDS, TOPICS)
    assert (sure.decision, set(sure.topics)) == (AUTO, {"ai", "nlp", "llm"})


def test_where_a_topic_is_unlikely_and_the_one_above_it_sure_that_one_is_given() -> None:
    rule = Rule(Mode.MULTI, HALF, given=given_topics())
    (sure,) = decide(np.array([[0.95, 0.3, 0.1, 0.01]]), rule, BANDS, TOPICS)
    assert (sure.decision, sure.topics) == (AUTO, ("ai",))
    (unsure,) = decide(np.array([[0.95, 0.6, 0.1, 0.01]]), rule, BANDS, TOPICS)
    assert (unsure.decision, unsure.reason, unsure.topics, unsure.torn) == (REVIEW, AMBIGUOUS, ("ai", "nlp"), ("nlp",))


def test_single_mode_topics_stay_alone() -> None:
    rule = Rule(Mode.SINGLE, np.zeros(4), given=given_topics(Mode.SINGLE))
    (decision,) = decide(np.array([[0.01, 0.04, 0.94, 0.01]]), rule, BANDS, TOPICS)
    assert (decision.topics, decision.scores["ai"]) == (("llm",), 0.01)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.floats(0, 1, width=32), st.just(np.nan)), min_size=4, max_size=4), min_size=1, max_size=5
    ),
    st.dictionaries(st.sampled_from(TOPICS), st.sampled_from(TOPICS)),
)
def test_what_is_given_is_consistent_whatever_the_parents(rows: list[list[float]], parents: dict[str, str]) -> None:
    hierarchy = Hierarchy(parents)
    rule = Rule(Mode.MULTI, HALF, given=GivenTopics.of(TOPICS, Mode.MULTI, False, hierarchy))
    for decision in decide(np.array(rows), rule, BANDS, TOPICS):
        for topic, above in hierarchy.ancestors.items():
            for name in above:
                assert topic not in decision.topics or name in decision.topics
                assert not decision.scores[name] < decision.scores[topic]


def test_hidden_topics_are_neither_given_nor_counted() -> None:
    today = scheme(Topic("ai", "AI"), Topic("llm", "LLM"), Topic("health", "Health", hidden=True), Topic("nlp", "NLP"))
    rule = Rule(Mode.MULTI, HALF, given=GivenTopics.under(today, TOPICS, False))
    (decision,) = decide(np.array([[0.95, 0.01, 0.01, 0.4]]), rule, BANDS, rule.given.topics)  # type: ignore[union-attr]
    assert (decision.decision, decision.topics, list(decision.scores)) == (AUTO, ("ai",), ["ai", "llm", "nlp"])
    (decision,) = decide(np.array([[0.01, 0.01, 0.01, 0.99]]), rule, BANDS, rule.given.topics)  # type: ignore[union-attr]
    assert (decision.decision, decision.topics) == (NONE, ())


def test_a_hidden_topic_still_brings_those_above_it() -> None:
    today = scheme(Topic("ai", "AI"), Topic("llm", "LLM", parent="ai", hidden=True))
    given_today = GivenTopics.under(today, ("ai", "llm"), False)
    assert given_today.topics == ("ai",)
    assert given_today.probabilities(np.array([[0.1, 0.8]])).tolist() == [[0.8]]


@pytest.mark.parametrize(("mode", "probability"), [(Mode.MULTI, 0.5), (Mode.SINGLE, 0.8)])
def test_merged_topics_are_given_as_the_one_they_went_into(mode: Mode, probability: float) -> None:
    today = scheme(Topic("ai", "AI", aliases=("llm",)), Topic("nlp", "NLP"), Topic("health", "Health"), mode=mode)
    given_today = GivenTopics.under(today, TOPICS, False)
    row = np.array([[0.3, 0.1, 0.5, 0.1]])
    assert given_today.topics == ("ai", "nlp", "health")
    assert given_today.probabilities(row)[0].tolist() == pytest.approx([probability, 0.1, 0.1])
    (decision,) = decide(row, Rule(mode, HALF, given=given_today), BANDS, given_today.topics)
    assert decision.topics == ("ai",)


def test_a_topic_may_go_into_one_that_the_model_does_not_know() -> None:
    given_today = GivenTopics.under(scheme(Topic("medicine", "Medicine", aliases=("health",))), TOPICS, False)
    assert given_today.topics == ("medicine",)
    assert given_today.probabilities(np.array([[0.1, 0.2, 0.3, 0.4]])).tolist() == [[0.4]]


def test_a_new_topic_above_others_is_given_through_them() -> None:
    today = scheme(Topic("all", "All"), Topic("ai", "AI", parent="all"), Topic("health", "Health"))
    given_today = GivenTopics.under(today, ("ai", "health"), False)
    assert given_today.topics == ("all", "ai", "health")
    assert given_today.probabilities(np.array([[0.7, 0.2]])).tolist() == [[0.7, 0.7, 0.2]]
    alone = GivenTopics.under(Scheme(Mode.SINGLE, today.topics), ("ai", "health"), False)
    assert alone.topics == ("ai", "health")


@pytest.mark.parametrize("with_none", [False, True])
def test_single_mode_a_hidden_topic_counts_as_none_of_these(with_none: bool) -> None:
    today = scheme(Topic("ai", "AI"), Topic("nlp", "NLP"), Topic("llm", "LLM", hidden=True), mode=Mode.SINGLE)
    given_today = GivenTopics.under(today, TOPICS[:3], with_none)
    row = np.array([[0.03, 0.02, 0.9, 0.05]])[:, : 3 + with_none]
    assert given_today.probabilities(row)[0].tolist() == pytest.approx([0.03, 0.02, 0.95 if with_none else 0.9])
    (decision,) = decide(row, Rule(Mode.SINGLE, np.zeros(3), given=given_today), BANDS, given_today.topics)
    assert (decision.decision, decision.topics) == (NONE, ())


def test_evidence_counts_once_for_a_topic_and_those_above_it() -> None:
    truth = (np.arange(12) % 3 != 2).astype(float)
    matrix = np.column_stack([truth, truth, truth, 1 - truth])
    probabilities = np.where(matrix == 1, 0.99, 0.01)
    flat = Rule(Mode.MULTI, HALF)
    tree = Rule(Mode.MULTI, HALF, given=given_topics())
    assert np.isfinite(reliability(probabilities, matrix, flat).topics.cut(0.9))
    assert reliability(probabilities, matrix, tree).topics.cut(0.9) == np.inf, "12 papers are too few"


@pytest.mark.parametrize(
    ("row", "lower", "upper", "incomplete", "decision", "reason"),
    [
        ([0.99, 0.01], 0.0, np.inf, False, REVIEW, UNCHECKED),
        ([0.99, 0.3], 0.1, np.inf, False, REVIEW, UNCHECKED),
        ([0.01, 0.01], 0.0, np.inf, False, REVIEW, UNCHECKED),
        ([0.01, 0.01], 0.0, 0.9, False, REVIEW, UNCHECKED),
        ([0.3, 0.01], 0.1, np.inf, False, REVIEW, AMBIGUOUS),
        ([0.99, 0.3], 0.1, 0.9, False, AUTO, ""),
        ([0.6, 0.01], 0.1, 0.9, False, REVIEW, AMBIGUOUS),
        ([0.01, 0.01], 0.1, 0.9, True, REVIEW, UNCHECKED),
        ([0.3, 0.01], 0.1, 0.9, True, REVIEW, AMBIGUOUS),
        ([0.99, 0.01], 0.1, 0.9, True, AUTO, ""),
        ([0.01, 0.01], 0.1, 0.9, False, NONE, ""),
    ],
)
def test_the_reason_is_what_keeps_the_model_from_deciding(
    row: list[float], lower: float, upper: float, incomplete: bool, decision: str, reason: str
) -> None:
    bands = Bands(0.9, lower, upper, Outcome(0, 0, 0, 0))
    (found,) = decide(np.array([row]), Rule(Mode.MULTI, HALF[:2], incomplete), bands, ("a", "b"))
    assert (found.decision, found.reason) == (decision, reason)


@pytest.mark.parametrize(
    ("row", "upper", "incomplete", "reason"),
    [
        ([0.99, 0.01], np.inf, False, UNCHECKED),
        ([0.5, 0.4, 0.1], np.inf, False, UNCHECKED),
        ([0.5, 0.4, 0.1], 0.9, False, AMBIGUOUS),
        ([0.1, 0.1, 0.8], 0.9, False, AMBIGUOUS),
        ([0.01, 0.01, 0.98], 0.9, True, UNCHECKED),
    ],
)
def test_single_mode_the_reason_is_what_keeps_the_model_from_deciding(
    row: list[float], upper: float, incomplete: bool, reason: str
) -> None:
    bands = Bands(0.9, 0.1 if upper < 1 else 0.0, upper, Outcome(0, 0, 0, 0))
    (found,) = decide(np.array([row]), Rule(Mode.SINGLE, HALF[:2], incomplete), bands, ("a", "b"))
    assert (found.decision, found.reason) == (REVIEW, reason)


def test_a_probability_is_from_the_most_probable_of_its_columns() -> None:
    given = given_topics()
    probabilities = np.array([[0.2, 0.1, 0.7, 0.5], [0.6, np.nan, 0.1, 0.5], [0.1, 0.4, 0.3, 0.9]])
    papers, topics = np.repeat(np.arange(3), 4), np.tile(np.arange(4), 3)
    columns = given.columns_behind(papers, topics, probabilities)
    assert columns.reshape(3, 4).tolist() == [[2, 2, 2, 3], [0, 2, 2, 3], [1, 1, 2, 3]]
    expected = given.probabilities(probabilities)
    np.testing.assert_array_equal(probabilities[papers, columns].reshape(3, 4), expected)
