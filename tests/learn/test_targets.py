from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from labeler.learn.targets import learnable, targets_of, weak_columns, weights_of

NAN = np.nan


@pytest.mark.parametrize(
    "topics",
    [
        ["b", None, "a"],
        ("b", None, "a"),
        np.array(["b", None, "a"], dtype=object),
        pd.Series(["b", None, "a"]),
        pd.Series(["b", NAN, "a"]),
        pd.Series(["b", None, "a"], dtype="string"),
        pd.Categorical(["b", None, "a"]),
        iter(["b", None, "a"]),
    ],
    ids=["list", "tuple", "array", "series", "nan", "string dtype", "categorical", "iterator"],
)
def test_single_mode_takes_a_topic_or_none_for_each_paper(topics: Any) -> None:
    found = targets_of(topics, "single", None)
    assert (found.classes, found.form) == (("a", "b"), "names")
    assert found.matrix.tolist() == [[0, 1], [0, 0], [1, 0]]


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
    found = targets_of(topics, "multi", None)
    assert (found.classes, found.form) == (("a", "b"), "lists")
    assert found.matrix.tolist() == [[1, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize("kind", [np.array, pd.DataFrame, lambda rows: np.array(rows).astype(bool)])
def test_multi_mode_takes_a_matrix(kind: Any) -> None:
    found = targets_of(kind([[1, 0], [0, 1]]), "multi", ["x", "y"])
    assert (found.classes, found.form) == (("x", "y"), "matrix")
    assert found.matrix.tolist() == [[1, 0], [0, 1]]
    assert (found.matrix == 1).tolist() == [[True, False], [False, True]]


def test_nan_in_a_matrix_is_unknown_and_no_yes() -> None:
    found = targets_of(np.array([[1, NAN], [0, 1]]), "multi", None)
    assert np.isnan(found.matrix[0, 1])
    assert (found.matrix == 1).tolist() == [[True, False], [False, True]]
    assert found.classes == ("0", "1")


def test_classes_keep_the_order_given_and_defined_topics_are_columns_too() -> None:
    assert targets_of(["b"], "single", ["z", "b", "a"]).classes == ("z", "b", "a")
    assert targets_of(["b"], "single", None, {"z": "Z.", "a": "A."}).classes == ("a", "b", "z")
    assert targets_of([["b"]], "multi", None, {"z": "Z."}).matrix.tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("topics", "mode", "classes", "told"),
    [
        (["a", 3], "single", None, "not 3"),
        ([["a"], ["b"]], "single", None, r"not \['a'\]"),
        (["ab", "b"], "multi", None, "not 'ab'"),
        ([["a"], None], "multi", None, "not None"),
        (["a", "q"], "single", ["a"], "'q' is not in classes"),
        ([["a"], ["q"]], "multi", ["a"], "'q' is not in classes"),
        (np.array([[1, 0]]), "multi", ["a"], "1 topics, the matrix has 2"),
        (np.array([[1, 2]]), "multi", None, "0, 1 and NaN"),
        (np.array([[1, -1]]), "multi", None, "0, 1 and NaN"),
        (np.array([[1, np.inf]]), "multi", None, "0, 1 and NaN"),
    ],
)
def test_other_forms_are_refused(topics: Any, mode: str, classes: list[str] | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        targets_of(topics, mode, classes)


@pytest.mark.parametrize(("topics", "mode"), [(np.array([[1, 0]]), "multi"), ([["a"]], "multi"), (["a"], "single")])
def test_a_topic_named_twice_in_classes_is_refused(topics: Any, mode: str) -> None:
    with pytest.raises(ValueError, match="'a'"):
        targets_of(topics, mode, ["a", "a"])


def test_rows_of_zeros_and_ones_as_lists_are_not_taken_for_topics() -> None:
    with pytest.raises(ValueError, match="not 1"):
        targets_of([[1, 0], [0, 1]], "multi", None)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ([1, 1, 0, 0], None),
        ([1, 1, NAN, NAN], None),
        ([0, 0, 0, 0], "no paper"),
        ([NAN, NAN, NAN, NAN], "no paper"),
        ([1, 0, 0, 0], "only one paper"),
        ([1, NAN, NAN, NAN], "only one paper"),
        ([1, 1, 1, 0], "no two papers"),
        ([1, 1, 1, 1], "no two papers"),
        ([1, 1, 1, NAN], "no two papers"),
        ([1, 1, 0, NAN], "no two papers"),
    ],
)
def test_two_papers_that_are_and_two_that_are_not_are_needed(column: list[float], told: str | None) -> None:
    found = learnable(np.array([column]).T, ["a"])
    assert list(found) == ([] if told is None else ["a"])
    assert told is None or told in found["a"]


def test_unknown_pairs_weigh_nothing_but_where_nobody_said_no() -> None:
    matrix = np.array([[1, 1], [NAN, NAN], [NAN, 0], [1, NAN]])
    assert weights_of(matrix).tolist() == [[1, 1], [0.3, 0], [0.3, 1], [1, 0]]
    assert weak_columns(matrix).tolist() == [True, False]


def test_a_topic_that_all_papers_have_is_not_weak() -> None:
    assert weak_columns(np.array([[1.0], [1.0]])).tolist() == [False]
    assert weights_of(np.array([[1.0], [1.0]])).tolist() == [[1], [1]]
