"""EndNote libraries in XML, as EndNote, Zotero, Mendeley and Rayyan write them.

Format: the document type RSXML, which comes with EndNote; texts stand in elements ``style``, one a run of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries
from labeler.digests.xml_markup import child, children, text_at, text_of
from labeler.patterns import pattern

NAME = "endnote_xml"
RANK = 15
FIXED_NAMES = True
ABOUT = "EndNote library (XML)"
_OPENING = pattern(
    r"\A<xml>\s*<records\b|\A<records>\s*<record>\s*<(?:database|source-app|rec-number|ref-type)\b|\A<xml\s*/>"
)
_LINES = pattern(r"\s*[\r\n]+\s*")


def looks_like(source: Source) -> bool:
    """Whether the first elements are those of a library."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each reference."""
    yield from entries(source, ("record",), _fields)


def _fields(record: Element) -> dict[str, Any]:
    titles, contributors, dates = (child(record, name) for name in ("titles", "contributors", "dates"))
    authors = _texts(child(contributors, "authors"), "author") or _texts(
        child(contributors, "secondary-authors"), "author"
    )
    urls = child(record, "urls")
    links = [text for kind in ("related-urls", "web-urls") for text in _texts(child(urls, kind), "url")]
    number = text_at(record, "electronic-resource-num")
    accession = text_at(record, "accession-num")
    return {
        "title": text_at(titles, "title") or text_at(titles, "short-title"),
        "abstract": text_at(record, "abstract"),
        "authors": authors,
        "date": _date(dates),
        "venue": text_at(titles, "secondary-title") or text_at(record, "periodical", "full-title"),
        "language": text_at(record, "language"),
        "keywords": [part for text in _texts(child(record, "keywords"), "keyword") for part in _LINES.split(text)],
        "notes": [text for name in ("notes", "research-notes") if (text := text_at(record, name))],
        **identifiers_among([number, accession, *links]),
        **({"pmid": accession} if re.fullmatch(r"\d{6,9}", accession) and "pubmed" in _provider(record) else {}),
    }


def _texts(parent: Element | None, name: str) -> list[str]:
    return [text for one in children(parent, name) if (text := text_of(one).strip())]


def _provider(record: Element) -> str:
    names = ("remote-database-name", "remote-database-provider", "database")
    return (
        " ".join(text_at(record, name) for name in names).lower().replace("medline", "pubmed").replace("nlm", "pubmed")
    )


def _date(dates: Element | None) -> str:
    """The date of publication, whose day may stand without its year."""
    year = text_at(dates, "year")
    day = text_at(dates, "pub-dates", "date")
    return (
        day
        if re.search(r"\d{4}", day)
        else f"{year} {day}"
        if re.fullmatch(r"[A-Za-z]{3,9}\.?(?: \d{1,2})?", day)
        else year
    )
