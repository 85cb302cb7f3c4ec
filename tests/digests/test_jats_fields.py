"""Fronts of articles in JATS, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from labeler.digests.jats_fields import jats_fields


def fields(meta: str, journal: str = "", attributes: str = "") -> dict[str, Any]:
    text = f"<article {attributes}><front>{journal}<article-meta>{meta}</article-meta></front></article>"
    found = jats_fields(etree.fromstring(text))
    assert isinstance(found, dict)
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ("", {}),
        (
            "<title-group><article-title>Sorting <italic>a</italic> Day</article-title><subtitle>a study</subtitle>"
            "</title-group>",
            {"title": "Sorting a Day: a study"},
        ),
        (
            '<article-id pub-id-type="doi">10.5555/x</article-id><article-id pub-id-type="pmid">88</article-id>'
            '<article-id pub-id-type="pmc">PMC7</article-id><article-id pub-id-type="publisher-id">no</article-id>',
            {"doi": "10.5555/x", "pmid": "88", "pmcid": "PMC7"},
        ),
        ('<article-id pub-id-type="pmcid">PMC7</article-id>', {"pmcid": "PMC7"}),
        (
            '<contrib-group><contrib contrib-type="author"><name><surname>Lee</surname><given-names>Ann</given-names>'
            "<suffix>Jr</suffix></name></contrib><contrib><collab>A Group</collab></contrib>"
            '<contrib contrib-type="editor"><name><surname>No</surname></name></contrib></contrib-group>',
            {"authors": ["Ann Lee Jr", "A Group"]},
        ),
        (
            "<contrib-group><contrib><name-alternatives><name><surname>Li</surname></name><string-name>李</string-name>"
            "</name-alternatives></contrib></contrib-group>",
            {"authors": ["Li"]},
        ),
        (
            '<pub-date pub-type="ppub"><year>2025</year></pub-date><pub-date pub-type="epub"><day>3</day><month>5'
            "</month><year>2024</year></pub-date>",
            {"date": "2024-05-03"},
        ),
        ('<pub-date date-type="pub"><year>2024</year><month>May</month></pub-date>', {"date": "2024"}),
        ("<pub-date><year>2024</year></pub-date>", {"date": "2024"}),
        (
            '<abstract abstract-type="graphical"><p>picture</p></abstract><abstract><title>Abstract.</title><p>One.</p>'
            "</abstract>",
            {"abstract": "One."},
        ),
        ('<abstract abstract-type="teaser"><p>In short.</p></abstract>', {"abstract": "In short."}),
        ("<trans-abstract><p>Eins.</p></trans-abstract>", {"abstract": "Eins."}),
        ("<kwd-group><kwd>a</kwd></kwd-group><kwd-group><kwd> b </kwd></kwd-group>", {"keywords": ["a", "b"]}),
    ],
)
def test_what_a_front_says(meta: str, expected: dict[str, Any]) -> None:
    assert fields(meta) == expected


@pytest.mark.parametrize(
    ("journal", "venue"),
    [
        ("<journal-title-group><journal-title>Studies</journal-title></journal-title-group>", "Studies"),
        ("<journal-id>Stud</journal-id><journal-title>Studies</journal-title>", "Studies"),
        ("<journal-id>Stud</journal-id>", "Stud"),
    ],
)  # fmt: skip
def test_a_journal_has_a_title_or_an_abbreviation(journal: str, venue: str) -> None:
    assert fields("", f"<journal-meta>{journal}</journal-meta>") == {"venue": venue}


def test_the_language_is_that_of_the_article() -> None:
    assert fields("", attributes='xml:lang="de"') == {"language": "de"}


@pytest.mark.parametrize("text", ["<article/>", "<article><front/></article>", "<article><body/></article>"])
def test_an_article_without_a_front_is_a_fault(text: str) -> None:
    assert jats_fields(etree.fromstring(text)) == "an article without what describes it (article-meta)"
