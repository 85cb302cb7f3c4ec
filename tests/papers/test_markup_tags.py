"""Tags of mark-up go, and words in angle brackets stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.markup_tags import has_tags, without_tags


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("H<sub>2</sub>O", "H2O"),
        ("<P>One</P>Two", "\nOne\nTwo"),
        ("one<br/>two", "one\ntwo"),
        ("<jats:p>Cells <jats:italic>in vitro</jats:italic></jats:p>", "\nCells in vitro\n"),
        ('<span class="x" lang="en">red</span>', "red"),
        ("<math><mi>x</mi></math> and <mn>2", "x and 2"),
        ("<sec><title>Aim</title>One.</sec>", "\n\nAim\nOne.\n"),
    ],
)
def test_tags_go_and_those_that_end_a_line_leave_a_break(text: str, left: str) -> None:
    assert has_tags(text)
    assert without_tags(text) == left


@pytest.mark.parametrize(
    "text",
    ["", "p < 0.05 and q > 2", "<think>", "<s> and </s>", "a <title> token", "<mi> <list> <sc>", "a<b", "<p", "<b x>"],
)
def test_what_is_no_mark_up_stays(text: str) -> None:
    assert not has_tags(text)
    assert without_tags(text) == text


PIECES = st.sampled_from(["<p>", "</p>", "<b ", ">", "<", "</math>", "<mi>", "</sec>", "<title>", "<s>", "x", " ", "="])


@given(st.lists(PIECES, max_size=10).map("".join))
def test_a_text_has_tags_just_where_taking_them_off_changes_it(text: str) -> None:
    assert has_tags(text) == (without_tags(text) != text)
