"""What the meta tags of a page say of its paper."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.html import page_of
from labeler.digests.page_meta import meta_fields
from tests.digests.factories import ABSTRACT, OTHER


def fields(head: str, body: str = "") -> dict[str, Any] | None:
    found = meta_fields(page_of(f"<html><head>{head}</head><body>{body}</body></html>", "a.html"))
    return None if found is None else {name: value for name, value in found.items() if value}


def tag(name: str, content: str, attribute: str = "name") -> str:
    return f'<meta {attribute}="{name}" content="{content}">'


TITLE = tag("citation_title", "Sorting a Day")


@pytest.mark.parametrize("name", ["citation_title", "bepress_citation_title", "DC.Title", "dcterms.title"])
def test_a_page_names_its_paper_in_tags_of_several_kinds(name: str) -> None:
    assert fields(tag(name, "Sorting a Day")) == {"title": "Sorting a Day"}


@pytest.mark.parametrize("head", ["", "<title>Sorting</title>", tag("og:title", "News"), tag("citation_title", " ")])
def test_other_pages_name_none(head: str) -> None:
    assert fields(head, f"<p>{ABSTRACT}</p>") is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([("citation_author", "Lee, Ann"), ("citation_author", "Ek, Bo")], {"authors": ["Lee, Ann", "Ek, Bo"]}),
        ([("citation_authors", "Lee, Ann; Ek, Bo;")], {"authors": ["Lee, Ann", "Ek, Bo"]}),
        ([("DC.Creator", "Ann Lee"), ("DC.Contributor", "Ed Itor")], {"authors": ["Ann Lee"]}),
        ([("citation_online_date", "2026/01/14"), ("citation_publication_date", "2026/01")], {"date": "2026/01"}),
        ([("citation_journal_title", "Studies"), ("DC.isPartOf", "no")], {"venue": "Studies"}),
        ([("citation_conference_title", "A Conference")], {"venue": "A Conference"}),
        ([("citation_keywords", "days; sorting, rivers")], {"keywords": ["days", "sorting", "rivers"]}),
        ([("citation_doi", "10.5555/x")], {"doi": "doi:10.5555/x"}),
        ([("DC.Identifier", "doi:10.5555/x")], {"doi": "doi:10.5555/x"}),
        ([("citation_pmid", "88"), ("citation_arxiv_id", "2601.88001")], {"pmid": "88", "arxiv_id": "2601.88001"}),
        ([("citation_abstract_html_url", "https://x.org/a")], {"url": "https://x.org/a"}),
        ([("citation_language", "de")], {"language": "de"}),
        ([("description", "a few words of the page")], {}),
        ([("citation_abstract", "a few words")], {"abstract": "a few words"}),
    ],
)
def test_what_tags_say(tags: list[tuple[str, str]], expected: dict[str, Any]) -> None:
    assert fields(TITLE + "".join(tag(*one) for one in tags)) == {"title": "Sorting a Day", **expected}


def test_tags_may_be_called_property_and_a_page_may_tell_its_address() -> None:
    head = TITLE + tag("article:published_time", "2026-01-14", "property")
    found = fields(head + '<link rel="canonical" href="https://doi.org/10.5555/x">')
    assert found == {
        "title": "Sorting a Day", "date": "2026-01-14", "doi": "doi:10.5555/x", "url": "https://doi.org/10.5555/x"
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        f'<div id="abstract"><h2>Abstract</h2><p>{ABSTRACT}</p></div>',
        f'<blockquote class="abstract mathjax">Abstract: {ABSTRACT}</blockquote>',
        f'<section class="c-abstract-section"><p>{ABSTRACT}</p></section>',
        f'<p itemprop="abstract">{ABSTRACT}</p>',
        f'<div class="no abstract">Too short</div><div class="abstract">Summary. {ABSTRACT}</div>',
    ],
)
@pytest.mark.parametrize("content", ["", ABSTRACT[:60] + "…", ABSTRACT[:150] + "..."])
def test_the_abstract_is_that_of_the_page_where_no_tag_has_it_whole(body: str, content: str) -> None:
    found = fields(TITLE + tag("description", content), body)
    assert found is not None
    assert found["abstract"] == ABSTRACT


def test_a_whole_abstract_in_a_tag_goes_before_that_of_the_page() -> None:
    found = fields(TITLE + tag("citation_abstract", ABSTRACT), f'<div id="abstract">{OTHER}</div>')
    assert found is not None
    assert found["abstract"] == ABSTRACT


NAMES = st.sampled_from(["citation_title", "citation_author", "dc.date", "og:url", "citation_doi", "citation_abstract"])


@given(st.lists(st.tuples(NAMES, st.text(max_size=10)), max_size=5))
def test_any_tags_are_read(tags: list[tuple[str, str]]) -> None:
    from html import escape

    found = fields("".join(tag(name, escape(text)) for name, text in tags))
    assert found is None or found["title"]
