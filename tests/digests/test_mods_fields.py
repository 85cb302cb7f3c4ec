"""Descriptions in MODS, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from labeler.digests.mods_fields import mods_fields


def fields(inner: str) -> dict[str, Any]:
    found = mods_fields(etree.fromstring(f'<mods xmlns="http://www.loc.gov/mods/v3">{inner}</mods>'))
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("", {}),
        (
            '<titleInfo type="alternative"><title>Other</title></titleInfo><titleInfo><nonSort>The</nonSort><title>Day'
            "</title><subTitle>a study</subTitle></titleInfo>",
            {"title": "The Day: a study"},
        ),
        ('<titleInfo type="translated"><title>Day</title></titleInfo>', {"title": "Day"}),
        (
            '<name><namePart type="family">Lee</namePart><namePart type="given">Ann</namePart></name>'
            "<name><namePart>Ek, Bo</namePart></name><name><displayForm>Fox, D.</displayForm></name><name/>",
            {"authors": ["Ann Lee", "Ek, Bo", "Fox, D."]},
        ),
        (
            "<name><namePart>Ed</namePart><role><roleTerm>edt</roleTerm></role></name>"
            "<name><namePart>Ann</namePart><role><roleTerm>Editor</roleTerm><roleTerm>aut</roleTerm></role></name>",
            {"authors": ["Ann"]},
        ),
        ("<abstract>One.</abstract><abstract>Two.</abstract>", {"abstract": "One.\nTwo."}),
        ("<originInfo><copyrightDate>2019</copyrightDate><dateIssued>2020</dateIssued></originInfo>", {"date": "2020"}),
        (
            '<relatedItem type="host"><titleInfo><title>Studies</title></titleInfo><part><date>2020-05</date></part>'
            '</relatedItem><relatedItem type="series"><titleInfo><title>No</title></titleInfo></relatedItem>',
            {"venue": "Studies", "date": "2020-05"},
        ),
        ('<language><languageTerm type="code">ger</languageTerm></language>', {"language": "ger"}),
        ("<subject><topic>a</topic><topic>b</topic><geographic>c</geographic></subject>", {"keywords": ["a", "b"]}),
        ("<note>read twice</note>", {"notes": ["read twice"]}),
        (
            '<identifier type="doi">10.5555/inv.1</identifier><identifier type="isbn">9783161484100</identifier>'
            "<location><url>https://example.org/a</url></location>",
            {"doi": "doi:10.5555/inv.1", "url": "https://example.org/a"},
        ),
        (
            '<identifier type="uri">https://arxiv.org/abs/2601.88001</identifier>',
            {"arxiv_id": "arxiv:2601.88001", "url": "https://arxiv.org/abs/2601.88001"},
        ),
        ('<identifier type="doi">https://doi.org/10.5555/x</identifier>', {"doi": "doi:10.5555/x", "url": "https://doi.org/10.5555/x"}),
    ],
)  # fmt: skip
def test_what_a_description_says(inner: str, expected: dict[str, Any]) -> None:
    assert fields(inner) == expected
