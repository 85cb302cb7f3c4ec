"""JSON of others: every text has a value that can be used, or one kind of error that says where and why."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.files import json_line
from labeler.json_parsing import DEEPEST, JsonError, is_deep, parse_json, parse_next_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
LONG = "9" * 5000


@given(VALUES)
def test_what_json_writes_is_read_back(value: Any) -> None:
    text = json.dumps(value)
    assert json_line(parse_json(text)) == json_line(value)
    assert parse_json(b"\xef\xbb\xbf" + text.encode()) == parse_json(text)
    assert parse_next_json(f"#{text} more", 1) == (parse_json(text), 1 + len(text))


@given(st.binary() | st.text())
def test_any_text_is_a_value_or_an_error(text: str | bytes) -> None:
    with suppress(JsonError):
        assert not is_deep(parse_json(text))


@pytest.mark.parametrize(
    ("text", "line", "column", "why"),
    [
        ('{"a": 1,\n "b": }', 2, 7, "Expecting value"),
        ("", 1, 1, "Expecting value"),
        ('{"a": 1} {"b": 2}', 1, 10, "Extra data"),
        (b'{"a": "\xff"}', 0, 0, "not UTF-8 at byte 8"),
        ("[" * 100_000, 0, 0, "nested too deep"),
        ("[" * 100_000 + "]" * 100_000, 0, 0, "nested too deep"),
        ('{"a":' * 5000 + "1" + "}" * 5000, 0, 0, "nested too deep"),
        (f'{{"a": {LONG}}}', 0, 0, "a number too long"),
    ],
)
def test_an_error_says_where_and_why(text: str | bytes, line: int, column: int, why: str) -> None:
    with pytest.raises(JsonError, match=why) as raised:
        parse_json(text)
    assert (raised.value.line, raised.value.column) == (line, column)
    assert raised.value.has_more == (why == "Extra data")


def test_lists_may_be_nested_as_deep_as_any_program_does_it() -> None:
    deep = "[" * DEEPEST + "]" * DEEPEST
    assert not is_deep(parse_json(deep))
    with pytest.raises(JsonError, match="nested too deep"):
        parse_json(f"[{deep}]")
    with pytest.raises(JsonError, match="nested too deep"):
        parse_next_json(f"[{deep}]", 0)
    assert parse_json(json.dumps([[1]] * 1000)) == [[1]] * 1000


def test_half_a_surrogate_pair_becomes_a_character_that_can_be_written() -> None:
    assert parse_json('{"a\\ud83d": ["\\ud83d\\ude00", "\\uDC00"]}') == {"a\ufffd": ["\U0001f600", "\ufffd"]}
