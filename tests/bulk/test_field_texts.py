"""Columns of a batch as the texts of fields."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.bulk.field_texts import field_texts


def texts(columns: dict[str, list[Any]], field: str = "title") -> list[str]:
    return field_texts(pa.RecordBatch.from_pydict(columns), field)[0]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"title": ["Robots", None, ""]}, ["Robots", "", ""]),
        ({"Paper Title": ["Robots"]}, ["Robots"]),
        ({"title": [["Robots", "speak"], [], None]}, ["Robots speak", "", ""]),
        ({"title": [7, None, 0]}, ["7", "", "0"]),
        ({"title": [0.5, float("nan"), None]}, ["0.5", "", ""]),
        ({"title": [None, "A", " "], "Title": ["B", "C", "D"]}, ["B", "A", "D"]),
        ({"n": [1, 2]}, ["", ""]),
    ],
)
def test_a_row_has_the_first_text_that_is_not_blank(columns: dict[str, list[Any]], expected: list[str]) -> None:
    assert texts(columns) == expected


def test_under_a_name_that_means_anything_one_word_is_no_abstract() -> None:
    columns = {"title": ["A", "B", "C"], "text": ["yes", "words of it", "学习"]}
    assert texts(columns, "abstract") == ["", "words of it", "学习"]


def test_without_a_row_there_is_no_text() -> None:
    batch = pa.RecordBatch.from_pylist([], pa.schema({"title": pa.string()}))
    assert field_texts(batch, "title") == ([], [])


def test_texts_with_signs_that_are_not_printed_are_told_from_others() -> None:
    batch = pa.RecordBatch.from_pydict({"title": ["Robots speak", "Robots\x00speak", None]})
    _, is_printed = field_texts(batch, "title")
    assert is_printed[:2] == [True, False]


@given(st.lists(st.none() | st.text(max_size=6), max_size=6))
def test_texts_stay_as_they_are(values: list[str | None]) -> None:
    clean = [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
    batch = pa.RecordBatch.from_arrays([pa.array(clean, pa.string())], ["title"])
    assert field_texts(batch, "title")[0] == [value or "" for value in clean]
