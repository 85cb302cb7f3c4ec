"""Templates: whatever stands in a variable is no markup."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from labeler.pages.render import _cell, _ticks, render


def test_backticks_are_code_and_the_rest_is_text() -> None:
    assert _ticks("run `labeler push` <now>") == "run <code>labeler push</code> &lt;now&gt;"
    assert _ticks("a ` alone & more") == "a ` alone &amp; more"
    assert _ticks("`<b>`") == "<code>&lt;b&gt;</code>"


def test_a_cell_of_markdown_is_one_line_without_markup() -> None:
    assert _cell("a | b\nc <i> [x](y)") == r"a \| b c \<i\> \[x\](y)"


def test_a_variable_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("report.html")
