from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.measure.figures import Bands, Outcome
from labeler.score.decision import (
    AMBIGUOUS,
    AUTO,
    DECISIONS,
    FEW,
    NONE,
    REASONS,
    REVIEW,
    UNFAMILIAR,
    Rule,
    decide,
    decision_arrays,
)
from labeler.score.familiarity import Familiarity
from labeler.score.given import GivenTopics
from labeler.topics.hierarchy import FLAT, Hierarchy
from labeler.topics.mode import Mode

NAN = np.nan
HALF = np.array([0.5, 0.5])


def bands(lower: float, upper: float) -> Bands:
    return Bands(0.9, lower, upper, Outcome(1, 1, 1, 1))


@pytest.mark.parametrize(
    ("row", "lower", "upper", "topics", "decision"),
    [
        ([0.95, 0.01], 0.1, 0.9, ("a",), AUTO),
        ([0.9, 0.09], 0.1, 0.9, ("a",), AUTO),
        ([0.89, 0.01], 0.1, 0.9, ("a",), REVIEW),
        ([0.95, 0.4], 0.1, 0.9, ("a",), AUTO),
        ([0.91, 0.95], 0.1, 0.9, ("b", "a"), AUTO),
        ([0.6, 0.95], 0.1, 0.9, ("b", "a"), REVIEW),
        ([0.05, 0.01], 0.1, 0.9, (), NONE),
        ([0.3, 0.01], 0.1, 0.9, (), REVIEW),
        ([0.95, 0.01], 0.1, np.inf, ("a",), REVIEW),
        ([0.05, 0.01], 0.1, np.inf, (), NONE),
        ([0.0, 0.0], 0.0, 0.9, (), REVIEW),
        ([0.5, 0.0], 0.1, 0.2, ("a",), AUTO),
        ([0.49, 0.0], 0.9, 0.2, (), NONE),
    ],
)
def test_multi_label_decisions(
    row: list[float], lower: float, upper: float, topics: tuple[str, ...], decision: str
) -> None:
    (found,) = decide(np.array([row]), Rule(Mode.MULTI, HALF), bands(lower, upper), ("a", "b"))
    assert (found.topics, found.decision) == (topics, decision)
    assert found.scores == {"a": row[0], "b": row[1]}


@pytest.mark.parametrize(
    ("row", "upper", "topics", "decision"),
    [
        ([0.8, 0.1, 0.1], 0.8, ("a",), AUTO),
        ([0.1, 0.8, 0.1], 0.81, ("b",), REVIEW),
        ([0.1, 0.1, 0.8], 0.8, (), NONE),
        ([0.3, 0.3, 0.4], 0.8, (), REVIEW),
        ([0.4, 0.3, 0.3], np.inf, ("a",), REVIEW),
        ([0.9, 0.1], 0.8, ("a",), AUTO),
    ],
)
def test_single_label_decisions(row: list[float], upper: float, topics: tuple[str, ...], decision: str) -> None:
    (found,) = decide(
        np.array([row]), Rule(Mode.SINGLE, np.zeros(2)), bands(1 - upper if upper < 1 else 0.0, upper), ("a", "b")
    )
    assert (found.topics, found.decision) == (topics, decision)
    assert list(found.scores) == ["a", "b"]


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_decision_says_why_a_person_should_look(mode: str) -> None:
    """The first paper's words tell topics apart and it is sure, the second's do but it is torn, the third's do not."""
    probabilities = np.array([[0.97, 0.02], [0.4, 0.02], [0.5, 0.5]])
    rule = Rule(mode, np.full(2, 0.3), familiarity=Familiarity(mode, np.zeros(2), 0.5))
    decisions = decide(probabilities, rule, bands(0.1, 0.9), ("a", "b"))
    assert [decision.decision for decision in decisions] == [AUTO, REVIEW, REVIEW]
    assert [decision.reason for decision in decisions] == ["", AMBIGUOUS, UNFAMILIAR]


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_paper_of_unfamiliar_words_gets_no_topic_without_a_person(mode: str) -> None:
    intercepts = np.array([4.0, 0.0]) if mode == Mode.MULTI else np.array([4.0, 0.0, 0.0])
    probabilities = (
        np.array([[0.98, 0.5]]) if mode == Mode.MULTI else np.exp(intercepts)[None] / np.exp(intercepts).sum()
    )
    rule = Rule(mode, np.full(2, 0.6), familiarity=Familiarity(mode, intercepts, 0.5))
    (decision,) = decide(probabilities, rule, bands(0.55, 0.7), ("a", "b"))
    assert (decision.topics, decision.decision, decision.reason) == (("a",), REVIEW, UNFAMILIAR)


