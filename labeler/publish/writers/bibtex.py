"""BibTeX (https://www.bibtex.org/Format/) with topics as keywords; arXiv identifiers as arXiv itself gives them.

What BibTeX has no field for stands in fields ``labeler-…``, which other programs pass over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from labeler.patterns import pattern
from labeler.publish.citation_keys import CitationKeys
from labeler.publish.kept import BIBTEX_TYPES, kept_for, said_type
from labeler.publish.labelled import LabelledPaper
from labeler.publish.latex import is_sound, latex_text, latex_title
from labeler.publish.references import (
    CHAPTER,
    CONFERENCE,
    doubtful,
    keywords_of,
    kind_of,
    line,
    numbers,
    parts_of_date,
    web_link,
)  # fmt: skip

NAME = "bibtex"
SUFFIXES = (".bib",)
ABOUT = "BibTeX, topics as keywords"
_NAME = pattern(r"[a-z][\w-]*", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LINKS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # which stand in a value as they are


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """An entry a paper; topics by name."""
    keys = CitationKeys()
    for item in papers:
        own, said = said_type(item.paper, "bibtex")
        kind = said or kind_of(item.paper)
        others = dict(kept_for(item.paper, "bibtex"))
        key = keys.of(item.paper, others.get("key", ""))
        out.write(f"@{own if _NAME.fullmatch(own) else BIBTEX_TYPES[kind]}{{{key},\n")
        fields = {name: value for name, value in _fields(item, kind, names) if value}
        for name, value in (fields | _of_others(others, fields)).items():
            out.write(f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n")
        out.write("}\n\n")


def _of_others(others: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that were kept of an entry, but for those that are written anew."""
    return {
        name: value if is_sound(value) else latex_text(value)
        for name, value in others.items()
        if value and _NAME.fullmatch(name) and name not in {*fields, "type", "key", "month", "year"}
    }


def _fields(item: LabelledPaper, kind: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    from labeler.digests.carried import carried

    paper = item.paper
    year, month, day = parts_of_date(paper.date)
    yield "title", latex_title(line(paper.title))
    yield "author", " and ".join(filter(None, (_author(line(author)) for author in paper.authors)))
    yield "booktitle" if kind in (CONFERENCE, CHAPTER) else "journal", latex_text(line(paper.venue))
    yield from (("year", year), ("month", _MONTHS[int(month) - 1] if "01" <= month <= "12" else ""), ("day", day))
    shown = []
    for name, value, identifier in _identifiers(paper.ids):
        yield name, value
        shown.append(identifier)
    yield "url", web_link(paper).translate(_LINKS)
    yield "language", latex_text(line(paper.language))
    yield "abstract", latex_text(line(paper.abstract))
    keywords = keywords_of(item, names)
    yield "keywords", latex_text(_joined(keywords))
    yield "labeler-review", latex_text(doubtful(item, names))
    yield "annote", "\n\n".join(latex_text(line(note)) for note in paper.notes)
    for name, value in carried(paper, shown):
        yield f"labeler-{name.lower()}", latex_text(value)


def _identifiers(ids: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The first identifier of each kind that has a field: the field, its value, and the identifier."""
    every = list(ids)
    for kind, name in (("arxiv", "eprint"), ("doi", "doi"), ("pmid", "pmid"), ("pmcid", "pmcid"), ("isbn", "isbn")):
        for number in numbers(every, kind)[:1]:
            value = f"PMC{number}" if kind == "pmcid" else number.translate(_LINKS)
            yield name, value, f"{kind}:{number}"
            if kind == "arxiv":
                yield "archiveprefix", "arXiv", ""


def _author(name: str) -> str:
    """A name; one that BibTeX would divide has braces."""
    written = latex_text(name)
    divides = " and " in f" {name.casefold()} " or name.count(",") > 2
    return f"{{{written}}}" if divides else written


def _joined(keywords: list[str]) -> str:
    """Keywords with what divides them: a comma, or a semicolon where one has a comma."""
    if not any("," in word for word in keywords):
        return ", ".join(keywords)
    return "; ".join(keywords) + (";" if len(keywords) == 1 else "")
