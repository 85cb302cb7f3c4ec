"""Results of the search of arXiv. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeler.digests.arxiv_results import results_in
from labeler.digests.html import page_of
from tests.digests.factories import only


def test_results_of_the_search_of_arxiv(tmp_path: Path) -> None:
    page = """<html><body><ol class="breathe-horizontal" start="1"><li class="arxiv-result"><div class="is-marginless"><p class="list-title is-inline-block"><a href="https://arxiv.org/abs/2601.88001">arXiv:2601.88001</a><span>&nbsp;[<a href="https://arxiv.org/pdf/2601.88001">pdf</a>]&nbsp;</span></p><div class="tags is-inline-block"><span class="tag is-small is-link tooltip is-tooltip-top" data-tooltip="Machine Learning">cs.LG</span></div></div>
<p class="title is-5 mathjax">Sorting a <span class="search-hit mathjax">Day</span></p><p class="authors"><span class="has-text-black-bis has-text-weight-semibold">Authors:</span> <a href="/search/?x">Ann Lee</a>, <a>Bo Ek</a></p>
<p class="abstract mathjax"><span class="has-text-black-bis has-text-weight-semibold">Abstract</span>: <span class="abstract-short has-text-grey-dark mathjax" id="2601.88001v1-abstract-short">We study how&hellip; <a class="is-size-7">&#9661; More</a></span><span class="abstract-full has-text-grey-dark mathjax" id="x">We study how small teams sort the papers of a day. <a class="is-size-7">&#9651; Less</a></span></p>
<p class="is-size-7"><span>Submitted</span> 12 January, 2026; <span>originally announced</span> January 2026.</p><p class="comments is-size-7"><span>Comments:</span> <span>9 pages</span></p></li></ol></body></html>"""
    paper = only(tmp_path, page, "arxiv_listing")
    assert (paper.id, paper.title, paper.authors) == ("arxiv:2601.88001", "Sorting a Day", ("Ann Lee", "Bo Ek"))
    assert paper.abstract == "We study how small teams sort the papers of a day."
    assert (paper.date, paper.categories) == ("2026-01-12", ("cs.LG",))


def result(inner: str) -> dict[str, Any]:
    page = page_of(f'<ol><li class="arxiv-result">{inner}</li></ol>', "a.html")
    (found,) = results_in(page)
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize(
    ("inner", "fields"),
    [
        ("", {}),
        ('<p class="list-title">arXiv:2601.88001 [pdf]</p>', {"arxiv_id": "arXiv:2601.88001"}),
        ('<p class="title is-5">Sorting <span>a</span> Day</p>', {"title": "Sorting a Day"}),
        ('<p class="authors">Authors: <a>Ann Lee</a>, <a>Bo Ek</a></p>', {"authors": "Ann Lee, Bo Ek"}),
        ('<p class="abstract">Abstract: We study. △ Less</p>', {"abstract": "We study."}),
        ("<p>Submitted 12 January, 2026; v1 submitted 2 May, 2025</p>", {"date": "12 January 2026"}),
        ('<p class="comments">Comments: 9 pages</p>', {"comments": "9 pages"}),
        ('<span class="tag">cs.LG</span><span class="tag">hep-th</span><span class="tag">doi</span>', {"categories": ["cs.LG", "hep-th"]}),
    ],
)  # fmt: skip
def test_what_a_result_says(inner: str, fields: dict[str, Any]) -> None:
    assert result(inner) == fields


def test_a_page_without_results_has_none() -> None:
    assert list(results_in(page_of("<p>Sorry, your query returned no results</p>", "a.html"))) == []
