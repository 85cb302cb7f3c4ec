"""Sections of Markdown, and the papers in tables and lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.markdown_sections import Found, Section, sections


def parts_of(text: str) -> list[tuple[int, int, str, list[str]] | tuple[int, str]]:
    """Sections as line, level, heading and lines; papers as line and title."""
    found: list[tuple[int, int, str, list[str]] | tuple[int, str]] = []
    for part in sections(text.splitlines()):
        if isinstance(part, Found):
            found.append((part.line, part.fields["title"]))
        else:
            found.append((part.line, part.level, part.heading, part.lines))
    return [part for part in found if part != (0, 0, "", [])]  # where nothing stands before the first heading


def test_headings_divide_a_text() -> None:
    text = "before\n# One #\na\n\n### Two\nb\n**[1] A title in bold letters**\nc"
    assert parts_of(text) == [
        (0, 0, "", ["before"]),
        (2, 1, "One", ["a", ""]),
        (5, 3, "Two", ["b"]),
        (7, 7, "[1] A title in bold letters", ["c"]),
    ]


def test_headings_in_code_are_none() -> None:
    assert parts_of("```\n# no\n```\n# Yes") == [(0, 0, "", ["```", "# no", "```"]), (4, 1, "Yes", [])]


def test_rows_of_a_table_of_papers_are_papers() -> None:
    table = "| Title | Link |\n|---|---|\n| Sorting a Day | [pdf](https://arxiv.org/abs/2601.88001) |\n| Two | x |"
    assert parts_of(f"# Today\n{table}\n\nafter") == [
        (4, "Sorting a Day"),
        (5, "Two"),
        (1, 1, "Today", ["", "after"]),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "| Name | Stars |\n|---|---|\n| a | 3 |",
        "| Title | Link |\n| Sorting | x |",
        "Title | Link\nno divider",
    ],
)
def test_other_tables_are_lines(table: str) -> None:
    assert parts_of(table) == [(0, 0, "", table.split("\n"))]


def test_a_cell_may_go_on_over_lines_and_bars_in_cells_are_escaped() -> None:
    table = "Title | Abstract | Link\n---|---|---\nSorting a Day | We study\nthe days of \\| teams. | x\nTwo | b | y"
    first, second, _ = list(sections(table.splitlines()))
    assert isinstance(first, Found)
    assert first.fields["abstract"] == "We study the days of | teams."
    assert isinstance(second, Found)
    assert second.fields["title"] == "Two"


def test_a_header_that_comes_again_is_no_paper() -> None:
    table = "|Title|Date|\n|---|---|\n|One paper|2026-01-12|\n|---|---|\n|Title|Date|\n|Two papers|2026-01-13|"
    assert [part for part in parts_of(table) if len(part) == 2] == [(3, "One paper"), (6, "Two papers")]


def test_items_that_name_papers_are_papers_and_others_are_lines() -> None:
    text = (
        "- [Sorting a Day](https://arxiv.org/abs/2601.88001)\n  by Ann Lee\n- a plain item\n"
        "1. Listening to Bridges, https://doi.org/10.5555/x\nafter"
    )
    assert parts_of(text) == [
        (1, "Sorting a Day"),
        (4, "Listening to Bridges"),
        (0, 0, "", ["- a plain item", "after"]),
    ]


def test_below_a_heading_that_is_a_paper_items_are_what_is_said_of_it() -> None:
    text = "## [Sorting a Day](https://arxiv.org/abs/2601.88001)\n- [Code of it all](https://arxiv.org/abs/2601.88002)"
    assert parts_of(text) == [(1, 2, text.split("\n", maxsplit=1)[0].removeprefix("## "), [text.split("\n")[1]])]


PIECES = st.sampled_from(
    ["# ", "|", "---", "- ", "Title", "```", "\n", "https://arxiv.org/abs/2601.88001", "**", " a b"]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_no_line_is_in_two_places_and_sections_come_in_order(text: str) -> None:
    found = list(sections(text.splitlines()))
    headings = [part.line for part in found if isinstance(part, Section)]
    assert headings == sorted(headings)
    assert all(part.fields["title"] for part in found if isinstance(part, Found))
    kept = sum(len(part.lines) for part in found if isinstance(part, Section))
    assert kept <= len(text.splitlines())
