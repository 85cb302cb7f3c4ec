"""RIS (https://en.wikipedia.org/wiki/RIS_(file_format)) with topics as keywords, its tags as Zotero uses them.

What RIS has no tag for stands in lines ``M1  - Name: value``, which Zotero takes into its field Extra. Names of authors
are as they were found: which part of one is the last name cannot be told for certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from labeler.patterns import pattern
from labeler.publish.kept import RIS_TYPES, kept_for, said_type
from labeler.publish.labelled import LabelledPaper
from labeler.publish.references import doubtful, keywords_of, kind_of, line, numbers, parts_of_date, web_link

NAME = "ris"
SUFFIXES = (".ris",)
STREAMS = True
ABOUT = "RIS for Zotero, EndNote and others, topics as keywords"
_TO_REVIEW = "To review: "  # before topics that a person should look at; those of an earlier run are left out
_TAG = pattern(r"(?!TY|ER)[A-Z][A-Z0-9]")


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A record a paper; topics by name."""
    for item in papers:
        for tag, text in _record(item, names):
            if text or tag == "ER":
                out.write(f"{tag}  - {text}\r\n")
        out.write("\r\n")


def _record(item: LabelledPaper, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    from labeler.digests.carried import carried

    paper = item.paper
    arxiv, doi, pmid, pmcid = (numbers(paper.ids, kind)[:1] for kind in ("arxiv", "doi", "pmid", "pmcid"))
    books = numbers(paper.ids, "isbn")
    own, kind = said_type(paper, "ris")
    yield "TY", line(own) or RIS_TYPES[kind or kind_of(paper)]
    yield "TI", line(paper.title)
    yield from (("AU", line(author).replace(";", ",")) for author in paper.authors)
    yield "T2", line(paper.venue)
    yield "AB", line(paper.abstract)
    yield from _date(paper.date)
    yield from (("DO", number) for number in doi)
    yield from (("AN", f"arXiv:{number}") for number in arxiv)
    yield from (("SN", number) for number in books)
    yield "LA", line(paper.language)
    yield "UR", web_link(paper)
    keywords = keywords_of(item, names)
    if len(keywords) == 1 and "," in keywords[0]:
        keywords[0] += ";"  # so that a single keyword with a comma is not taken for several
    yield from (("KW", keyword) for keyword in keywords)
    yield from (("N1", line(note)) for note in paper.notes)
    if topics := doubtful(item, names):
        yield "M1", f"{_TO_REVIEW}{topics}"
    yield from (("M1", f"PMID: {number}") for number in pmid)
    yield from (("M1", f"PMCID: PMC{number}") for number in pmcid)
    shown = {f"arxiv:{number}" for number in arxiv} | {f"doi:{number}" for number in doi}
    shown |= {f"pmid:{number}" for number in pmid} | {f"pmcid:{number}" for number in pmcid}
    shown |= {f"isbn:{number}" for number in books}
    yield from (("M1", f"{name}: {value}") for name, value in carried(paper, shown))
    others = ((tag, value) for tag, value in kept_for(paper, "ris") if _TAG.fullmatch(tag))
    yield from ((tag, value) for tag, value in others if not (tag == "M1" and value.startswith(_TO_REVIEW)))
    yield "ER", ""


def _date(date: str | None) -> Iterator[tuple[str, str]]:
    """The date, with slashes even where the year, or month and day, are unknown."""
    year, month, day = parts_of_date(date)
    yield "DA", f"{year}/{month}/{day}/" if year or month else line(date)
    yield "PY", year