def test_no_topic_has_a_reason_where_the_words_are_unfamiliar() -> None:
    near = Rule(Mode.MULTI, np.full(2, 0.6), familiarity=Familiarity(Mode.MULTI, np.array([-2.0, -6.9]), 0.5))
    (none,) = decide(np.full((1, 2), 0.001), near, bands(0.1, 0.7), ("a", "b"))
    assert (none.decision, none.reason) == (NONE, "")
    far = Rule(Mode.MULTI, np.full(2, 0.6), familiarity=Familiarity(Mode.MULTI, np.full(2, -6.9), 0.5))
    (none,) = decide(np.full((1, 2), 0.001), far, bands(0.1, 0.7), ("a", "b"))
    assert (none.decision, none.reason) == (NONE, UNFAMILIAR)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_what_cannot_be_read_is_reviewed_whatever_its_probabilities(mode: str) -> None:
    probabilities, out_of_vocabulary = (
        np.array([[0.97, 0.02], [0.97, 0.02], [0.01, 0.01]]),
        np.array([True, False, True]),
    )
    decisions = decide(probabilities, Rule(mode, np.full(2, 0.3)), bands(0.1, 0.9), ("a", "b"), out_of_vocabulary)
    assert [decision.decision for decision in decisions] == [REVIEW, AUTO, REVIEW]
    assert [decision.reason for decision in decisions] == [UNFAMILIAR, "", UNFAMILIAR]


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
@pytest.mark.parametrize("row", [[NAN, NAN], [NAN, 0.98], [0.98, NAN]])
def test_a_probability_that_is_not_a_number_is_no_topic_and_for_a_person(mode: str, row: list[float]) -> None:
    (found,) = decide(np.array([row]), Rule(mode, np.full(2, 0.3)), bands(0.1, 0.9), ("a", "b"))
    assert found.decision == REVIEW
    assert all(np.isfinite(found.scores[topic]) for topic in found.topics)
    rule = Rule(mode, np.full(2, 0.3), familiarity=Familiarity(mode, np.zeros(2), 0.5))
    (unfamiliar,) = decide(np.array([row]), rule, bands(0.1, 0.9), ("a", "b"))
    assert (unfamiliar.decision, unfamiliar.reason) == (REVIEW, UNFAMILIAR)


def test_each_row_has_its_decision() -> None:
    decisions = decide(
        np.array([[0.9, 0.0], [0.0, 0.0], [0.4, 0.9]]), Rule(Mode.MULTI, HALF), bands(0.1, 0.8), ("a", "b")
    )
    assert [decision.decision for decision in decisions] == [AUTO, NONE, AUTO]


def test_a_probability_at_its_threshold_is_a_yes() -> None:
    assert Rule(Mode.MULTI, HALF).assigned(np.array([[0.5, 0.4999]])).tolist() == [[True, False]]


def test_of_equally_probable_topics_the_first_is_assigned_in_single_mode() -> None:
    assert Rule(Mode.SINGLE, HALF).assigned(np.array([[0.4, 0.4, 0.2]])).tolist() == [[True, False]]


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_no_papers_have_no_decisions(mode: str) -> None:
    assert decide(np.zeros((0, 2)), Rule(mode, HALF), bands(0, 1), ("a", "b")) == []


