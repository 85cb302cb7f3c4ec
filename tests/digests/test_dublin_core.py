"""Records in Dublin Core, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from labeler.digests.dublin_core import dublin_core_fields, identifiers_among


def fields(inner: str) -> dict[str, Any]:
    text = f'<r xmlns:dc="http://purl.org/dc/elements/1.1/">{inner}</r>'
    return {name: value for name, value in dublin_core_fields(etree.fromstring(text)).items() if value}


def test_a_record_of_an_archive() -> None:
    found = fields(
        "<dc:title>Sorting a Day</dc:title><dc:title>Another title</dc:title><dc:creator>Lee, Ann</dc:creator>"
        "<dc:creator>Ek, Bo</dc:creator><dc:subject>rivers</dc:subject><dc:subject>beds</dc:subject>"
        "<dc:description>We study days.</dc:description><dc:description>Comment: 9 pages</dc:description>"
        "<dc:date>2026-01-12</dc:date><dc:date>2026-02-01</dc:date><dc:type>text</dc:type><dc:language>en</dc:language>"
        "<dc:source>Invented Studies</dc:source><dc:identifier>http://arxiv.org/abs/2601.88001</dc:identifier>"
        "<dc:identifier>doi:10.5555/inv.1</dc:identifier>"
    )
    assert found == {
        "title": "Sorting a Day", "authors": ["Lee, Ann", "Ek, Bo"], "keywords": ["rivers", "beds"],
        "abstract": "We study days.", "comments": "Comment: 9 pages", "date": "2026-01-12", "language": "en",
        "venue": "Invented Studies", "arxiv_id": "arxiv:2601.88001", "doi": "doi:10.5555/inv.1",
        "url": "http://arxiv.org/abs/2601.88001",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<abstract>Long one here</abstract><description>Short</description>", {"abstract": "Long one here"}),
        ("<contributor>Ed Itor</contributor>", {"authors": ["Ed Itor"]}),
        ("<author>Ann Lee</author><contributor>Ed Itor</contributor>", {"authors": ["Ann Lee"]}),
        ("<issued>2020</issued><created>2019</created>", {"date": "2020"}),
        ("<source>https://example.org/a</source><source>Studies</source>", {"venue": "Studies"}),
        ("<source>arXiv:2601.88001</source>", {}),
        (f"<source>{'long ' * 50}</source>", {}),
        ("<title>  </title>", {}),
        ("", {}),
    ],
)
def test_fields_under_other_names_and_those_that_say_nothing(inner: str, expected: dict[str, Any]) -> None:
    assert fields(inner) == expected


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        ([], {}),
        (["10.5555/inv.1", "doi:10.5555/inv.2"], {"doi": "10.5555/inv.1"}),
        (["info:doi/10.5555/inv.1"], {"doi": "info:doi/10.5555/inv.1"}),
        (["PMID: 88000001"], {"pmid": "88000001"}),
        (["oai:arXiv.org:2601.88001"], {"arxiv_id": "arxiv:2601.88001"}),
        (["https://doi.org/10.5555/inv.1"], {"doi": "doi:10.5555/inv.1", "url": "https://doi.org/10.5555/inv.1"}),
        (["ISBN 123", "https://example.org/a", "https://example.org/b"], {"url": "https://example.org/a"}),
    ],
)
def test_identifiers_among_texts(texts: list[str], ids: dict[str, str]) -> None:
    assert identifiers_among(texts) == ids


@given(st.lists(st.text(max_size=20), max_size=4))
def test_any_texts_may_stand_among_identifiers(texts: list[str]) -> None:
    assert set(identifiers_among(texts)) <= {"doi", "pmid", "arxiv_id", "url"}
