"""What a record says of a paper beside its text: where it appeared, in which language, under which keywords and notes.

Databases and reference managers export these. Their names are looked for only here: a column with one of them may as
well hold topics, or anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from labeler.digests import names_elsewhere
from labeler.digests.kept import kept_fields
from labeler.digests.lists import parts_of
from labeler.papers.cleaning import clean, plain
from labeler.papers.placeholders import is_nothing
from labeler.patterns import pattern

# Spellings of each field, without case, spaces and punctuation; the first that holds something counts.
_VENUE = (
    "venue", "journal", "journaltitle", "publicationname", "publicationtitle", "containertitle", "sourcetitle",
    "booktitle", "journalbook", "hostvenue", "journalname", "secondarytitle", "pubtitle", "journalref", "so", "jo",
    "jf", "t2", "publicationvenue", "journalinfo", "primarylocation", "journals", "fulljournalname",
    "prismpublicationname", "pub", "server", "primarylocationsourcedisplayname",
    *names_elsewhere.VENUES, "source",
)  # fmt: skip
_DATABASES = frozenset(  # whose names stand under ``source``, too
    """
    crossref scopus pubmed medline embase openalex dblp arxiv wos ieee manual med ppr pmc agr cba ctx eth hir pat
    """.split()
)
_LANGUAGE = (
    "language", "languages", "lang", "langid", "la", "languageoforiginaldocument", "articlelanguage",
    "languageofarticle",
    *names_elsewhere.LANGUAGES,
)  # fmt: skip
_KEYWORDS = (
    "keywords", "keyword", "authorkeywords", "manualtags", "tags", "kw", "de", "meshterms", "mh", "indexterms",
    "indexkeywords", "automatictags", "ieeeterms", "keywordsplus", "subjectterms", "identifierkeywords",
    "authkeywords", "keywordlist", "meshheadinglist", "keywordsdisplayname",
    *names_elsewhere.KEYWORDS,
)  # fmt: skip
_NOTES = ("notes", "note", "n1")
_CURATOR = ("curator", "submittedondailyby", "submittedby")
_NO_TEXTS = frozenset({*_VENUE, *_LANGUAGE, *_KEYWORDS, *_CURATOR})
_ALL = frozenset((*_VENUE, *_LANGUAGE, *_KEYWORDS, *_NOTES, *_CURATOR, "kept"))
_CITED = pattern(r" \((?:19|20)\d\d\)(?: |$)")  # of Embase: ``J Ex (2014) 3:3 (152-160)``
_BETWEEN = r"\s*[;\n|]\s*"
_OR_COMMA = r"\s*[;\n|,]\s*"  # where nothing else divides keywords
_NAMES_IN = ("fullname", "name", "display_name", "title", "term", "value", "label")
_FEW = 10  # of a list in which a name is looked for
LONGEST_NOTE = 1000  # characters; Scopus has whole lists of references among its notes
_LONGEST_NAME = 500  # characters; a venue that is longer is none


class Bibliographic(TypedDict):
    """The fields of a :class:`~labeler.papers.Paper` that are read here."""

    venue: str | None
    language: str | None
    keywords: tuple[str, ...]
    notes: tuple[str, ...]
    curator: str | None
    kept: tuple[tuple[str, str], ...]


_NOTHING: Bibliographic = {
    "venue": None, "language": None, "keywords": (), "notes": (), "curator": None, "kept": (),
}  # fmt: skip


def bibliographic(record: Mapping[str, Any]) -> Bibliographic:
    """These fields of a ``record``, whose names are without case, spaces and punctuation."""
    if record.keys().isdisjoint(_ALL):
        return _NOTHING
    return {
        "venue": _name(record, _VENUE),
        "language": _name(record, _LANGUAGE),
        "keywords": tuple(dict.fromkeys(_keywords(record))),
        "notes": tuple(dict.fromkeys(_notes(record))),
        "curator": _name(record, _CURATOR),
        "kept": tuple(kept_fields(record.get("kept"))),
    }


def is_no_text(name: str) -> bool:
    """Whether a field of this name, without case, spaces and punctuation, has names or keywords and no text."""
    return name in _NO_TEXTS


def _name(record: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first text under one of the names; of an object or list that of its name."""
    for name in names:
        if name not in record:
            continue
        value = record[name]
        if name == "source" and not _is_venue(record, value):
            continue
        if isinstance(value, Mapping | list | tuple):
            value = _name_in(value)
        if name == "source" and isinstance(value, str):
            value = _CITED.split(value, maxsplit=1)[0]
        if isinstance(value, str) and not is_nothing(text := clean(value).rstrip("; ")) and len(text) <= _LONGEST_NAME:
            return text
    return None


def _is_venue(record: Mapping[str, Any], source: Any) -> bool:
    """Whether a ``source`` is where a paper appeared (Google Scholar, Lens), and not where its record is from."""
    if "ids" in record:  # our own form: the name of a file
        return False
    return not isinstance(source, str) or not ("://" in source or source.strip().lower() in _DATABASES)


def _name_in(value: Any, depth: int = 3) -> str | None:
    """The name in an object, or in what describes a journal inside it; of a list that of the first that has one."""
    if isinstance(value, list | tuple):
        return next(filter(None, (_name_in(one, depth - 1) for one in value[:_FEW])), None) if depth else None
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) and value.strip() else None
    for key in _NAMES_IN:
        if isinstance(name := value.get(key), str) and name.strip():
            return name
    inner = (value[key] for key in ("source", "journal") if isinstance(value.get(key), Mapping))
    return next(filter(None, (_name_in(one, depth - 1) for one in inner)), None) if depth else None


def _keywords(record: Mapping[str, Any]) -> Iterator[str]:
    """All keywords under one of the names, in their order."""
    for name in _KEYWORDS:
        if name not in record:
            continue
        value = record[name]
        if isinstance(value, Mapping):  # {"keyword": [...]}
            value = list(_listed(value))
        separator = _BETWEEN if isinstance(value, str) and re.search(_BETWEEN, value.strip()) else _OR_COMMA
        for part in parts_of(value, separator):
            if not is_nothing(text := plain(clean(part))):
                yield text


def _listed(value: Mapping[str, Any], depth: int = 3) -> Iterator[Any]:
    """What stands in the lists of an object, and of objects inside it (IEEE)."""
    for one in value.values():
        if isinstance(one, list):
            yield from one
        elif isinstance(one, Mapping) and depth:
            yield from _listed(one, depth - 1)


def _notes(record: Mapping[str, Any]) -> Iterator[str]:
    for name in _NOTES:
        if name not in record:
            continue
        value = record[name]
        for part in [value] if isinstance(value, str) else parts_of(value, _BETWEEN):
            if not is_nothing(text := clean(part)) and len(text) <= LONGEST_NOTE:
                yield text
