"""The abstract in the text of an entry of a feed, without what journals put around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.feed_text import FeedText, lines_of, read_feed_text

TEXT = "We study how small teams sort the papers of a day."


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("", []),
        ("<p>One <b>step</b></p><p>Two</p>", ["One step", "Two"]),
        ("plain text\nover two lines", ["plain text over two lines"]),
        ("Volume 3, Issue 4\nSource: Studies\nBy rivers", ["Volume 3, Issue 4", "Source: Studies", "By rivers"]),
        ("<p>for all i<p and q>3</p>", ["for all i<p and q>3"]),
        ('<p align="left">One <a href="x">link</a></p >', ["One link"]),
        ("<p>if a<b then <SEG> & c</p>", ["if a<b then <SEG> & c"]),
        ("before<br>after", ["before", "after"]),
    ],
)  # fmt: skip
def test_lines_are_those_that_a_browser_shows(html: str, lines: list[str]) -> None:
    assert lines_of(html) == lines


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (TEXT, FeedText(TEXT, "", False)),
        (f"<p>Abstract</p><p>{TEXT}</p>", FeedText(TEXT, "", True)),
        (f"<p>Some words before it.</p><p>Abstract: {TEXT}</p>", FeedText(TEXT, "", True)),
        (f"<p>Volume 3, Issue 4, May 2024.</p><p>{TEXT}</p>", FeedText(TEXT, "", False)),
        (f"<p>Publication date: May 2024</p><p>Source: Studies</p><p>Author(s): Ann Lee, Bo Ek</p><p>{TEXT}</p>",
         FeedText(TEXT, "Ann Lee, Bo Ek", False)),
        (f"by Ann Lee, Bo Ek<br/>{TEXT}", FeedText(TEXT, "Ann Lee, Bo Ek", False)),
        (f"<p>Studies, Sorting a Day of Papers</p><p>{TEXT}</p>", FeedText(TEXT, "", False)),
        (f"<p>{TEXT}</p><p>Read more …</p><p>https://example.org/a</p>", FeedText(TEXT, "", False)),
        ("<p>Too few words</p>", FeedText("", "", False)),
        ("<p>我们研究一天的论文。</p>", FeedText("我们研究一天的论文。", "", False)),
        ("arXiv:2601.88001v1 Abstract: x", FeedText("arXiv:2601.88001v1 Abstract: x", "", True)),
    ],
)  # fmt: skip
def test_the_abstract_is_what_is_left(html: str, expected: FeedText) -> None:
    found = read_feed_text(html, "Sorting a Day of Papers")
    assert found._replace(date="", venue="") == expected


def test_what_stands_around_an_abstract_says_when_and_where_it_came_out() -> None:
    found = read_feed_text(f"<p>Publication date: May 2024</p><p>Source: Studies</p><p>{TEXT}</p>", "Sorting a Day")
    assert (found.abstract, found.date, found.venue) == (TEXT, "May 2024", "Studies")


def test_a_long_line_that_begins_as_one_about_an_issue_is_an_abstract() -> None:
    text = "Source: " + "many words of rivers and beds " * 20
    assert read_feed_text(text, "").abstract == text.strip()


@given(st.text())
def test_the_text_of_any_entry_can_be_read(text: str) -> None:
    assert isinstance(read_feed_text(text, text[:20]).abstract, str)
