"""What stands before a Markdown page and describes it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.markdown_front import describes, front_fields, is_paper, kept


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("title: Sorting a Day", {"title": "Sorting a Day"}),
        ('Title:   "Sorting: a Day"', {"title": "Sorting: a Day"}),
        ("title: 'Sorting'\nyear: 2026", {"title": "Sorting", "year": "2026"}),
        ('authors: [Ann Lee, "Bo Ek"]', {"authors": ["Ann Lee", "Bo Ek"]}),
        ("authors:\n  - Ann Lee\n  - 'Bo Ek'\ndoi: 10.5555/x", {"authors": ["Ann Lee", "Bo Ek"], "doi": "10.5555/x"}),
        ("related: [[Another note]]", {"related": "[[Another note]]"}),
        ("authors:\ntags: []", {}),
        ("- an item of nothing\nno field here\n# a comment", {}),
        ("publish date: 2026-01-12", {"publish date": "2026-01-12"}),
        ("title: One\ntitle: Two", {"title": "Two"}),
        ('title: "', {"title": '"'}),
    ],
)
def test_fields_are_names_with_texts_or_lists(text: str, fields: dict[str, Any]) -> None:
    assert front_fields(text.split("\n")) == fields


def test_fields_describe_the_paper_with_their_title_alone() -> None:
    assert describes({"title": "Sorting a Day"}, "Sorting a day.")
    assert not describes({"title": "Sorting a Day"}, "Another Day")
    assert not describes({}, "")


@pytest.mark.parametrize(
    ("front", "is_one"),
    [
        ({"title": "Sorting", "doi": "10.5555/x"}, True),
        ({"title": "Sorting", "arxiv": "2601.88001"}, True),
        ({"title": "Sorting", "url": "https://arxiv.org/abs/2601.88001"}, True),
        ({"title": "Sorting", "url": "https://openreview.net/forum?id=x"}, True),
        ({"title": "Sorting", "url": "https://example.org"}, False),
        ({"title": "Sorting"}, False),
        ({"doi": "10.5555/x"}, False),
        ({}, False),
    ],
)
def test_fields_with_a_title_and_an_identifier_are_a_paper(front: dict[str, Any], is_one: bool) -> None:
    assert is_paper(front) is is_one


def test_of_very_many_lines_the_first_are_kept() -> None:
    lines: list[str] = []
    for number in range(1000):
        kept(lines, f"{number}\r\n")
    assert lines[:2] == ["0", "1"]
    assert len(lines) == 200


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(":-[]\"' "), max_size=12), max_size=6)
)
def test_any_lines_have_fields_or_none(lines: list[str]) -> None:
    assert all(name and value for name, value in front_fields(lines).items())
