"""BibTeX and BibLaTeX: abbreviations, cross-references, LaTeX, and broken entries among good ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labeler.digests.bibliographic import LONGEST_NOTE
from labeler.digests.carried import NAMES, carried_field
from labeler.digests.journal_macros import journal_of
from labeler.digests.kept import kept
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import any_date, numbers_of, without_empty
from labeler.papers.ids import arxiv_id, known_id
from labeler.papers.latex import delatex
from labeler.patterns import pattern

if TYPE_CHECKING:
    from labeler.digests.bibtex_entries import BibEntry

NAME = "bibtex"
RANK = 17
ABOUT = "BibTeX and BibLaTeX (.bib)"
FIXED_NAMES = True
_SIGN = pattern(
    r"^[ \t\ufeff]{0,8}@[ \t]{0,8}(?:"
    r"(?i:article|book|booklet|in(?:book|collection|proceedings)|conference|misc|online|proceedings|techreport|"
    r"(?:phd|masters)?thesis|unpublished)[ \t]{0,8}[{(]\s{0,8}[^\s,={}\"()]{0,200}\s{0,8},|"
    r"(?:\w{1,30}\s{0,8}{|(?i:string)\s{0,8}\()"
    r"[^\n={}]{0,200}?,?\s{0,20}[A-Za-z][\w-]{0,40}\s{0,60}=\s{0,20}[{\"\w])",
    re.MULTILINE,
)
_AUTHORS_BETWEEN = pattern(r"\s+and\s+", re.IGNORECASE)
_BRACE = pattern(r"[{}]")
# Braces keep the case of letters, or words together; not those of formulas and of arguments of commands.
_BRACE_OR_KEPT = pattern(
    r"\$\$?[^$]*\$\$?|\\\(.*?\\\)|\\\[.*?\\\]|\\[A-Za-z]+\*?\s*(?:\{[^{}]*\})+|\\.|[{}]", re.DOTALL
)
_PART_OF_NAME = pattern(r"(?<![a-z-])(family|given|prefix|suffix)\s*=\s*\"?([^,=\"]+)")
_SYMBOLS = {
    "less": "<", "greater": ">", "asciitilde": "~", "bar": "|", "quotesingle": "'", "quoteright": "’", "quoteleft": "‘",
    "quotedblleft": "“", "quotedblright": "”", "endash": "–", "emdash": "—", "degree": "°", "trademark": "™",
    "registered": "®", "underscore": "_", "asciicircum": "^", "backslash": "\x01", "braceleft": "\x02",
    "braceright": "\x03",
}  # fmt: skip
_SYMBOL = pattern(rf"(?:(?<!\\)\{{)?\\text({'|'.join(_SYMBOLS)})(?![A-Za-z])(?:\{{\}}| (?=\S))?\}}?")
_SIGNS = str.maketrans("\x01\x02\x03\x04", "\\{}$")  # signs of the text, which no command is made of
_MATHS = pattern(r"\\ensuremath\s*\{((?:[^{}$]|\{[^{}$]*\})*)\}")
_OTHERS = frozenset({"others", "et al", "et al.", "{others}"})
_ESCAPED = pattern(r"\{?\\([_%&#$~])(?:\{\})?\}?|\{\\textasciitilde\}|\\textasciitilde(?:\{\}| )?|\$\\sim\$")
_LATEX_URL = pattern(r"\\url\s*\{([^{}]*)\}")
_RANGE = pattern(r"(\d{4}(?:-\d\d){0,2})/(?:\d{4}.*|\.\.)?")  # of BibLaTeX: its beginning
_VENUES = ("journal", "journaltitle", "booktitle", "eventtitle", "maintitle", "school", "institution")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "author-keywords", "tags", "mendeley-tags", "groups")
_NOTES = ("note", "annote", "annotation", "addendum")
_PARAGRAPHS = pattern(r"\n[ \t]*\n")
_DATES = ("date", "year", "month", "day", "issue_date")
_USED = frozenset(
    {*_VENUES, *_KEYWORDS, *_NOTES, *_DATES, "title", "subtitle", "shorttitle", "author", "editor", "doi", "url"}
    | {"langid", "abstract", "affiliation", "references", "cited-references", "file"}
)
_FIELDS_OF_PAPERS = (  # what labeler writes anew of a paper
    "title", "subtitle", "author", "doi", "url", "language", "langid", "abstract", "pmid", "pmcid", "xdata",
)  # fmt: skip
# What an entry takes from the one that its crossref names (the manual of BibLaTeX, appendix B), as far as it is read.
_INHERITED = {
    "booktitle": ("booktitle", "title"), "journaltitle": ("journaltitle", "journal"), "date": ("date",),
    "year": ("year",), "month": ("month",), "language": ("language",),
}  # fmt: skip
_MOST_PARENTS = 5  # entries that refer to each other in turn


def looks_like(source: Source) -> bool:
    """Whether a line begins an entry with a field, or an abbreviation."""
    return "@" in source.beginning and _SIGN.search(source.beginning) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each entry; an entry that is broken is refused, with the line it begins on."""
    from labeler.digests.bibtex_entries import bib_entries

    with source.text() as stream:
        text = stream.read().replace("\r\n", "\n").replace("\r", "\n")
    entries = list(bib_entries(text))
    by_key = {entry.key.casefold(): entry for entry in reversed(entries) if entry.key}
    for entry in entries:
        where = f"line {entry.line}"
        if entry.fault:
            yield Refusal(source.name, where, f"the entry {entry.key!r} is broken: {entry.fault}")
        elif entry.kind != "xdata":  # which others take fields from
            yield Record(where, _fields(_with_inherited(entry, by_key)) | {"kept": kept("bibtex", _others(entry))})


