"""Answers of services: whole, of their kind, and no page for people."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.sources.session import number, refuse_page


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        ("7", 7),
        (-7, 0),
        (" 7 ", 7),
        (True, None),
        (7.5, None),
        ("seven", None),
        (None, None),
        ([], None),
        ("", None),
    ],
)
def test_numbers_that_services_tell(value: Any, expected: int | None) -> None:
    assert number(value) == expected


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2))
def test_any_value_is_a_number_or_none(value: Any) -> None:
    found = number(value)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    "content", [b"<!DOCTYPE html><html>", b"  <html lang='en'>", b"\n<!doctype HTML>", b"<?xml version='1.0'?><html>"]
)
def test_a_page_for_people_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="x has answered with a web page, which is no digest; what to do"):
        refuse_page(content, "x", "what to do")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"<feed><content>&lt;html></content></feed>", b"<rss><!-- <html> -->", b"<rdf:RDF><html>", b"<htmlx>"],
)
def test_other_answers_are_none(content: bytes) -> None:
    refuse_page(content, "x", "what to do")
