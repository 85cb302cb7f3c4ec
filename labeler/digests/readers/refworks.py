"""RefWorks' tagged format: ``RT Journal Article``, then lines of two letters and a blank.

The tags: https://refworks.proquest.com/learn-more (RefWorks Tagged Format)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, isbns, numbers_of, without_empty
from labeler.patterns import pattern

NAME = "refworks"
RANK = 19
ABOUT = "RefWorks' tagged format (RT, T1, A1, …)"
FIXED_NAMES = True
_SIGN = pattern(r"^\ufeff?RT [A-Z][A-Za-z ,/()-]{2,40}\n(?:[^\n]*\n){0,10}?(?:T1|A1|JF|JO|YR|AB|ID|SR) ", re.MULTILINE)
_BEGIN = 4000  # characters in which records begin
_TAGS = (
    "RT|SR|ID|A[1-6]|T[1-3]|J[FO]|YR|FD|VO|IS|SP|OP|K1|AB|NO|PB|PP|AD|ED|SN|AV|AN|LA|CL|SF|OT|LK|DO|CN|DB|DS|IP|RD|ST|"
    "U[1-9]|U1[0-5]|UL|SL|LL|CR|WT|WV|WP|OL|PMID|PMCID"
)
_RULES = TagRules(pattern(rf"({_TAGS})(?: |$)(.*)"), starts=frozenset({"RT"}))
_USED = frozenset(
    {"RT", "T1", "AB", "A1", "A2", "FD", "YR", "JF", "JO", "T2", "DO", "LK", "UL", "LA", "K1", "NO", "AD"}
)
_USED |= {"PMID", "PMCID"}


def looks_like(source: Source) -> bool:
    """Whether a line has the kind of a reference, and one of the next a tag that references have."""
    head = source.beginning
    return _SIGN.search(head[:_BEGIN]) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each ``RT``."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            if "RT" in entry.values:
                yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; tags that stand for none of them keep their names."""
    links = [link for link in entry.parts("LK", "UL") if link.startswith("http")]
    fields = {
        "title": entry.first("T1"),
        "abstract": "\n".join(entry.every("AB")),
        "authors": entry.parts("A1") or entry.parts("A2"),
        "date": first_date(*entry.one_line("FD", "YR")),
        "venue": next(iter(entry.one_line("JF", "T2", "JO")), ""),
        "doi": first_doi(*entry.every("DO", "LK", "UL")),
        "url": next(iter(links), ""),
        "language": entry.first("LA"),
        "keywords": entry.keywords("K1"),
        "notes": entry.every("NO"),
        "pmid": entry.first("PMID"),
        "pmcid": entry.first("PMCID"),
        "isbn": isbns(entry.every("SN")),
    }
    return numbers_of(entry.every("NO", "AN"), links) | without_empty(fields) | entry.others(_USED)
