from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.python_literals import begins_python, parse_python

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


@given(VALUES)
def test_what_python_prints_is_read_back(value: Any) -> None:
    assert parse_python(repr(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': nan, 'b': true, 'c': -1.5}", {"a": None, "b": True, "c": -1.5}),
        ("{'d': datetime.date(2026, 1, 12)}", {"d": "2026-01-12"}),
        ("{'t': Timestamp('2026-01-12')}", {"t": "2026-01-12"}),
        ("('x', {1: 'y'})", ["x", {"1": "y"}]),
    ],
)
def test_what_is_no_literal_has_a_plain_value(text: str, value: Any) -> None:
    assert parse_python(text) == value


@pytest.mark.parametrize("text", ["{'a': ", "{'a': 1 + 1}", "lambda: 0", "[" * 5000, "{'a': \x00}"])
def test_what_is_no_printed_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="printed dictionary"):
        parse_python(text)


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(), min_size=1))
def test_json_does_not_begin_as_python_does(value: dict[str, int]) -> None:
    assert not begins_python(json.dumps(value))


def test_printed_dictionaries_begin_so() -> None:
    assert begins_python(repr({"title": "x"}))
    assert begins_python(repr([{"title": "x"}]))
    assert not begins_python("title,abstract")
