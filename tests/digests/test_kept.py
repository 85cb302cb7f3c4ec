"""Fields that are kept of records, as they were written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.kept import kept, kept_fields


def test_fields_have_the_name_of_their_format() -> None:
    assert kept("ris", [("VL", "3"), ("SP", "7")]) == (("ris:VL", "3"), ("ris:SP", "7"))
    assert list(kept_fields(kept("bibtex", [("volume", "3")]))) == [("bibtex:volume", "3")]
    assert kept("ris", []) == ()


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ([["ris:VL", "3"], ["ris:SP", 7]], [("ris:VL", "3"), ("ris:SP", "7")]),
        ([["ris:VL", ""], ["ris:vl", "3"], ["other:VL", "3"], ["VL", "3"], ["bibtex:Volume", "3"]], []),
        ([["ris:VL"], ["ris:VL", "3", "4"], "ris", None, 7], []),
        ("ris:VL", []),
        (None, []),
        ({"ris:VL": "3"}, []),
        ([["bibtex:" + "x" * 60, "3"]], []),
    ],
)
def test_only_pairs_of_a_name_and_a_value_are_read(value: Any, pairs: list[tuple[str, str]]) -> None:
    assert list(kept_fields(value)) == pairs


def test_of_very_many_fields_the_first_are_read() -> None:
    assert len(list(kept_fields([["ris:VL", str(number)] for number in range(1000)]))) == 100


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)))
def test_any_value_has_pairs_or_none(value: Any) -> None:
    assert all(name and text for name, text in kept_fields(value))
