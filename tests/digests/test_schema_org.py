"""Papers in the JSON-LD of a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.html import page_of
from labeler.digests.schema_org import articles_in


def papers(*documents: Any) -> list[dict[str, Any]]:
    scripts = (one if isinstance(one, str) else json.dumps(one) for one in documents)
    text = "".join(f'<script type="application/ld+json">{one}</script>' for one in scripts)
    found = articles_in(page_of(f"<html><head>{text}</head></html>", "a.html"))
    return [{name: value for name, value in fields.items() if value} for fields in found]


def article(**fields: Any) -> dict[str, Any]:
    return {"@type": "ScholarlyArticle", "headline": "Sorting a Day", **fields}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headline": "", "name": "By Name"}, {"title": "By Name"}),
        ({"headline": ["First", "Second"]}, {"title": "First"}),
        ({"headline": {"@value": "Sorting", "@language": "en"}}, {"title": "Sorting"}),
        ({"abstract": "One.", "description": "Two."}, {"abstract": "One."}),
        ({"description": "Two."}, {"abstract": "Two."}),
        ({"author": {"@type": "Person", "name": "Ann Lee"}}, {"authors": ["Ann Lee"]}),
        ({"author": [{"givenName": "Ann", "familyName": "Lee"}, "Bo Ek", {}]}, {"authors": ["Ann Lee", "Bo Ek"]}),
        ({"creator": ["Ann Lee"]}, {"authors": ["Ann Lee"]}),
        ({"datePublished": "2026-01-12", "dateCreated": "2025"}, {"date": "2026-01-12"}),
        ({"isPartOf": {"@type": "Issue", "isPartOf": [{"isPartOf": {"name": "Studies"}}]}}, {"venue": "Studies"}),
        ({"isPartOf": ["https://x.org/issue", "Studies"]}, {"venue": "Studies"}),
        ({"inLanguage": {"name": "en"}}, {"language": "en"}),
        ({"keywords": ["a", {"name": "b"}]}, {"keywords": ["a", "b"]}),
        ({"keywords": "a, b"}, {"keywords": "a, b"}),
        ({"identifier": {"propertyID": "DOI", "value": "10.5555/x"}}, {"doi": "doi:10.5555/x"}),
        ({"identifier": {"propertyID": "doi", "value": "https://doi.org/10.5555/x"}},
         {"doi": "doi:10.5555/x", "url": "https://doi.org/10.5555/x"}),
        ({"sameAs": ["https://x.org/a", 7]}, {"url": "https://x.org/a"}),
    ],
)  # fmt: skip
def test_what_an_article_says(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    assert papers(article(**fields)) == [{"title": "Sorting a Day", **expected}]


@pytest.mark.parametrize(
    ("document", "titles"),
    [
        ([article(), article(headline="Two")], ["Sorting a Day", "Two"]),
        ({"@graph": [{"@type": "WebSite", "name": "no"}, article()]}, ["Sorting a Day"]),
        ({"mainEntity": article()}, ["Sorting a Day"]),
        (article(citation=[article(headline="Cited")]), ["Sorting a Day"]),
        ({"@type": ["http://schema.org/ScholarlyArticle"], "name": "With its address"}, ["With its address"]),
        ({"@type": "Article", "name": "News"}, []),
        ({"@type": "Article", "name": "A paper", "abstract": "One."}, ["A paper"]),
        ({"@type": "ScholarlyArticle"}, []),
        ({"@type": None}, []),
        ([], []),
        ("text", []),
    ],
)
def test_articles_are_found_where_they_stand_and_not_those_that_they_cite(document: Any, titles: list[str]) -> None:
    assert [paper["title"] for paper in papers(json.dumps(document))] == titles


def test_broken_data_do_not_hide_those_beside_them() -> None:
    wrapped = f"//<![CDATA[\n{json.dumps(article(headline='Wrapped'))}\n//]]>"
    assert [paper["title"] for paper in papers("broken {", article(), "", wrapped)] == ["Sorting a Day", "Wrapped"]


def test_data_nested_very_deep_end() -> None:
    deep: Any = article()
    for _ in range(50):
        deep = {"isPartOf": deep}
    venue: Any = "Studies"
    for _ in range(50):
        venue = {"isPartOf": venue}
    assert papers(deep) == []
    assert papers(article(isPartOf=venue)) == [{"title": "Sorting a Day"}]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "@value", "isPartOf"]), inner),
    max_leaves=5,
)
NAMES = [
    "headline",
    "author",
    "identifier",
    "isPartOf",
    "keywords",
    "sameAs",
    "inLanguage",
    "datePublished",
    "abstract",
]


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_any_values_are_read(fields: dict[str, Any]) -> None:
    assert all(paper["title"] for paper in papers(article(**fields)))
