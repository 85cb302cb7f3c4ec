"""Values of a table in the settings: each is of its type, or is told with its place."""

from __future__ import annotations

from contextlib import suppress
from email.headerregistry import Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.mail.table import Table

KNOWN = ("text", "texts", "number", "share", "choice", "address")


def table(values: dict[str, Any], overridden: dict[str, str] | None = None) -> Table:
    return Table(values, "[mail]", "labeler.toml", KNOWN, overridden or {})


def test_values_are_what_they_must_be() -> None:
    found = table(
        {"text": " a ", "texts": ["a", "b"], "number": 7, "share": 1, "choice": "b", "address": "Ada <ada@example.org>"}
    )
    assert (found.text("text"), found.texts("texts"), found.number("number", 1, 1, 9)) == ("a", ("a", "b"), 7)
    assert (found.share("share"), found.choice("choice", "a", ("a", "b"))) == (1.0, "b")
    assert found.address("address") == Address("Ada", "ada", "example.org")


def test_what_is_not_said_is_the_default() -> None:
    found, other = table({}), Address("Bo", "bo", "example.org")
    assert (found.text("text", "x"), found.text("text", ""), found.texts("texts")) == ("x", "", ())
    assert (found.number("number", 5, 1, 9), found.share("share"), found.address("address", other)) == (5, 0.0, other)
    for ask in (found.text, found.address):
        with pytest.raises(InputError, match=r"\[mail\] has no text in labeler\.toml; write text = "):
            ask("text")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("text", 7), ("text", " "), ("text", "a\nb"), ("texts", "a"), ("texts", [1]), ("number", 0), ("number", 10),
        ("number", True), ("number", 1.5), ("number", "x"), ("share", -0.1), ("share", 2), ("share", True),
        ("share", float("nan")), ("choice", "c"), ("choice", ["a"]), ("address", 7), ("address", "nobody"),
        ("address", "a@example.org\r\nBcc: b@example.org"),
    ],
)  # fmt: skip
def test_other_values_are_told_with_their_place(key: str, value: Any) -> None:
    found = table({key: value})
    ask = {
        "text": found.text, "texts": found.texts, "number": lambda key: found.number(key, 1, 1, 9),
        "share": found.share, "choice": lambda key: found.choice(key, "a", ("a", "b")), "address": found.address,
    }[key]  # fmt: skip
    with pytest.raises(InputError, match=rf"^{key} of \[mail\] is .* in labeler\.toml; ") as told:
        ask(key)
    assert "\n" not in str(told.value)


def test_the_environment_goes_before_the_file_and_is_named_in_faults() -> None:
    found = table({"number": 7, "text": "file"}, {"number": "8", "text": "environment"})
    assert (found.number("number", 1, 1, 9), found.text("text")) == (8, "environment")
    with pytest.raises(InputError, match="LABELER_MAIL_NUMBER is 'x' in the environment"):
        table({}, {"number": "x"}).number("number", 1, 1, 9)


def test_unknown_settings_are_told_with_what_is_meant() -> None:
    with pytest.raises(InputError, match=r"unknown setting 'txt' of \[mail\] in labeler\.toml; did you mean text\?"):
        table({"txt": 1})
    with pytest.raises(InputError, match=r"unknown setting 'qqq'.*; known are: text, texts"):
        table({"qqq": 1})


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.text(max_size=2)))
def test_any_value_is_taken_or_told(value: Any) -> None:
    found = table({"text": value})
    asks = (
        lambda: found.text("text"), lambda: found.texts("text"), lambda: found.number("text", 1, 0, 9),
        lambda: found.share("text"), lambda: found.choice("text", "a", ("a",)), lambda: found.address("text"),
    )  # fmt: skip
    for ask in asks:
        with suppress(InputError):
            ask()
