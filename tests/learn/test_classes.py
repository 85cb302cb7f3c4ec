from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from labeler.errors import InputError
from labeler.learn.classes import Classes, in_order, is_unknown, labels_array, plain


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["b", "a"], ("b", "a")),
        ([0, 1], ("0", "1")),
        ([1, "1"], ("int 1", "str '1'")),
        ([True, "True", 2], ("bool True", "str 'True'", "int 2")),
        ([("a", 1)], ("('a', 1)",)),
        ([], ()),
    ],
)
def test_every_label_has_a_name_of_its_own(labels: list[Any], names: tuple[str, ...]) -> None:
    found = Classes.of(labels)
    assert (found.labels, found.names) == (tuple(labels), names)
    assert found.label() == dict(zip(names, labels, strict=True))


def test_labels_that_are_written_alike_have_names_that_differ() -> None:
    class Alike:
        def __repr__(self) -> str:
            return "alike"

    assert len(set(Classes.of([Alike(), Alike()]).names)) == 2


def test_only_names_are_saved() -> None:
    Classes.of(["a", "b"]).check_saved()
    Classes.of([]).check_saved()
    with pytest.raises(InputError, match=r"0 is no text but int; fit with names") as caught:
        Classes.of(["a", 0]).check_saved()
    assert "\n" not in str(caught.value)


def test_definitions_by_label_are_kept_by_name() -> None:
    assert Classes.of([1, 2]).by_name({1: "One.", 3: "Three."}) == {"1": "One."}


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["a", "bc"], "U"),
        ([1, 2], "i"),
        ([1.0, 2.0], "f"),
        ([True, False], "b"),
        ([1, "a"], "O"),
        ([(1, 2), (3, 4)], "O"),
    ],
)
def test_an_array_of_labels_is_of_their_type(labels: list[Any], kind: str) -> None:
    found = labels_array(labels)
    assert (found.dtype.kind, found.shape, found.tolist()) == (kind, (2,), labels)


def test_labels_are_sorted_where_they_can_be() -> None:
    assert in_order({10, 9, 2}) == [2, 9, 10]
    assert in_order(["b", 2, "a", 1]) == [1, 2, "a", "b"]


@pytest.mark.parametrize("missing", [float("nan"), np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT")])
def test_what_is_missing_is_unknown(missing: Any) -> None:
    assert is_unknown(missing)


@pytest.mark.parametrize("known", ["", "nan", None, 0, (), [float("nan")], np.array([1, 2]), ("a", "b"), {1}])
def test_what_is_there_is_known(known: Any) -> None:
    assert not is_unknown(known)


def test_numbers_of_arrays_become_plain_ones() -> None:
    assert [type(plain(label)) for label in (np.int8(1), np.str_("a"), np.bool_(True), "b", (1,))] == [
        int,
        str,
        bool,
        str,
        tuple,
    ]
