"""Ovid's references as text: ``<1>``, then names of fields, each with its value on the indented lines below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, without_empty
from labeler.patterns import pattern

NAME = "ovid"
RANK = 18
ABOUT = "Ovid's references as text (<1>, Title, Abstract, …)"
FIXED_NAMES = True
_SIGN = pattern(r"\A<1>[ \t]*\n(?:[^\n]*\n){0,60}?(?:Title|Authors?|Abstract)[ \t]*\n[ \t]")
_RULES = TagRules(pattern(r"(<(?=\d+>)|[A-Z][\w /&().,'-]{1,40})(?:\d*>)?()[ \t]*$"), starts=frozenset({"<"}))
_DATES = ("PUBLICATION DATE", "DATE OF PUBLICATION", "YEAR OF PUBLICATION", "YEAR", "DATE CREATED", "PUBLICATION YEAR")
_KEYWORDS = ("KEYWORD HEADING", "AUTHOR KEYWORDS", "KEYWORDS", "MESH SUBJECT HEADINGS", "SUBJECT HEADINGS")
_USED = frozenset(
    {*_DATES, *_KEYWORDS, "<", "TITLE", "ORIGINAL TITLE", "ABSTRACT", "AUTHOR", "AUTHORS", "AUTHORS FULL NAME"}
    | {"AUTHOR NAMEID", "SOURCE", "JOURNAL NAME", "DIGITAL OBJECT IDENTIFIER", "DOI", "LANGUAGE", "INSTITUTION"}
    | {"LINK TO THE OVID FULL TEXT OR CITATION", "UNIQUE IDENTIFIER"}
)


def looks_like(source: Source) -> bool:
    """Whether the text begins with a record's number, and the name of a field stands above its value."""
    head = source.beginning
    return _SIGN.match(head) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each number."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            if "<" in entry.values:
                yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; those that stand for none of them keep their names."""
    source, number = " ".join(entry.one_line("SOURCE")), entry.first("UNIQUE IDENTIFIER")
    is_pubmed = re.fullmatch(r"[1-9]\d{4,8}", number, re.ASCII) and "medline" in entry.first("DATABASE").lower()
    fields = {
        "title": entry.first("TITLE", "ORIGINAL TITLE"),
        "abstract": entry.first("ABSTRACT"),
        "authors": entry.parts("AUTHORS FULL NAME") or [name.rstrip(".") for name in entry.parts("AUTHORS", "AUTHOR")],
        "date": first_date(*entry.one_line(*_DATES), *re.findall(r"\b(?:19|20)\d\d\b", source)[-1:]),
        "venue": next(iter(entry.one_line("JOURNAL NAME")), re.split(r"\. |[.;] ?\d", source)[0]),
        "doi": first_doi(*entry.parts("DIGITAL OBJECT IDENTIFIER", "DOI")),
        "pmid": number if is_pubmed else "",
        "language": entry.first("LANGUAGE"),
        "keywords": entry.parts(*_KEYWORDS),
        "url": next((link for link in entry.parts("LINK TO THE OVID FULL TEXT OR CITATION")), ""),
    }
    return without_empty(fields) | {tag.capitalize(): value for tag, value in entry.others(_USED).items()}
