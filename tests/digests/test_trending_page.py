"""Pages of trending papers. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

import json
from contextlib import suppress
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, altered, assert_complete, only, read

_PAPER = {
    "id": "2601.88001", "title": "Sorting a <SEG> Day", "summary": ABSTRACT, "publishedAt": "2026-01-12T00:00:00.000Z",
    "authors": [{"name": "Ann Lee", "hidden": False}, {"name": "Bo Ek"}], "ai_summary": "short", "upvotes": 3,
}  # fmt: skip


def _drawn(*papers: object) -> str:
    props = escape(json.dumps({"periodType": "day", "dateString": "2026-01-14", "dailyPapers": list(papers)}))
    user = escape(json.dumps({"user": {"name": "x"}, "title": "Papers"}))
    return f'<!doctype html><html><body><div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{user}"></div><div>by <a href="/akhaliq">AK</a> and the research community</div><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}"><article><h3><a href="/papers/2601.88001">Sorting</a></h3></article></div></body></html>'


def test_page_of_trending_papers_of_today(tmp_path: Path) -> None:
    item = {
        "paper": _PAPER,
        "title": _PAPER["title"],
        "summary": "cut",
        "publishedAt": "2026-01-13",
        "submittedBy": {"name": "y"},
    }
    paper = only(tmp_path, _drawn(item, item), "trending_page")
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2601.88001", "Sorting a <SEG> Day", ABSTRACT)
    assert (paper.authors, paper.date, paper.curator) == (("Ann Lee", "Bo Ek"), "2026-01-12", "AK")


@pytest.mark.parametrize(
    ("card", "identifier"),
    [
        (f'<article><a href="/papers/2601.88001"><img></a><div><h3><a href="/papers/2601.88001">Sorting a Day</a></h3><p>{ABSTRACT}</p><time datetime="2026-01-14T00:00:00">Jan 14</time></div></article>', "arxiv:2601.88001"),
        (f'<div class="row infinite-item item paper-card"><h1><a href="/paper/sorting-a-day">Sorting a Day</a></h1><p class="author-section"><span class="author-name-text item-date-pub">14 Jan 2026</span></p><p class="item-strip-abstract">{ABSTRACT}</p></div>', ""),
    ],
)  # fmt: skip
def test_cards_of_trending_papers(tmp_path: Path, card: str, identifier: str) -> None:
    paper = only(tmp_path, f"<html><body>{card}</body></html>", "trending_page")
    assert (paper.title, paper.abstract, paper.date) == ("Sorting a Day", ABSTRACT, "2026-01-14")
    assert paper.id == identifier or not identifier


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(_drawn({"paper": _PAPER})))
def test_no_page_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.html", text.encode("utf-8", "replace"), "trending_page"))
