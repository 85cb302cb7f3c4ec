"""EndNote's references as text (the style "Show All Fields"): ``Reference Type: Journal Article``, ``Title: …``.

NoteExpress, which CNKI and Wanfang export to, has the same names in braces: ``{Reference Type}: Journal Article``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, entries, first_date, first_doi, isbns, numbers_of, without_empty
from labeler.patterns import pattern

NAME = "endnote_text"
RANK = 18
ABOUT = "EndNote's references as text (Reference Type: …), and those of NoteExpress"
FIXED_NAMES = True
_SIGN = pattern(r"\A\{?Reference Type\}?:[ \t]")
_NAMES = (
    "Reference Type|Record Number|Author|Year|Title|Book Title|Short Title|Translated Title|Journal|Secondary Title|"
    "Conference Name|Series Title|Series Editor|Editor|Alternate Journal|Abbreviated Journal|Volume|Issue|Pages|"
    "Start Page|Date|Epub Date|Type of Article|Type of Work|Place Published|City|Publisher|University|Edition|ISSN|"
    "ISBN|ISBN/ISSN|DOI|PMCID|NIHMSID|Original Publication|Reprint Edition|Legal Note|Accession Number|Call Number|"
    "Label|Keywords|Abstract|Notes|Research Notes|URL|File Attachments|Figure|Caption|Author Address|Access Date|"
    "Translated Author|Name of Database|Database Provider|Language|Custom [1-8]|Article Number|Number of Volumes|"
    "Section|Reviewed Item|Institution|Year of Conference|Conference Location|Proceedings Title|Year Published|"
    "Academic Department|Advisor|Thesis Type|Report Number|Sponsor|Date Published|Series Volume|Degree|Website Title|"
    "Last Update Date|Translated Journal|Translated Keywords|Translated Abstract|Subject"
)
_RULES = TagRules(pattern(rf"\{{?({_NAMES})\}}?:(?:[ \t]|$)(.*)"), starts=frozenset({"REFERENCE TYPE"}))
_VENUES = (
    "JOURNAL",
    "PROCEEDINGS TITLE",
    "SECONDARY TITLE",
    "CONFERENCE NAME",
    "ALTERNATE JOURNAL",
    "SERIES TITLE",
    "UNIVERSITY",
)
_USED = frozenset(
    {*_VENUES, "REFERENCE TYPE", "TITLE", "BOOK TITLE", "SHORT TITLE", "TRANSLATED TITLE", "AUTHOR", "EDITOR", "DATE"}
    | {"YEAR", "EPUB DATE", "DOI", "URL", "LANGUAGE", "KEYWORDS", "NOTES", "RESEARCH NOTES", "ABSTRACT", "PMCID"}
    | {"AUTHOR ADDRESS"}
)


def looks_like(source: Source) -> bool:
    """Whether the text begins with the type of a reference."""
    return _SIGN.match(source.beginning) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each type of a reference."""
    with source.text() as stream:
        for entry in entries(stream, _RULES):
            yield Record(f"line {entry.line}", _fields(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; those that stand for none of them keep their names."""
    links = [link for link in entry.parts("URL") if link.startswith("http")]
    book = entry.first("BOOK TITLE")
    authors = entry.first("AUTHOR", "EDITOR")
    fields = {
        "title": entry.first("TITLE", "TRANSLATED TITLE", "SHORT TITLE") or book,
        "abstract": entry.first("ABSTRACT"),
        "authors": entry.parts("AUTHOR", "EDITOR") if "\n" in authors or ";" in authors else authors,
        "date": first_date(*entry.one_line("DATE", "EPUB DATE", "YEAR", "YEAR OF CONFERENCE", "YEAR PUBLISHED")),
        "venue": next(iter(entry.one_line(*_VENUES)), book if entry.first("TITLE") else ""),
        "doi": first_doi(*entry.every("DOI", "URL", "ACCESSION NUMBER")),
        "url": next(iter(links), ""),
        "language": entry.first("LANGUAGE"),
        "keywords": entry.keywords("KEYWORDS"),
        "notes": entry.every("NOTES", "RESEARCH NOTES"),
        "pmcid": entry.first("PMCID"),
        "isbn": isbns(entry.every("ISBN", "ISBN/ISSN", "ISSN")),
        **_number_of_pubmed(entry),
    }
    found = numbers_of(entry.every("NOTES", "ACCESSION NUMBER"), links) | without_empty(fields)
    return found | {tag.capitalize(): value for tag, value in entry.others(_USED).items()}


def _number_of_pubmed(entry: Entry) -> dict[str, str]:
    number, database = entry.first("ACCESSION NUMBER"), entry.first("NAME OF DATABASE", "DATABASE PROVIDER")
    is_number = re.fullmatch(r"[1-9]\d{4,8}", number, re.ASCII)
    return {"pmid": number} if is_number and re.search(r"pubmed|medline|\bnlm\b", database, re.IGNORECASE) else {}