def _with_inherited(entry: BibEntry, by_key: Mapping[str, BibEntry]) -> dict[str, str]:
    """The fields of an entry, with those that it takes from others: of ``xdata`` all, of ``crossref`` some."""
    fields = dict(entry.fields)
    for key in re.split(r"\s*,\s*", fields.get("xdata", "")):
        if other := by_key.get(key.casefold()):
            fields = {**other.fields, **fields}
    parent = entry
    for _ in range(_MOST_PARENTS):
        other = by_key.get(parent.fields.get("crossref", "").strip().casefold())
        if other is None or other is entry:
            break
        for name, sources in _INHERITED.items():
            if value := next((other.fields[one] for one in sources if other.fields.get(one)), ""):
                fields.setdefault(name, value)
        parent = other
    return fields


def _fields(said: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a record; those that have other names keep them."""
    venues = [_plain(journal_of(said[name])) for name in _VENUES if said.get(name)]
    notes = [_plain(note) for name in _NOTES for note in _PARAGRAPHS.split(said.get(name, "")) if note.strip()]
    link = _without_escapes(said.get("url", "")) or next(iter(_LATEX_URL.findall(said.get("howpublished", ""))), "")
    named = numbers_of([*notes, *venues, said.get("howpublished", "")], [link])
    fields = {
        "title": _plain(_title(said)),
        "abstract": _plain(said.get("abstract", "")),
        "authors": _people(said.get("author", "")) or _people(said.get("editor", "")),
        "date": _date(said),
        "venue": next(iter(venues), ""),
        "doi": _without_escapes(said.get("doi", "")),
        "url": link,
        "language": _plain(said.get("language") or said.get("langid", "")),
        "keywords": _keywords([said[name] for name in _KEYWORDS if said.get(name)]),
        "notes": notes,
        **_eprint(said),
        **_carried(said),
    }
    preprint = next(filter(None, map(arxiv_id, venues)), "")
    found = without_empty({"arxiv_id": preprint} | named | without_empty(fields))
    others = {name: value for name, value in said.items() if name not in _USED and name not in fields}
    return found | without_empty(others)


def _others(entry: BibEntry) -> Iterator[tuple[str, str]]:
    """The type, the key and those fields of an entry that say what no field of a paper says."""
    said = entry.fields
    venue = next((name for name in _VENUES if said.get(name)), "")
    used = {venue, *_KEYWORDS, *_NOTES, *_DATES, *_FIELDS_OF_PAPERS}
    used |= {"eprint", "archiveprefix", "eprinttype"} if _eprint(said) else set()
    used |= {"isbn"} if known_id(f"isbn:{said.get('isbn', '')}") else set()
    used |= set() if said.get("author") else {"editor"}
    yield from (("type", entry.kind), ("key", entry.key))
    for name, value in said.items():
        is_long = name in _NOTES and len(value) > LONGEST_NOTE
        if (name not in used or is_long) and not name.startswith("labeler-"):
            yield name, value


def _carried(said: Mapping[str, str]) -> dict[str, Any]:
    """What labeler writes in fields of its own."""
    found: dict[str, Any] = {}
    for name in NAMES:
        if value := said.get(f"labeler-{name.lower()}"):
            found |= carried_field(name, _plain(value))
    return found


def _title(said: Mapping[str, str]) -> str:
    """The title, with the subtitle of BibLaTeX."""
    title, subtitle = said.get("title") or said.get("shorttitle", ""), said.get("subtitle", "")
    if not title:
        return said.get("booktitle", "")
    return f"{title}: {subtitle}" if subtitle and subtitle not in title else title


def _plain(text: str) -> str:
    """A text without LaTeX, and without the braces that keep the case of its letters."""
    text = _MATHS.sub(r"$\1$", text) if "\\ensuremath" in text else text
    text = _SYMBOL.sub(lambda found: _SYMBOLS[found[1]], text) if "\\text" in text else text
    text = delatex(text.replace("\\$", "\x04"))  # a dollar that begins no formula
    text = _BRACE_OR_KEPT.sub(_without_braces, text) if "{" in text or "}" in text else text
    return text.translate(_SIGNS) if not text.isprintable() else text


def _without_braces(found: re.Match[str]) -> str:
    """Nothing for a brace, the brace alone where it is a sign of the text, and else what was found."""
    return {"{": "", "}": "", "\\{": "{", "\\}": "}"}.get(found[0], found[0])


def _people(names: str) -> list[str] | str:
    """The names between ``and`` outside braces; ``and others`` is nobody. Some programs write a list with commas."""
    people, depth, start = list[str](), 0, 0
    braces = [(brace.start(), brace[0]) for brace in _BRACE.finditer(names)]
    at = 0
    for found in _AUTHORS_BETWEEN.finditer(names):
        while at < len(braces) and braces[at][0] < found.start():
            depth += 1 if braces[at][1] == "{" else -1
            at += 1
        if depth <= 0:
            people.append(names[start : found.start()])
            start = found.end()
    people.append(names[start:])
    if len(people) == 1 and names.count(",") > 2 and not braces:
        return names
    found_names = (name.strip() for name in people)
    return [_person(name) for name in found_names if name and name.casefold() not in _OTHERS]


def _person(name: str) -> str:
    """A name; one of BibLaTeX with its parts in their order."""
    if "=" in name and (parts := dict(_PART_OF_NAME.findall(name))).keys() & {"family", "given"}:
        name = " ".join(filter(None, map(parts.get, ("given", "prefix", "family", "suffix"))))
    return _plain(name)


def _date(said: Mapping[str, str]) -> str:
    """The date of BibLaTeX, or year, month and day."""
    date, year, month = (" ".join(said.get(name, "").strip("{} ").split()) for name in ("date", "year", "month"))
    if found := _RANGE.fullmatch(date):
        date = found[1]
    day = said.get("day", "")
    month, _, rest = month.replace("~", " ").partition(" ")
    day = day if day.isdigit() else rest if rest.isdigit() else ""
    parts = [year, month.zfill(2), day.zfill(2)] if day else [year, month.zfill(2)]
    exact = "-".join(parts) if month.isdigit() else f"{year} {month} {day}".strip()
    return any_date(*(text for text in (date, exact, year, said.get("issue_date", "")) if text))


def _keywords(values: Sequence[str]) -> list[str] | str:
    """The keywords; those of a single field as they are, to be divided at what stands between them."""
    values = [" ".join(text.split()) if ";" in text or "," in text else text for text in map(_plain, values)]
    if len(values) == 1:
        return values[0]
    parts = (re.split(r"\s*[;\n]\s*" if ";" in value else r"\s*[,\n]\s*", value) for value in values)
    return list(dict.fromkeys(part for some in parts for part in some if part))


def _eprint(said: Mapping[str, str]) -> dict[str, str]:
    """The identifier that ``eprint`` is, by the archive that is named beside it, and the category of arXiv."""
    text = said.get("eprint", "").strip()
    archive = (said.get("eprinttype") or said.get("archiveprefix") or "").strip().casefold()
    if archive == "pubmed" and text.isdigit():
        return {"pmid": text}
    found = arxiv_id(text) or (arxiv_id(f"arXiv:{text}") if archive == "arxiv" else None)
    classes = said.get("primaryclass") or said.get("eprintclass") or ""
    return {"arxiv_id": found, "categories": classes.strip("{} ")} if found else {}


def _without_escapes(text: str) -> str:
    """A link or a DOI without the backslashes that LaTeX needs."""
    text = _LATEX_URL.sub(r"\1", text)
    return _ESCAPED.sub(lambda found: found[1] or "~", text).strip("{} \n")
