"""Records of DataCite, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from labeler.digests.datacite_fields import datacite_fields


def fields(inner: str, around: str = "{}") -> dict[str, Any]:
    resource = f'<resource xmlns="http://datacite.org/schema/kernel-4">{inner}</resource>'
    found = datacite_fields(etree.fromstring(around.format(resource)))
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize("around", ["{}", "<metadata><oai_datacite><payload>{}</payload></oai_datacite></metadata>"])
def test_a_record_alone_or_inside_another_element(around: str) -> None:
    inner = (
        '<identifier identifierType="DOI">10.5555/inv.1</identifier><creators><creator><creatorName>Lee, Ann'
        "</creatorName></creator><creator><creatorName>Ek, Bo</creatorName></creator></creators><titles><title>Sorting "
        'a Day</title><title titleType="Subtitle">no</title></titles><publicationYear>2025</publicationYear><subjects>'
        '<subject>rivers</subject></subjects><dates><date dateType="Collected">2020</date><date dateType="Issued">'
        '2025-05-03</date></dates><language>en</language><descriptions><description descriptionType="Methods">no'
        '</description><description descriptionType="Abstract">We study days.</description></descriptions>'
    )
    assert fields(inner, around) == {
        "title": "Sorting a Day", "abstract": "We study days.", "authors": ["Lee, Ann", "Ek, Bo"],
        "date": "2025-05-03", "language": "en", "keywords": ["rivers"], "doi": "doi:10.5555/inv.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("", {}),
        ("<publicationYear>2025</publicationYear>", {"date": "2025"}),
        (
            '<dates><date dateType="Created">2024</date></dates><publicationYear>2025</publicationYear>',
            {"date": "2024"},
        ),
        (
            '<descriptions><description descriptionType="Other">Words.</description></descriptions>',
            {"abstract": "Words."},
        ),
        (
            '<identifier identifierType="URL">https://example.org/a</identifier>',
            {"url": "https://example.org/a"},
        ),
    ],
)
def test_what_is_there_is_taken(inner: str, expected: dict[str, Any]) -> None:
    assert fields(inner) == expected
