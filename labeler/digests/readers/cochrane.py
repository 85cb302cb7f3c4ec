"""The plain text of the Cochrane Library: ``Record #1 of 20``, then lines such as ``TI: A title``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, without_empty
from labeler.patterns import pattern

NAME = "cochrane"
RANK = 18
ABOUT = "the Cochrane Library's plain text (Record #1 of …)"
FIXED_NAMES = True
_SIGN = pattern(r"\A(?:[^\n]{0,200}\n){0,10}?Record #\d+ of \d")
_RULES = TagRules(pattern(r"(Record(?= #\d)|[A-Z][A-Z0-9]{1,5}(?=:))[ :](?: |$)?(.*)"), starts=frozenset({"RECORD"}))
_USED = frozenset({"RECORD", "TI", "AB", "AU", "YR", "SO", "DOI", "US", "KY", "PM", "XR", "LA"})


def looks_like(source: Source) -> bool:
    """Whether a record's number and that of all records stand near the beginning."""
    head = source.beginning
    return _SIGN.match(head) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each number."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            if "RECORD" in entry.values:
                yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; tags that stand for none of them keep their names."""
    pubmed = re.search(r"PUBMED\s+(\d{4,9})", " ".join(entry.one_line("PM", "XR")), re.IGNORECASE)
    fields = {
        "title": entry.first("TI"),
        "abstract": "\n".join(entry.every("AB")),
        "authors": entry.parts("AU"),
        "date": first_date(*entry.one_line("YR")),
        "venue": next(iter(entry.one_line("SO")), ""),
        "doi": first_doi(*entry.every("DOI")),
        "url": entry.first("US"),
        "language": entry.first("LA"),
        "keywords": [part.lstrip("* ") for part in " ".join(entry.one_line("KY")).split(";")],
        "pmid": pubmed[1] if pubmed else "",
    }
    return without_empty(fields) | entry.others(_USED)
