"""Tables for notebooks: escaped, without scripts, and no color that only one kind of page can show."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from labeler.notebook import block, table


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_texts_are_shown_as_they_are_whatever_they_hold(texts: list[str]) -> None:
    shown = html.fromstring(table(["name"], [[text] for text in texts]))
    assert [cell.text_content() for cell in shown.iter("td")] == texts


def test_nothing_in_it_runs_and_no_table_is_empty() -> None:
    evil = "<script>alert(1)</script>"
    shown = block(evil, [evil, ""], [table([evil], [[evil, 1]]), table(["none"], [])])
    assert "<script" not in shown
    assert shown.count("<table") == 1


def test_bars_are_as_long_as_their_numbers() -> None:
    shown = table(["topic", "papers"], [["a", 10], ["b", 5], ["c", 0]], [10, 5, 0])
    assert re.findall(r"width:(\d+)px", shown) == ["120", "60"]


def test_colors_are_those_of_the_page() -> None:
    shown = block("title", ["line"], [table(["a"], [["b"]])])
    assert set(re.findall(r"[^-]color:(\w+)", shown)) == {"inherit"}
