"""PubMed's MEDLINE format (``.nbib``, ``.txt``), which ERIC and others write, too.

The tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, isbns, numbers_of, without_empty
from labeler.patterns import pattern

NAME = "nbib"
RANK = 15  # before RIS, whose tags look like some of these
ABOUT = "PubMed's MEDLINE format (.nbib, .txt), also that of ERIC"
FIXED_NAMES = True
_RIS = pattern(r"^\ufeff?TY {1,2}-", re.MULTILINE)
_SIGN = pattern(
    r"\A\s*PMID {0,2}- ?\d|^(?:PMID|OWN|STAT|DCOM|EDAT|MHDA|CRDT|PHST|JID|LID|FAU) {0,2}- ?\S[^\n]*\n"
    r"(?:[^\n]*\n){0,30}?(?:OWN|STAT|DCOM|EDAT|MHDA|CRDT|PHST|JID|TI|AU) {0,2}- ?\S",
    re.MULTILINE,
)
_BEGIN = 4000  # characters in which records begin
_RULES = TagRules(pattern(r"([A-Z][A-Z0-9]{1,4}) {0,3}-(?: |$)?(.*)"), starts=frozenset({"PMID", "OWN"}))
_USED = frozenset(
    {
        "SO",
        "TI",
        "BTI",
        "TT",
        "AB",
        "OAB",
        "FAU",
        "AU",
        "CN",
        "DP",
        "DEP",
        "JT",
        "TA",
        "LID",
        "AID",
        "PMID",
        "PMC",
        "LA",
    }
    | {"MH", "OT", "GN", "AD", "AUID", "COIS", "CI"}
)


def looks_like(source: Source) -> bool:
    """Whether the text begins with a number of PubMed, or tags of MEDLINE stand near each other."""
    head = source.beginning[:_BEGIN]
    return _SIGN.search(head) is not None and _RIS.search(head) is None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each number of PubMed, or for each owner where there are no numbers."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; tags that stand for none of them keep their names."""
    located = entry.one_line("LID", "AID")
    links = [text for text in located if text.startswith("http")]
    headings = [heading.replace("*", "") for heading in entry.one_line("MH")]  # * marks what a paper is mainly about
    fields = {
        "title": entry.first("TI", "BTI", "TT"),
        "abstract": entry.first("AB", "OAB"),
        "authors": entry.one_line("FAU") or [*entry.one_line("AU"), *entry.one_line("CN")],
        "date": first_date(*entry.one_line("DP", "DEP")),
        "venue": next(iter(entry.one_line("JT", "TA")), _venue_of_citation(entry)),
        "doi": first_doi(*(text for text in located if not text.rstrip().endswith("[pii]"))),
        "pmid": entry.first("PMID"),
        "pmcid": entry.first("PMC"),
        "url": next((link for link in links if "doi.org/" not in link), ""),
        "language": entry.first("LA"),
        "keywords": [*entry.one_line("OT"), *headings],
        "notes": entry.one_line("GN"),
        "isbn": isbns(entry.one_line("ISBN")),
    }
    numbers = {} if entry.first("PMID") else numbers_of([], links)
    return numbers | without_empty(fields) | entry.others(_USED)


def _venue_of_citation(entry: Entry) -> str:
    """The journal in a citation such as ``J Ex. 2020 Feb 5:S1``."""
    found = re.match(r"(.+?)\. \d{4}\b", " ".join(entry.one_line("SO")))
    return found[1] if found else ""
