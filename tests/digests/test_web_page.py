"""Pages that name their paper. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, OTHER, altered, assert_complete, only, read, titles

_META = f"""<meta name="citation_title" content="Sorting a &lt;SEG&gt; Day"/><meta name="citation_author" content="Lee, Ann"/><meta name="citation_author" content="Ek, Bo"/>
<meta name="citation_date" content="2026/01/12"/><meta name="citation_online_date" content="2026/01/14"/><meta name="citation_arxiv_id" content="2601.88001"/><meta name="citation_abstract" content="{ABSTRACT}"/>
<meta name="citation_doi" content="10.5555/inv.1"><meta name="citation_journal_title" content="Invented Studies"><meta name="citation_keywords" content="days; sorting"><meta name="citation_reference" content="citation_title=Cited;">"""


def test_page_of_a_paper(tmp_path: Path) -> None:
    paper = only(tmp_path, f"<!DOCTYPE html><html><head>{_META}</head><body></body></html>", "web_page")
    assert (paper.ids[:2], paper.title) == (("arxiv:2601.88001", "doi:10.5555/inv.1"), "Sorting a <SEG> Day")
    assert (paper.abstract, paper.authors, paper.date) == (ABSTRACT, ("Lee, Ann", "Ek, Bo"), "2026-01-12")
    assert (paper.venue, paper.keywords) == ("Invented Studies", ("days", "sorting"))


@pytest.mark.parametrize(
    "page",
    [
        f'<html><head><meta name="citation_title" content="Sorting a Day"><meta name="citation_doi" content="10.5555/inv.1"></head><body><blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>{ABSTRACT}</blockquote></body></html>',
        f'<html><head><meta name="DC.Title" content="Sorting a Day"><meta name="DC.Creator" content="Ann Lee"><meta name="dc.identifier" content="doi:10.5555/inv.1"><meta name="dc.description" content="{ABSTRACT[:60]}…"></head><body><div id="abstract"><h2>Abstract</h2><p>{ABSTRACT}</p></div></body></html>',
        f'<html><head><script type="application/ld+json">{json.dumps({"mainEntity": {"@context": "https://schema.org", "@type": "ScholarlyArticle", "headline": "Sorting a Day", "description": ABSTRACT, "sameAs": "https://doi.org/10.5555/inv.1", "author": {"@type": "Person", "name": "Ann Lee"}, "isPartOf": {"@type": "PublicationIssue", "isPartOf": {"name": "Invented Studies"}}}})}</script></head></html>',
    ],
)  # fmt: skip
def test_pages_of_publishers(tmp_path: Path, page: str) -> None:
    paper = only(tmp_path, page, "web_page")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)


def test_page_whose_data_name_several_papers(tmp_path: Path) -> None:
    graph = [
        {
            "@type": ["ScholarlyArticle"],
            "name": f"Paper {n}",
            "abstract": OTHER,
            "citation": {"@type": "ScholarlyArticle", "name": "Cited"},
        }
        for n in range(3)
    ]
    page = f"<html><script type='application/ld+json'>{json.dumps({'@graph': graph})}</script><script type='application/ld+json'>broken</script></html>"
    assert titles(read(tmp_path, "a.html", page)) == ["Paper 0", "Paper 1", "Paper 2"]


@pytest.mark.parametrize(
    "body", ['<a href="https://huggingface.co/papers/2601.88001">a paper</a>', '<div class="list-title">News</div>']
)
def test_links_and_classes_alone_make_no_digest(tmp_path: Path, body: str) -> None:
    with pytest.raises(InputError, match=r"a\.html is an HTML page"):
        read(tmp_path, "a.html", f"<!DOCTYPE html><html><body><p>{OTHER}</p>{body}</body></html>")
    assert (
        only(tmp_path, f"<!DOCTYPE html><html><head>{_META}</head><body>{body}</body></html>", "web_page").abstract
        == ABSTRACT
    )


def test_other_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.html is an HTML page"):
        read(
            tmp_path, "a.html", f"<!DOCTYPE html><html><head><title>x</title></head><body><p>{OTHER}</p></body></html>"
        )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(f"<html><head>{_META}</head></html>"))
def test_no_page_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.html", text.encode("utf-8", "replace"), "web_page"))
