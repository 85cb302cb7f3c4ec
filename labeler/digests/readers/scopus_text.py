"""Scopus' plain text: authors, title and ``(2020) Journal, 1 (2), pp. 3-4`` on a line each, then ``ABSTRACT: …``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import without_empty
from labeler.patterns import pattern

NAME = "scopus_text"
RANK = 18
ABOUT = "Scopus' plain text (Scopus, EXPORT DATE: …)"
FIXED_NAMES = True
_SIGN = pattern(r"\AScopus[ \t]*\n\s*EXPORT DATE")
_CITATION = pattern(r"\((?P<date>\d{4})\) (?P<venue>[^,]+(?:,(?! (?:\d|art|pp|vol|Part|Issue|Cited|Art))[^,]+)*)?")
_NAMED = pattern(r"([A-Z][A-Za-z /&-]{2,40}): ?(.*)")
_NUMBERS = pattern(r"[\d;, ]+")


def looks_like(source: Source) -> bool:
    """Whether the text begins with the name of the database and the date of the export."""
    return _SIGN.match(source.beginning) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each line that begins with a year in brackets."""
    with source.text() as stream:
        for line, before, citation, after in _records(stream):
            yield Record(f"line {line}", _fields(before, citation, after))


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str], re.Match[str], list[str]]]:
    """Each record: its line, the lines of the paragraph before its citation, the citation, and the lines after it."""
    paragraph, after = list[str](), list[str]()
    found: tuple[int, list[str], re.Match[str]] | None = None
    for number, raw in enumerate(lines, start=1):
        line = raw.strip("\ufeff \t\r\n")
        citation = _CITATION.match(line)
        if citation and paragraph:
            if found:
                yield *found, after[: len(after) - len(paragraph)]
            found, after, paragraph = (number - len(paragraph), paragraph, citation), [], []
        elif line:
            paragraph.append(line)
            after.append(line)
        else:
            paragraph = []
    if found:
        yield *found, after


def _fields(before: list[str], citation: re.Match[str], after: list[str]) -> dict[str, Any]:
    """The fields of a record; those that stand for none of them keep their names."""
    *others, title = before
    named: dict[str, str] = {}
    name = ""
    for line in after:
        if found := _NAMED.fullmatch(line):
            name = found[1]
            named.setdefault(name.upper(), found[2])
        elif line.startswith("http"):
            named.setdefault("URL", line)
        elif name:
            named[name.upper()] += f" {line}"
    authors = [line for line in others if line != "Scopus" and not _NUMBERS.fullmatch(line) and not _NAMED.match(line)]
    fields = {
        "title": title,
        "authors": authors[0] if authors and not authors[0].startswith("[No author") else "",
        "date": citation["date"],
        "venue": citation["venue"] or "",
        "abstract": named.pop("ABSTRACT", ""),
        "doi": named.pop("DOI", ""),
        "url": named.pop("URL", ""),
        "keywords": _keywords(named.pop("AUTHOR KEYWORDS", ""), named.pop("INDEX KEYWORDS", "")),
        "language": named.pop("LANGUAGE OF ORIGINAL DOCUMENT", ""),
        "pmid": named.pop("PUBMED ID", ""),
    }
    return without_empty(fields) | {name.capitalize(): value for name, value in named.items() if len(value) < 200}


def _keywords(*said: str) -> list[str]:
    return [part.strip() for text in said for part in text.split(";") if part.strip()]
