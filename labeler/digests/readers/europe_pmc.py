"""Europe PMC's answers in XML (those in JSON are read as JSON).

Format: https://europepmc.org/RestfulWebService (resultType core or lite).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries
from labeler.digests.xml_markup import child, children, text_at, text_of
from labeler.patterns import pattern

NAME = "europe_pmc"
RANK = 16
FIXED_NAMES = True
ABOUT = "Europe PMC answer (XML)"
_OPENING = pattern(r"\A<(?:responseWrapper|resultList)\b")


def looks_like(source: Source) -> bool:
    """Whether the first elements are those of an answer."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each result."""
    yield from entries(source, ("result",), _fields)


def _fields(result: Element) -> dict[str, Any]:
    authors = [
        text_at(one, "fullName") or text_at(one, "collectiveName")
        for one in children(child(result, "authorList"), "author")
    ]
    headings = children(child(result, "meshHeadingList"), "meshHeading")
    return {
        "title": text_at(result, "title"),
        "abstract": text_at(result, "abstractText"),
        "authors": list(filter(None, authors)) or text_at(result, "authorString").rstrip("."),
        "doi": text_at(result, "doi"),
        "pmid": text_at(result, "pmid"),
        "pmcid": text_at(result, "pmcid"),
        "date": text_at(result, "firstPublicationDate") or text_at(result, "pubYear"),
        "venue": text_at(result, "journalInfo", "journal", "title")
        or text_at(result, "journalTitle")
        or text_at(result, "bookOrReportDetails", "publisher"),
        "language": text_at(result, "language"),
        "keywords": [
            *map(text_of, children(child(result, "keywordList"), "keyword")),
            *(text_at(heading, "descriptorName") for heading in headings),
        ],
    }
