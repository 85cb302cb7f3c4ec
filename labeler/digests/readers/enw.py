"""EndNote's tagged format (``.enw``, ``%T A title``), which CNKI, AIS and Google Scholar write, too.

The tags: https://support.clarivate.com/Endnote/s/article/EndNote-Import-Format
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, isbns, numbers_of, without_empty
from labeler.papers.ids import arxiv_id
from labeler.patterns import pattern

NAME = "enw"
RANK = 18
ABOUT = "EndNote's tagged format (.enw, .enl as text): %0, %T, %A, …"
FIXED_NAMES = True
_SIGN = pattern(r"^\ufeff?%0 [A-Z]|^%[A-Z] [^\n]*\n(?:[ \t][^\n]*\n|\n)*%[A-Z0-9] ", re.MULTILINE)
_BEGIN = 4000  # characters in which records begin
_RULES = TagRules(pattern(r"%([0-9A-Z!@#$^&*()+=\[\]><?~:'\"-])(?:[ \t]+|$)(.*)"), starts=frozenset("0T"))
_USED = frozenset("0TAXD8JBKZURGS!+[><Q")


def looks_like(source: Source) -> bool:
    """Whether a line has the tag of a kind of reference, or lines in turn have tags."""
    head = source.beginning
    return _SIGN.search(head[:_BEGIN]) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each kind of reference (``%0``) or title (``%T``), whichever comes first."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; tags that stand for none of them keep their names."""
    links = [link for link in entry.parts("U", ">") if link.startswith("http")]
    venues = entry.one_line("J", "B", "S")
    fields = {
        "title": entry.first("T", "Q", "!"),
        "abstract": "\n".join(entry.every("X")),
        "authors": entry.parts("A") or entry.parts("E"),
        "date": first_date(*entry.one_line("8", "D")) if "D" not in entry.values else _date(entry),
        "venue": next(iter(venues), ""),
        "doi": first_doi(*entry.every("R", "U", "M", "1", "2", "3", "4")),
        "url": next(iter(links), ""),
        "language": entry.first("G"),
        "keywords": entry.keywords("K"),
        "notes": entry.every("Z"),
        "isbn": isbns(entry.parts("@")),
    }
    preprint = next(filter(None, map(arxiv_id, venues)), "")
    found = {"arxiv_id": preprint} | numbers_of(entry.every("Z", "M"), links) | without_empty(fields)
    return without_empty(found) | {f"%{tag}": value for tag, value in entry.others(_USED).items()}


def _date(entry: Entry) -> str:
    """The exact date, where it is of the year that is stated: in some exports it is when the reference was added."""
    years = entry.one_line("D")
    year, exact = first_date(*years), first_date(*entry.one_line("8"), *years)  # which may lack its year
    return exact if exact.startswith(year) else year
