"""Pages as lines of Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.html import page_of
from labeler.digests.html_markdown import markdown_of


def lines(html: str) -> list[str]:
    return [line for line in markdown_of(page_of(html, "a.html")) if line]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>Today</h2><p>One <i>paper</i>.</p>", ["## Today", "One paper."]),
        ("<p>A <b>bold</b> word</p>", ["A **bold** word"]),
        ("<p><b><b>twice</b></b></p>", ["**twice**"]),
        ('<p><a href="https://x.org/a">Sorting a Day</a> by Ann</p>', ["[Sorting a Day](https://x.org/a) by Ann"]),
        ('<p><a href="https://www.google.com/url?q=https://x.org/a">Day</a></p>', ["[Day](https://x.org/a)"]),
        ("<p><a name='top'>Day</a></p>", ["[Day]()"]),
        ("<ul><li>One</li><li>Two<ul><li>Inside</li></ul></li></ul>", ["- One", "- Two", "  - Inside"]),
        ("<p>One<br>two</p>", ["One", "two"]),
        ("<script>x</script><style>y</style><p>Text</p>", ["Text"]),
        ("<div>One<p>two</p>three</div>", ["One", "two", "three"]),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", ["One", "Two"]),
        (
            "<table><tr><th>Title</th><th>Date</th></tr><tr><td><a href='https://x.org'>A | B</a></td><td>1</td></tr>",
            ["|Title|Date|", "|---|---|", r"|[A \| B](https://x.org)|1|"],
        ),
        ("", []),
    ],
)
def test_blocks_are_lines_and_marks_are_those_of_markdown(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<ul>",
        "<li>",
        "</li>",
        "<a href='x'>",
        "</a>",
        "<h1>",
        "<td>",
        "<table>",
        "a ",
        "<br>",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_any_page_has_lines(html: str) -> None:
    assert all("\n" not in line for line in lines(html))


def test_very_many_lists_inside_each_other_end() -> None:
    found = lines("<ul><li>a" * 100)
    assert (len(found), found[1], max(map(len, found))) == (100, "  - a", 23)
    assert lines("<ul><li>a" * 5000)[:2] == ["- a", "  - a"]