def test_bands_are_json_also_without_an_upper_bound() -> None:
    assert bands(0.1, np.inf).to_dict()["upper"] is None
    assert bands(0.1, 0.9).to_dict() == {
        "precision": 0.9,
        "lower": 0.1,
        "upper": 0.9,
        "held_out": {"papers": 1, "decided": 1, "assigned": 1, "right": 1},
    }


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_none_is_never_sure_while_a_topic_could_not_be_learned(mode: str) -> None:
    rows = np.array([[0.01, 0.01, 0.98], [0.98, 0.01, 0.01]])[:, : 2 if mode == Mode.MULTI else 3]
    decisions = decide(rows, Rule(mode, HALF, incomplete=True), bands(0.1, 0.9), ("a", "b"))
    assert [decision.decision for decision in decisions] == [REVIEW, AUTO]


PROBABILITIES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.floats(0, 1, width=32), st.just(NAN)), min_size=columns, max_size=columns),
        min_size=1,
        max_size=6,
    )
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PROBABILITIES, st.sampled_from([Mode.MULTI, Mode.SINGLE]), st.booleans(), st.data())
def test_the_arrays_of_many_papers_hold_the_decisions_of_each(
    rows: list[list[float]], mode: str, incomplete: bool, data: st.DataObject
) -> None:
    probabilities = np.array(rows)
    topics = tuple("abcd"[: probabilities.shape[1] - (mode == Mode.SINGLE and probabilities.shape[1] > 1)])
    out_of_vocabulary = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    familiarity = data.draw(st.sampled_from([None, Familiarity(mode, np.zeros(probabilities.shape[1]), 0.5)]))
    rule = Rule(mode, np.full(len(topics), 0.5), incomplete, familiarity)
    arrays = decision_arrays(probabilities, rule, bands(0.2, 0.8), out_of_vocabulary)
    assert arrays.assigned.shape == (len(rows), len(topics))
    for row, chosen in enumerate(arrays.assigned):
        (alone,) = decide(probabilities[row : row + 1], rule, bands(0.2, 0.8), topics, out_of_vocabulary[row : row + 1])
        assert {topics[column] for column in np.flatnonzero(chosen)} == set(alone.topics)
        assert DECISIONS[arrays.decisions[row]] == alone.decision
        assert REASONS[arrays.reasons[row]] == alone.reason
        assert [alone.scores[topic] for topic in alone.topics] == sorted(
            (alone.scores[topic] for topic in alone.topics), reverse=True
        )
        assert alone.reason or alone.decision != REVIEW
        assert alone.decision == REVIEW or alone.reason == UNFAMILIAR * (alone.decision == NONE and bool(alone.reason))
        assert (alone.decision != AUTO) or (bool(alone.topics) and not out_of_vocabulary[row])
        assert not (alone.decision == NONE and (alone.topics or incomplete or out_of_vocabulary[row]))


def test_arrays_hold_indices_into_the_lists_of_words() -> None:
    arrays = decision_arrays(np.array([[0.9, 0.0], [0.0, 0.0], [0.6, 0.9]]), Rule(Mode.MULTI, HALF), bands(0.1, 0.8))
    assert [DECISIONS[index] for index in arrays.decisions] == [AUTO, NONE, REVIEW]
    assert [REASONS[index] for index in arrays.reasons] == ["", "", AMBIGUOUS]
    assert arrays.assigned.tolist() == [[True, False], [False, False], [True, True]]


