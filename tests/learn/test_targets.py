from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from labeler.learn.targets import (
    columns_without_negatives,
    completed,
    evaluation_answers,
    pair_weights,
    targets_of,
    training_answers,
    unlearnable_topics,
    with_none_column,
    with_topics_above,
)
from labeler.topics import Mode
from labeler.topics.hierarchy import Hierarchy

NAN = np.nan


def reasons(
    mode: str, matrix: np.ndarray, classes: Sequence[str], defined: list[int], unlabeled: int
) -> dict[str, str]:
    return unlearnable_topics(mode, (matrix == 1).sum(axis=0), len(matrix), classes, defined, unlabeled)


@pytest.mark.parametrize(
    "topics",
    [
        ["b", None, "a"],
        ("b", None, "a"),
        np.array(["b", None, "a"], dtype=object),
        pd.Series(["b", None, "a"], dtype=object),
        iter(["b", None, "a"]),
    ],
    ids=["list", "tuple", "array", "series", "iterator"],
)
def test_single_mode_takes_a_topic_or_none_for_each_paper(topics: Any) -> None:
    found = targets_of(topics, Mode.SINGLE, None)
    assert (found.classes, found.form) == (("a", "b"), "names")
    assert found.matrix.tolist() == [[0, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize(
    "topics",
    [
        ["b", NAN, "a"],
        ["b", pd.NA, "a"],
        ["b", pd.NaT, "a"],
        np.array(["b", NAN, "a"], dtype=object),
        np.array(["b", NAN, "a"]),
        pd.Series(["b", NAN, "a"]),
        pd.Series(["b", pd.NA, "a"], dtype="string"),
        pd.Categorical(["b", None, "a"]),
        pd.Series(["b", None, "a"], dtype="category"),
    ],
    ids=["nan", "NA", "NaT", "array", "array of texts", "series", "string dtype", "categorical", "category dtype"],
)
def test_a_missing_topic_is_unknown(topics: Any) -> None:
    found = targets_of(topics, Mode.SINGLE, None)
    assert found.classes == ("a", "b")
    np.testing.assert_array_equal(found.matrix, [[0, 1], [NAN, NAN], [1, 0]])


def test_missing_lists_of_topics_are_unknown() -> None:
    found = targets_of([["b"], NAN, [], pd.NA], Mode.MULTI, None)
    np.testing.assert_array_equal(found.matrix, [[1], [NAN], [0], [NAN]])


DAY = datetime.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("topics", "classes"),
    [
        ([2, 10, 2, 3], (2, 3, 10)),
        (np.array([2, 10, 2, 3], dtype=np.uint8), (2, 3, 10)),
        (pd.Series([2.0, 1.0, NAN]), (1.0, 2.0)),
        (pd.Series([2, 1, None], dtype="Int64"), (1, 2)),
        ([True, False], (False, True)),
        ([("b", 1), ("a", 2)], (("a", 2), ("b", 1))),
        ([DAY, datetime.date(2024, 1, 1)], (datetime.date(2024, 1, 1), DAY)),
        (["b", 1, None, ("t",)], (1, "b", ("t",))),
        (np.array(["b", "a"]), ("a", "b")),
        (np.array([[1], [0]]), (0, 1)),
    ],
)
@pytest.mark.filterwarnings("ignore:A column-vector y")
def test_a_topic_may_be_anything_hashable(topics: Any, classes: tuple[Any, ...]) -> None:
    found = targets_of(topics, Mode.SINGLE, None)
    assert found.classes == classes
    assert [type(label) for label in found.classes] == [type(label) for label in classes]
    many = [[topic] for topic in classes]
    assert targets_of(many, Mode.MULTI, None).classes == classes
    assert targets_of(many, Mode.MULTI, classes[::-1]).matrix.tolist() == np.eye(len(classes))[::-1].tolist()


def test_definitions_by_name_are_left_out_where_topics_are_numbers() -> None:
    with pytest.warns(UserWarning, match="definitions are of topics by name"):
        assert targets_of([1, 0], Mode.SINGLE, None, {"robots": "Robots."}).classes == (0, 1)
    assert targets_of([1, 0], Mode.SINGLE, None, {0: "Robots.", 2: "Speech."}).classes == (0, 1, 2)
    assert targets_of([1, "a"], Mode.SINGLE, None, {"b": "B."}).classes == (1, "a", "b")


@pytest.mark.parametrize(
    "topics",
    [
        [["b", "a"], [], ("a",)],
        pd.Series([["b", "a"], [], ["a"]]),
        [{"b", "a"}, set(), {"a"}],
        [np.array(["a", "b"]), np.array([]), np.array(["a"])],
    ],
)
def test_multi_mode_takes_lists_of_topics(topics: Any) -> None:
    found = targets_of(topics, Mode.MULTI, None)
    assert (found.classes, found.form) == (("a", "b"), "lists")
    assert found.matrix.tolist() == [[1, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize("kind", [np.array, pd.DataFrame, lambda rows: np.array(rows).astype(bool)])
@pytest.mark.parametrize(("mode", "form"), [(Mode.MULTI, "matrix"), (Mode.SINGLE, "names")])
def test_both_modes_take_a_matrix(mode: str, form: str, kind: Any) -> None:
    found = targets_of(kind([[1, 0], [0, 1], [0, 0]]), mode, ["x", "y"])
    assert (found.classes, found.form) == (("x", "y"), form)
    assert found.matrix.tolist() == [[1, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_nan_in_a_matrix_is_unknown_and_no_yes(mode: str) -> None:
    found = targets_of(np.array([[1, NAN], [0, 1]]), mode, None)
    assert np.isnan(found.matrix[0, 1])
    assert (found.matrix == 1).tolist() == [[True, False], [False, True]]
    assert found.classes == ("0", "1")


@pytest.mark.parametrize("dtype", ["Int64", "boolean", "Float64", object])
def test_a_frame_may_hold_what_pandas_writes_for_unknown(dtype: Any) -> None:
    frame = pd.DataFrame({"x": [1, pd.NA], "y": [0, 1]}).astype(dtype)
    found = targets_of(frame, Mode.MULTI, None)
    np.testing.assert_array_equal(found.matrix, [[1, 0], [NAN, 1]])


def test_columns_of_a_frame_name_the_topics() -> None:
    frame = pd.DataFrame({"x": [1, 0], "y": [0, 1]})
    assert targets_of(frame, Mode.SINGLE, None).classes == targets_of(frame, Mode.MULTI, None).classes == ("x", "y")
    assert targets_of(frame, Mode.SINGLE, ["a", "b"]).classes == ("a", "b")


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_without_a_paper_the_defined_topics_are_the_columns(mode: str) -> None:
    assert targets_of([], mode, None, {"z": "Z.", "a": "A."}).classes == ("a", "z")
    assert targets_of([], mode, None, {"z": "Z.", "a": "A."}).matrix.shape == (0, 2)
    assert targets_of(np.zeros((0, 2)), mode, ["a", "z"]).matrix.shape == (0, 2)


def test_classes_keep_the_order_given_and_defined_topics_are_columns_too() -> None:
    assert targets_of(["b"], Mode.SINGLE, ["z", "b", "a"]).classes == ("z", "b", "a")
    assert targets_of(["b"], Mode.SINGLE, None, {"z": "Z.", "a": "A."}).classes == ("a", "b", "z")
    assert targets_of([["b"]], Mode.MULTI, None, {"z": "Z."}).matrix.tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("topics", "mode", "classes", "message"),
    [
        (["a", {3}], Mode.SINGLE, None, r"not \{3\}"),
        ([0.5, 1.0], Mode.SINGLE, None, "Unknown label type: continuous"),
        ([float("inf"), 1.0], Mode.SINGLE, None, "Unknown label type: continuous"),
        ("ab", Mode.SINGLE, None, "not a single text"),
        ([[1, 0], [0, 1]], Mode.MULTI, None, "give a 0/1 matrix as a numpy array"),
        ([["a", None]], Mode.MULTI, None, "a topic is a text, not None"),
        ([["a", NAN]], Mode.MULTI, None, "a topic is a text, not nan"),
        ([["a"], ["b"]], Mode.SINGLE, None, r"not \['a'\]"),
        (["ab", "b"], Mode.MULTI, None, "not 'ab'"),
        ([["a"], None], Mode.MULTI, None, "not None"),
        (["a", "q"], Mode.SINGLE, ["a"], "'q' is not in classes"),
        ([["a"], ["q"]], Mode.MULTI, ["a"], "'q' is not in classes"),
        (np.array([[1, 0]]), Mode.MULTI, ["a"], "1 topics, the matrix has 2"),
        (np.array([[1, 2]]), Mode.MULTI, None, "0, 1 and NaN"),
        (np.array([[1, -1]]), Mode.MULTI, None, "0, 1 and NaN"),
        (np.array([[1, np.inf]]), Mode.MULTI, None, "0, 1 and NaN"),
        (np.array([[1, 0]]), Mode.SINGLE, ["a"], "1 topics, the matrix has 2"),
        (np.array([[1, 2]]), Mode.SINGLE, None, "0, 1 and NaN"),
        (np.array([[1, 0], [1, 1]]), Mode.SINGLE, None, "several topics"),
    ],
)
def test_other_forms_are_refused(topics: Any, mode: str, classes: list[str] | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        targets_of(topics, mode, classes)


@pytest.mark.parametrize(
    ("topics", "mode"), [(np.array([[1, 0]]), Mode.MULTI), ([["a"]], Mode.MULTI), (["a"], Mode.SINGLE)]
)
def test_a_topic_named_twice_in_classes_is_refused(topics: Any, mode: str) -> None:
    with pytest.raises(ValueError, match="'a'"):
        targets_of(topics, mode, ["a", "a"])


def test_rows_of_zeros_and_ones_as_lists_are_not_taken_for_topics() -> None:
    with pytest.raises(ValueError, match="give a 0/1 matrix"):
        targets_of([[1, 0], [0, 1]], Mode.MULTI, None)


MISSING, ALWAYS = "no paper judged to be of it", "no paper judged not to be of it"


@pytest.mark.parametrize(
    ("column", Mode.SINGLE, Mode.MULTI),
    [
        ([1, 0], None, None),
        ([1, NAN], None, None),
        ([1, 1], None, ALWAYS),
        ([0, 0], MISSING, MISSING),
        ([NAN, NAN], MISSING, MISSING),
        ([0, NAN], MISSING, MISSING),
        ([1], None, ALWAYS),
        ([], MISSING, MISSING),
    ],
)
def test_one_paper_is_enough_and_in_multi_mode_one_that_is_something_else(
    column: list[float], single: str | None, multi: str | None
) -> None:
    for mode, message in ((Mode.SINGLE, single), (Mode.MULTI, multi)):
        assert reasons(mode, np.array(column).reshape(-1, 1), ["a"], [], 0) == ({"a": message} if message else {})


@pytest.mark.parametrize("column", [[0, 0], [NAN, NAN], []])
@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_a_definition_is_enough_where_there_is_anything_else(mode: str, column: list[float]) -> None:
    matrix = np.array(column).reshape(-1, 1)
    assert reasons(mode, matrix, ["a"], [0], 1) == {}
    assert reasons(mode, matrix, ["a"], [], 1) == {"a": MISSING}


def test_papers_nobody_has_judged_and_other_definitions_are_something_else() -> None:
    ones = np.ones((3, 1))
    assert reasons(Mode.MULTI, ones, ["a"], [], 0) == reasons(Mode.MULTI, ones, ["a"], [0], 0) == {"a": ALWAYS}
    assert reasons(Mode.MULTI, ones, ["a"], [], 1) == {}
    assert reasons(Mode.MULTI, np.ones((3, 2)), ["a", "b"], [0, 1], 0) == {}
    assert reasons(Mode.MULTI, np.ones((3, 2)), ["a", "b"], [1], 0) == {"b": ALWAYS}


def test_reasons_are_told_of_every_topic_that_cannot_be_learned() -> None:
    matrix = np.array([[1, 0, NAN, 1], [0, 0, NAN, 1]])
    assert reasons(Mode.MULTI, matrix, "wxyz", [], 0) == {"x": MISSING, "y": MISSING, "z": ALWAYS}
    assert reasons(Mode.SINGLE, matrix, "wxyz", [2], 0) == {"x": MISSING}


def test_none_of_these_is_a_column_once_it_was_said() -> None:
    matrix = np.array([[1, 0], [0, 0], [0, 1], [NAN, 0]])
    found = with_none_column(matrix)
    np.testing.assert_array_equal(found, np.column_stack([matrix, [0, 1, 0, 1]]))


def test_where_every_paper_has_a_topic_there_is_no_such_column() -> None:
    matrix = np.array([[1, NAN], [0, 1.0]])
    found = with_none_column(matrix)
    np.testing.assert_array_equal(found, matrix)
    found[:] = 0
    assert matrix[0, 0] == 1
    assert with_none_column(np.zeros((0, 2))).shape == (0, 2)


def test_unknown_pairs_weigh_nothing_but_where_nobody_said_no() -> None:
    matrix = np.array([[1, 1], [NAN, NAN], [NAN, 0], [1, NAN], [1, NAN], [1, NAN]])
    assert pair_weights(matrix).tolist() == [[1, 1], [0.3, 0.15], [0.3, 1], [1, 0.15], [1, 0.15], [1, 0.15]]
    assert columns_without_negatives(matrix).tolist() == [True, True]
    assert pair_weights(np.array([[1, 1], [NAN, 0], [NAN, 0], [1, NAN]]))[:, 1].tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("named_papers", [30, 60])  # of 60, those that leave a topic open weigh as assumed negatives
def test_papers_of_which_topics_are_named_alone_measure_nothing_where_others_do(named_papers: int) -> None:
    whole = np.array([[1, 0], [0, 1]] * 10, float)
    matrix = np.vstack([whole, np.array([[1, NAN], [NAN, 1]] * (named_papers // 2))])
    answers, weights = training_answers(Mode.MULTI, matrix, ())
    assert bool((weights[np.isnan(matrix)] > 0).all()) == (named_papers == 60)
    measured = evaluation_answers(Mode.MULTI, matrix, answers)
    assert (measured[: len(whole)] == whole).all()
    assert np.isnan(measured[len(whole) :]).all()


def test_papers_of_no_topic_do_not_tell_topics_apart() -> None:
    named = np.array([[1, NAN, NAN], [NAN, 1, NAN]])
    of_none = np.array([[0, 0, NAN]] * 3)  # nobody was ever asked for the last topic
    assert columns_without_negatives(np.vstack([named, of_none]))[:2].tolist() == [True, True]
    rejected = np.array([[NAN, 0, NAN]])
    assert columns_without_negatives(np.vstack([named, of_none, rejected]))[:2].tolist() == [True, False]


def test_the_more_known_negatives_there_are_the_less_assumed_ones_weigh() -> None:
    named = np.full((40, 6), NAN)
    named[np.arange(40), np.arange(40) % 5] = 1.0
    weights = []
    for count in range(20):
        known = named.copy()
        known[np.flatnonzero(np.isnan(named[:, 0]))[:count], 0] = 0.0
        weights.append(pair_weights(known)[39, 0])
        assert (pair_weights(known)[:, 1] == np.where(known[:, 1] == 1, 1.0, 0.3)).all()
        assert columns_without_negatives(known)[0] == (weights[-1] > 0)
    assert weights[0] == 0.3
    assert weights[1] > 0.28
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == 0


def test_an_answered_paper_that_was_not_asked_for_a_topic_is_no_assumed_negative_of_it() -> None:
    """Of a topic that came later, some papers were asked; the earlier ones were judged for all topics but that one."""
    asked = np.tile([1.0, 0.0, 0.0, 0.0], (4, 1))
    before = np.tile([1.0, 0.0, 0.0, NAN], (30, 1))
    named = np.tile([1.0, NAN, NAN, NAN], (30, 1))
    weights = pair_weights(np.vstack([asked, before, named]))
    assert (weights[4:34, 3] == 0).all()
    assert (weights[34:, 3] > 0).all()


def test_a_topic_that_all_papers_have_is_not_weak() -> None:
    assert columns_without_negatives(np.array([[1.0], [1.0]])).tolist() == [False]
    assert pair_weights(np.array([[1.0], [1.0]])).tolist() == [[1], [1]]


def test_what_is_not_learned_counts_nothing() -> None:
    matrix = np.array([[1.0, 0, NAN], [0, 1, 0]])
    for mode in (Mode.SINGLE, Mode.MULTI):
        answers, weights = training_answers(mode, matrix, [1])
        assert np.isnan(answers[:, 1]).all()
        assert weights[:, 1].tolist() == [0, 0]
        assert np.isnan(matrix).sum() == 1


def test_in_multi_mode_a_weak_no_is_held_out_like_a_no_and_what_is_unknown_is_not() -> None:
    answers, weights = training_answers(Mode.MULTI, np.array([[1.0, NAN], [NAN, 0], [NAN, 1]]), [])
    assert answers[:, 0].tolist() == [1, 0, 0]
    assert weights[:, 0].tolist() == [1, 0.3, 0.3]
    assert np.isnan(answers[:, 1]).tolist() == [True, False, False]
    assert weights[:, 1].tolist() == [0, 1, 1]


def test_in_single_mode_none_of_these_is_a_column_and_all_pairs_count_the_same() -> None:
    answers, weights = training_answers(Mode.SINGLE, np.array([[1.0, 0], [0, 0]]), [])
    assert answers.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert weights.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_papers_that_only_have_topics_named_tell_of_topics_with_hardly_a_paper_else() -> None:
    complete = np.array([[1.0, 0.0]] * 10 + [[0.0, 1.0]] * 9)
    named = np.array([[1.0, np.nan], [np.nan, 1.0]])
    matrix = np.vstack([complete, named])
    expected = np.vstack([complete, [[np.nan, np.nan], [np.nan, 1.0]]])
    np.testing.assert_array_equal(evaluation_answers(Mode.MULTI, matrix, matrix), expected)
    np.testing.assert_array_equal(evaluation_answers(Mode.SINGLE, matrix, matrix), matrix)


TREE = Hierarchy({"nlp": "ai", "llm": "nlp"})
TOPICS_OF_TREE = ("ai", "nlp", "llm", "health")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0, 0, 1, 0], [1, 1, 1, 0]),
        ([NAN, NAN, 1, NAN], [1, 1, 1, NAN]),
        ([0, NAN, NAN, NAN], [0, 0, 0, NAN]),
        ([NAN, 0, NAN, 1], [NAN, 0, 0, 1]),
        ([NAN, 0, 1, NAN], [1, 1, 1, NAN]),
        ([1, 0, NAN, 0], [1, 0, 0, 0]),
    ],
)
def test_answers_are_completed_for_topics_above_and_below(row: list[float], expected: list[float]) -> None:
    np.testing.assert_array_equal(completed(np.array([row]), TOPICS_OF_TREE, TREE), [expected])


def test_parents_that_are_no_topics_are_passed_over() -> None:
    matrix = np.array([[1.0, 0.0]])
    np.testing.assert_array_equal(completed(matrix, ("llm", "health"), TREE), matrix)
    assert with_topics_above(matrix == 1, ("llm", "health"), TREE).tolist() == [[True, False]]
