"""Papers of a Markdown digest: which sections are papers, and what those around them say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.markdown_digest import papers_of
from tests.digests.factories import ABSTRACT, OTHER

LINK = "https://arxiv.org/abs/2601.88001"


def papers(text: str) -> list[tuple[int, dict[str, Any]]]:
    return list(papers_of(text.splitlines()))


def titles(text: str) -> list[str]:
    return [fields["title"] for _, fields in papers(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"## [Sorting a Day]({LINK})\n{ABSTRACT}", ["Sorting a Day"]),
        (f"## Sorting a Day\n**Abstract:** {ABSTRACT}", ["Sorting a Day"]),
        (f"## Sorting a Day\n**Authors:** Ann Lee\n\n{ABSTRACT}", ["Sorting a Day"]),
        (f"## One Day\n### Abstract\n{ABSTRACT}\n## Another Day\n### Abstract\n{OTHER}", ["One Day", "Another Day"]),
        (f"## Sorting a Day\n{ABSTRACT}", []),
        ("## News\nWords.", []),
        (f"## Abstract\n{ABSTRACT}", []),
        ("", []),
    ],
)  # fmt: skip
def test_sections_are_papers_where_they_name_one(text: str, found: list[str]) -> None:
    assert titles(text) == found


def test_sections_below_a_paper_are_parts_of_it() -> None:
    text = f"# Day\n## [Sorting a Day]({LINK})\n### Abstract\n{ABSTRACT}\n### Comments\n9 pages\n## News\nx"
    ((line, fields),) = papers(text)
    assert (line, fields["title"], fields["abstract"], fields["comments"]) == (2, "Sorting a Day", ABSTRACT, "9 pages")


@pytest.mark.parametrize(
    ("heading", "more"),
    [
        ("# Papers of 2026-01-14", {"date": "2026-01-14"}),
        ("# 14 January 2026", {"date": "14 January 2026"}),
        ("# cs.LG", {"categories": ["cs.LG"]}),
        ("# cs.LG [[Back]](#top)", {"categories": ["cs.LG"]}),
        ("# Papers", {}),
    ],
)
def test_a_heading_above_papers_says_something_of_them_all(heading: str, more: dict[str, Any]) -> None:
    text = f"{heading}\n- [Sorting a Day]({LINK})\n- [Another Day](https://arxiv.org/abs/2601.88002)"
    for _, fields in papers(text):
        assert {name: fields.get(name, []) for name in more} == more


def test_a_date_stays_for_the_categories_below_it_and_a_category_does_not_for_the_next() -> None:
    item = "- [Sorting a Day](https://arxiv.org/abs/2601.8800{})"
    text = "\n".join(["# 2026-01-14", "## cs.LG", item.format(1), "## More", item.format(2)])
    first, second = (fields for _, fields in papers(text))
    assert (first["date"], first["categories"]) == ("2026-01-14", ["cs.LG"])
    assert (second["date"], second.get("categories")) == ("2026-01-14", None)


def test_what_a_heading_says_is_of_its_own_papers_and_not_of_those_of_the_next() -> None:
    item = "- [Sorting a Day](https://arxiv.org/abs/2601.8800{})"
    lines = ["# 2026-01-14", item.format(1), "## cs.LG", item.format(2), "## cs.DL", item.format(3), "# 2026-01-13"]
    found = [fields for _, fields in papers("\n".join([*lines, item.format(4)]))]
    assert [fields["date"] for fields in found] == ["2026-01-14"] * 3 + ["2026-01-13"]
    assert [fields.get("categories") for fields in found] == [None, ["cs.LG"], ["cs.DL"], None]


def test_a_category_above_dates_stays_for_them() -> None:
    item = "- [Sorting a Day](https://arxiv.org/abs/2601.8800{})"
    text = "\n".join(["# cs.LG", "## 2026-01-14", item.format(1), "## 2026-01-13", item.format(2), "# Other"])
    assert [(fields["date"], fields["categories"]) for _, fields in papers(text)] == [
        ("2026-01-14", ["cs.LG"]), ("2026-01-13", ["cs.LG"]),
    ]  # fmt: skip


def test_a_paper_whose_abstract_has_a_heading_keeps_the_date_above() -> None:
    ((_, fields),) = papers(f"# 2026-01-14\n## Sorting a Day\n### Abstract\n{ABSTRACT}")
    assert (fields["title"], fields["date"]) == ("Sorting a Day", "2026-01-14")


def test_items_below_a_paper_are_none_and_lines_count_those_before_the_text() -> None:
    text = (
        f"---\ntitle: a page\n---\n\n## [Sorting a Day]({LINK})\n- [Bread and Cheese](https://arxiv.org/abs/2601.88002)"
    )
    assert [(line, fields["title"]) for line, fields in papers(text)] == [(5, "Sorting a Day")]


def test_a_note_on_one_paper_has_the_fields_before_its_text() -> None:
    front = "---\ntitle: Sorting a Day\nauthors: [Ann Lee, Bo Ek]\ndoi: 10.5555/x\n---\n"
    assert papers(front + "my notes") == [
        (1, {"title": "Sorting a Day", "authors": ["Ann Lee", "Bo Ek"], "doi": "10.5555/x"})
    ]
    ((_, fields),) = papers(f"{front}# Sorting a Day\n## Abstract\n{ABSTRACT}")
    assert (fields["doi"], fields["abstract"]) == ("10.5555/x", ABSTRACT)


PIECES = st.sampled_from(["# ", "## ", "---\n", "|Title|\n|---|\n", "- ", f"[a b]({LINK})", "Abstract: ", "\n", "x y "])


@given(st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join))
def test_any_text_has_papers_or_none(text: str) -> None:
    found = papers(text)
    assert all(1 <= line <= max(1, len(text.splitlines())) for line, _ in found)