def test_ambiguous_papers_say_between_which_topics_they_lie() -> None:
    single = Rule(Mode.SINGLE, np.zeros(3))
    (torn,) = decide(np.array([[0.4, 0.35, 0.06, 0.19]]), single, bands(0.0, 0.8), ("a", "b", "c"))
    assert (torn.topics, torn.reason, torn.torn) == (("a",), AMBIGUOUS, ("a", "b"))
    (torn,) = decide(np.array([[0.4, 0.05, 0.15, 0.4]]), single, bands(0.0, 0.8), ("a", "b", "c"))
    assert torn.torn == ("a", None)
    (torn,) = decide(np.array([[0.1, 0.05, 0.15, 0.7]]), single, bands(0.2, 0.8), ("a", "b", "c"))
    assert (torn.topics, torn.reason, torn.torn) == ((), AMBIGUOUS, (None,))
    multi = Rule(Mode.MULTI, np.full(3, 0.5))
    (torn,) = decide(np.array([[0.95, 0.6, 0.55]]), multi, bands(0.1, 0.9), ("a", "b", "c"))
    assert (torn.reason, torn.torn) == (AMBIGUOUS, ("b", "c"))
    (sure,) = decide(np.array([[0.95, 0.2, 0.1]]), multi, bands(0.1, 0.9), ("a", "b", "c"))
    assert (sure.decision, sure.torn) == (AUTO, ())


def test_a_paper_whose_topic_is_no_longer_given_lies_with_none_of_these() -> None:
    hidden = Rule(Mode.SINGLE, np.zeros(2), given=GivenTopics(Mode.SINGLE, ("theory",), ((0,),), ((0,),), (1,)))
    (torn,) = decide(np.array([[0.12, 0.88]]), hidden, bands(0.05, 0.9), ("theory",))
    assert (torn.topics, torn.reason, torn.torn) == ((), AMBIGUOUS, (None,))
    (torn,) = decide(np.array([[0.45, 0.55]]), hidden, bands(0.05, 0.9), ("theory",))
    assert torn.torn == (None, "theory")


def test_a_topic_of_few_judged_papers_is_named_as_the_reason() -> None:
    rule = Rule(Mode.MULTI, HALF, few=np.array([False, True]))
    decisions = decide(np.array([[0.95, 0.6], [0.6, 0.1], [0.95, 0.95]]), rule, bands(0.1, 0.9), ("a", "b"))
    assert [decision.reason for decision in decisions] == [FEW, AMBIGUOUS, ""]


def test_each_topic_says_what_precision_decisions_as_sure_keep() -> None:
    rule = Rule(Mode.MULTI, HALF, offsets=np.array([0.0, -1.0]))
    (one,) = decide(np.array([[0.9, 0.9]]), rule, bands(0.1, 0.8), ("a", "b"), promised=lambda sure: sure.round(2))
    assert one.precisions == {"a": 0.9, "b": 0.77}


def test_offsets_move_what_is_sure_and_not_what_is_given() -> None:
    rows = np.array([[0.9, 0.1], [0.1, 0.9]])
    moved = Rule(Mode.MULTI, HALF, offsets=np.array([0.0, -1.0]))
    assert [one.decision for one in decide(rows, moved, bands(0.1, 0.85), ("a", "b"))] == [AUTO, REVIEW]
    assert [one.topics for one in decide(rows, moved, bands(0.1, 0.85), ("a", "b"))] == [("a",), ("b",)]


@given(st.sampled_from(list(Mode)), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_margins_are_above_0_where_topics_are_given(mode: Mode, seed: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(4), 20) if mode == Mode.SINGLE else rng.random((20, 3))
    thresholds = rng.random(3)
    thresholds[2] = np.inf  # of a topic that could not be learned
    tree = Hierarchy({"b": "a"}) if mode == Mode.MULTI else FLAT
    rule = Rule(mode, thresholds, given=GivenTopics.of(("a", "b", "c"), mode, mode == Mode.SINGLE, tree))
    margins = rule.margins(probabilities)
    assert ((margins > 0) == rule.assigned(probabilities)).all()
    assert np.isfinite(rule.margins(np.full_like(probabilities, np.nan))).all()
