"""What sections, items and rows of Markdown say of a paper."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.markdown import Link
from labeler.digests.markdown_papers import (
    Said,
    authors_of,
    column_field,
    date_of,
    has_identifier,
    identifiers_of,
    is_abstract,
    is_abstract_label,
    item_fields,
    keywords_of,
    names_paper,
    row_fields,
    section_fields,
)
from tests.digests.factories import ABSTRACT, OTHER


def said(text: str) -> Said:
    result = Said()
    result.take(text.splitlines())
    return result


def without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("**Authors:** Ann Lee, Bo Ek", "authors", "Ann Lee, Bo Ek"),
        ("**Authors**: Ann Lee", "authors", "Ann Lee"),
        ("- Authors: Ann Lee", "authors", "Ann Lee"),
        ("作者：李安", "authors", "李安"),
        ("*Ann Lee, Bo Ek* | Published: 2026-01-12", "authors", "Ann Lee, Bo Ek"),
        ("*Ann Lee, Bo Ek* | Published: 2026-01-12", "date", "2026-01-12"),
        ("**Authors:** Ann Lee | **Date:** 2026-01-12", "date", "2026-01-12"),
        ("**Abstract**\nOne.\nTwo.", "abstract", "One. Two."),
        ("> Abstract: One **bold** step.", "abstract", "One bold step."),
        ("<details><summary>Abstract</summary>One.</details>", "abstract", "One."),
        ("Abstract: One.\nNote: it goes on: here.", "abstract", "One. Note: it goes on: here."),
        ("Abstract (translated): 一。", "abstract", "一。"),
        ("Abstract: One.\n---\nafter", "abstract", "One."),
        ("Keywords: a, b", "keywords", "a, b"),
        ("Comments: 9 pages", "comments", "9 pages"),
        ("A sentence of words: and more", "comments", ""),
    ],
)
def test_lines_say_what_their_labels_tell(text: str, field: str, value: str) -> None:
    assert said(text).text(field) == value


def test_without_a_label_the_longest_paragraph_is_the_abstract_if_it_is_long_enough() -> None:
    assert said(f"short one\n\n{ABSTRACT}\n\n{OTHER[:60]}").abstract() == ABSTRACT
    assert said("short one\n\n- " + ABSTRACT).abstract() == ""
    assert said(f"{ABSTRACT}\n\nAbstract: Labelled.").abstract() == "Labelled."


@pytest.mark.parametrize(
    ("heading", "text", "fields"),
    [
        ("Sorting a Day", "", {"title": "Sorting a Day"}),
        ("1. Sorting a Day", "", {"title": "Sorting a Day"}),
        ("[3] Title: Sorting a Day", "", {"title": "Sorting a Day"}),
        ("[Sorting a Day](https://arxiv.org/abs/2601.88001)", "",
         {"title": "Sorting a Day", "arxiv_id": "arxiv:2601.88001", "url": "https://arxiv.org/abs/2601.88001"}),
        ("Sorting a Day [pdf](https://arxiv.org/pdf/2601.88001)", "",
         {"title": "Sorting a Day", "arxiv_id": "arxiv:2601.88001", "url": "https://arxiv.org/pdf/2601.88001"}),
        ("Paper 1", "Title: Sorting a Day", {"title": "Sorting a Day"}),
        ("Sorting a Day", "DOI: 10.5555/x\nCategories: cs.LG, cs.DL",
         {"title": "Sorting a Day", "doi": "doi:10.5555/x", "categories": ["cs.LG", "cs.DL"]}),
        ("Sorting a Day", "Authors: Ann Lee et al.\nPublished: 2026-01-12",
         {"title": "Sorting a Day", "authors": "Ann Lee", "date": "2026-01-12"}),
    ],
)  # fmt: skip
def test_a_heading_and_the_lines_below_it_are_a_paper(heading: str, text: str, fields: dict[str, Any]) -> None:
    assert without_empty(section_fields(heading, said(text))) == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("[Sorting a Day](https://x.org/a)", {"url": "https://x.org/a"}),
        ("**Sorting a Day** ([pdf](https://doi.org/10.5555/x))",
         {"doi": "doi:10.5555/x", "url": "https://doi.org/10.5555/x"}),
        ("Sorting a Day, [pdf](https://x.org/a.pdf), [code](https://x.org/b)", {"url": "https://x.org/a.pdf"}),
        ("Sorting a Day: [2601.88001](https://arxiv.org/abs/2601.88001)",
         {"arxiv_id": "arxiv:2601.88001", "url": "https://arxiv.org/abs/2601.88001"}),
        ("2026-01-12 [Sorting a Day](https://x.org/a), Ann Lee et al.",
         {"url": "https://x.org/a", "date": "2026-01-12", "authors": "Ann Lee"}),
        ("[Sorting a Day](https://x.org/a) by Ann Lee et al., [code](https://x.org/b)",
         {"url": "https://x.org/a", "authors": "Ann Lee"}),
        (f"[Sorting a Day](https://x.org/a)\n  Abstract: {ABSTRACT}", {"url": "https://x.org/a", "abstract": ABSTRACT}),
    ],
)  # fmt: skip
def test_an_item_is_a_paper(text: str, fields: dict[str, Any]) -> None:
    assert without_empty(item_fields(text)) == {"title": "Sorting a Day", **fields}


def test_words_of_links_are_no_title() -> None:
    assert item_fields("[code](https://x.org/a)")["title"] == ""


def test_a_row_is_a_paper_by_the_names_of_its_columns() -> None:
    names = ["Publish Date", "**Title**", "Authors", "PDF", "Abstract", "标题"]
    cells = [
        "2026-01-12",
        "Sorting **a** Day",
        "Ann Lee et al.",
        "[2601.88001](https://arxiv.org/abs/2601.88001)",
        "<think>hm",
        "no",
    ]
    assert row_fields(names, cells) == {
        "date": "2026-01-12", "title": "Sorting a Day", "authors": "Ann Lee", "arxiv_id": "arxiv:2601.88001",
        "url": "https://arxiv.org/abs/2601.88001",
    }  # fmt: skip
    assert row_fields(["Title", "Abstract"], ["One", "null"]) == {"title": "One"}


@pytest.mark.parametrize(
    ("name", "field"),
    [("Title", "title"), ("Paper Name", "title"), ("标题", "title"), ("Summary", "abstract"), ("Author(s)", "authors"),
     ("Publish Date", "date"), ("Keywords", "keywords"), ("Stars", ""), ("", "")],
)  # fmt: skip
def test_columns_stand_for_fields(name: str, field: str) -> None:
    assert column_field(name) == field


def test_the_link_of_a_paper_is_the_first_that_leads_to_one() -> None:
    links = [Link("code", "https://github.com/x/y"), Link("pdf", "https://openreview.net/forum?id=x"), Link("", "#top")]
    assert identifiers_of(links, "") == {"url": "https://openreview.net/forum?id=x"}
    assert identifiers_of(links[:1], "10.5555/x") == {"doi": "doi:10.5555/x", "url": "https://github.com/x/y"}
    assert identifiers_of([], "arXiv:2601.88001 and 10.5555/x") == {"arxiv_id": "arxiv:2601.88001"}
    assert names_paper({"url": "https://openreview.net/forum?id=x"})
    assert not has_identifier({"url": "https://openreview.net/forum?id=x"})
    assert has_identifier({"pmid": "88"})
    assert not names_paper({"url": "https://github.com/x/y", "title": "x"})


def test_headings_above_abstracts() -> None:
    assert is_abstract_label("**Abstract**")
    assert is_abstract_label("Summary")
    assert is_abstract("摘要")
    assert not is_abstract("Summary")
    assert not is_abstract_label("Results")


@pytest.mark.parametrize(
    ("text", "authors"), [("Ann Lee, Bo Ek, et al.", "Ann Lee, Bo Ek"), ("Ann Lee et.al", "Ann Lee"), ("et al.", "")]
)
def test_authors_without_others(text: str, authors: str) -> None:
    assert authors_of(text) == authors


@pytest.mark.parametrize(
    ("text", "date"),
    [("2026-01-12", "2026-01-12"), (" 2026-01-12T10:00:00Z ", "2026-01-12T10:00:00Z"), ("today", ""), ("", "")],
)
def test_dates_at_the_beginning_of_texts(text: str, date: str) -> None:
    assert date_of(text) == date


def test_keywords_between_signs_of_any_script() -> None:
    assert keywords_of("a, b、c ; d，e；f,") == ["a", "b", "c", "d", "e", "f"]


PIECES = st.sampled_from(
    ["**", "Abstract", ":", "Authors: ", "\n", "|", "[a b](https://x.org)", "> ", "<summary>", "*", " "]
)


@given(st.text(max_size=20), st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join))
def test_any_lines_say_something_or_nothing(heading: str, text: str) -> None:
    fields = section_fields(heading, said(text))
    assert isinstance(fields["title"], str)
    assert isinstance(item_fields(text)["title"], str)
    assert isinstance(row_fields([heading], [text]), dict)
