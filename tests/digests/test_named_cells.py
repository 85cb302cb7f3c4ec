"""Cells as fields, by the names of their columns."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.named_cells import named_cells, repeated_names


@pytest.mark.parametrize(
    ("names", "cells", "fields"),
    [
        (["title", "doi"], ["One", "10.5555/x"], {"title": "One", "doi": "10.5555/x"}),
        (["title", "doi"], ["One"], {"title": "One"}),
        (["title"], ["One", "too many"], {"title": "One"}),
        (["title", "title"], ["", "Two"], {"title": "Two"}),
        (["title", "title"], ["One", "Two"], {"title": "One"}),
        (["title", "title", "title"], [None, " ", 7], {"title": 7}),
        ([], ["One"], {}),
    ],
)
def test_of_columns_of_one_name_the_first_that_says_something_counts(
    names: list[str], cells: list[Any], fields: dict[str, Any]
) -> None:
    assert named_cells(names)(cells) == fields


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from(["", " ", "x", "y"]), max_size=6))
def test_each_name_has_its_first_cell_with_something(names: list[str], cells: list[str]) -> None:
    fields = named_cells(names)(cells)
    pairs = list(zip(names, cells, strict=False))
    assert set(fields) == {name for name, _ in pairs}
    for name, value in fields.items():
        said = [cell for other, cell in pairs if other == name and cell.strip()]
        assert value == said[0] if said else not value.strip()


def test_repeated_names_are_told_without_regard_to_case_and_those_without_a_name_are_not() -> None:
    (note,) = repeated_names("a.csv", ["Title", "title", "DOI", "", ""])
    assert note == "a.csv: 2 columns are called 'title'; in each row, the first of them that has something counts"
    assert repeated_names("a.csv", ["title", "doi"]) == []
