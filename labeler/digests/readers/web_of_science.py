"""Web of Science's plain text: ``PT J`` to ``ER``, with lines of two letters and a blank.

The tags: https://webofscience.help.clarivate.com/Content/export-records.htm
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, isbns, without_empty
from labeler.patterns import pattern

NAME = "web_of_science"
RANK = 19
ABOUT = "Web of Science's plain text (FN, PT … ER)"
FIXED_NAMES = True
_SIGN = pattern(r"\AFN [A-Z]|^PT [A-Z][ \t]*\n(?:[A-Z][A-Z0-9] |EF)", re.MULTILINE)
_BEGIN = 4000  # characters in which records begin
_RULES = TagRules(
    pattern(r"([A-Z][A-Z0-9])(?: |$)(.*)"),
    starts=frozenset({"PT"}),
    ends=frozenset({"ER"}),
    passed=frozenset({"FN", "VR", "EF"}),
)
_USED = frozenset(
    {"PT", "TI", "AB", "AF", "AU", "BA", "BE", "CA", "PD", "PY", "EA", "SO", "SE", "DI", "D2", "PM", "LA", "DE", "ID"}
    | {"C1", "C3", "RP", "CR", "FX", "FU"}
)


def looks_like(source: Source) -> bool:
    """Whether the text begins with the name of the file's program, or with a kind of publication."""
    head = source.beginning
    return _SIGN.search(head[:_BEGIN]) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each ``PT``."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            if "PT" in entry.values or entry.first("TI", "AB"):
                yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; tags that stand for none of them keep their names."""
    fields = {
        "title": entry.first("TI"),
        "abstract": entry.first("AB"),
        "authors": next(filter(None, map(entry.parts, ("AF", "AU", "BA", "BE", "CA"))), []),
        "date": _date(entry),
        "venue": next(iter(entry.one_line("SO", "SE")), ""),
        "doi": first_doi(*entry.every("DI", "D2")),
        "pmid": entry.first("PM"),
        "language": entry.first("LA"),
        "isbn": isbns(entry.every("BN")),
        "keywords": [part.strip() for value in entry.one_line("DE", "ID") for part in value.split(";") if part.strip()],
    }
    return without_empty(fields) | entry.others(_USED)


def _date(entry: Entry) -> str:
    """The date in a part of a year (``PD``: ``DEC 16``, ``JAN-FEB``) and a year, or that of early access."""
    (part, *_), (year, *_) = entry.one_line("PD") or [""], entry.one_line("PY") or [""]
    with_year = part if year in part else f"{part} {year}"
    return first_date(with_year, f"{year} {part}", year, *entry.one_line("EA"))
