"""What the formats of reference managers have in common."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.publish import references
from labeler.publish.references import keywords_of, kind_of, line, numbers, parts_of_date, web_link
from tests.publish.factories import NAMES, labelled, paper


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, references.OTHER),
        ({"ids": ["arxiv:2601.88001"]}, references.PREPRINT),
        ({"ids": ["arxiv:2601.88001"], "venue": "Journal of Order"}, references.ARTICLE),
        ({"venue": "Proceedings of Days"}, references.CONFERENCE),
        ({"venue": "Proc. Days"}, references.CONFERENCE),
        ({"venue": "A WORKSHOP on days"}, references.CONFERENCE),
        ({"ids": ["isbn:9783161484100"]}, references.BOOK),
        ({"ids": ["isbn:9783161484100"], "venue": "A book"}, references.CHAPTER),
    ],
)
def test_the_kind_of_a_work_follows_from_what_is_known(fields: dict[str, Any], kind: str) -> None:
    assert kind_of(paper(**fields)) == kind


@pytest.mark.parametrize(
    ("date", "parts"),
    [
        (None, ("", "", "")),
        ("2026", ("2026", "", "")),
        ("2026-01", ("2026", "01", "")),
        ("2026-01-12", ("2026", "01", "12")),
        ("--01-12", ("", "01", "12")),
        ("some day", ("", "", "")),
    ],
)
def test_the_parts_of_a_date(date: str | None, parts: tuple[str, str, str]) -> None:
    assert parts_of_date(date) == parts


def test_keywords_and_topics_stand_once_and_without_semicolons() -> None:
    item = labelled(paper(keywords=("days", "a; b", "Language", " ")))
    assert keywords_of(item, NAMES) == ["days", "a, b", "Language", "Vision & Images"]


def test_identifiers_of_a_kind() -> None:
    ids = ["arxiv:2601.88001", "doi:10.5555/a:b", "doi:10.5555/c", "title:0"]
    assert numbers(ids, "doi") == ["10.5555/a:b", "10.5555/c"]
    assert numbers(ids, "isbn") == []


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://x.org/a", "https://x.org/a"),
        ("HTTP://x.org", "HTTP://x.org"),
        ("javascript:alert(1)", ""),
        ("https://x.org/a b", ""),
        (None, ""),
    ],
)
def test_only_links_of_the_web_are_links(url: str | None, link: str) -> None:
    assert web_link(paper(url=url)) == link


@given(st.text())
def test_a_text_is_on_one_line(text: str) -> None:
    assert len(line(text).splitlines()) <= 1
    assert line(None) == ""
