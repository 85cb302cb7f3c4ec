"""Lists of identifiers: arXiv ids, DOIs, numbers of PubMed, or links to papers, one a line or divided by commas.

Nothing else is known of these papers; their titles are their identifiers, and they are flagged ``no_abstract``. Where
another input has such a paper, both are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from labeler.digests.links import identifiers_of_link
from labeler.digests.source import Record, Refusal, Source
from labeler.papers.ids import arxiv_id, doi
from labeler.patterns import pattern

NAME = "identifiers"
RANK = 54
FIXED_NAMES = True
ABOUT = "list of identifiers (arXiv ids, DOIs, PMIDs or links, one a line)"
_BULLET = pattern(r"^\s*(?:[-*+•]\s+|\[?\d{1,4}[.)\]]\s+)?")
_COMMENT = pattern(r"(?:^|\s)(?:#|//)\s.*$")
_BETWEEN = pattern(r"[\s,;|]+")
_HEADER = pattern(
    r"[\"']?(?:dois?|ids?|pmids?|arxiv[ _-]?ids?|urls?|links?|identifiers?|papers?)[\"']?\s*:?", re.IGNORECASE
)
_PMID = pattern(r"(?:pmid:?\s*)?(\d{7,8})", re.IGNORECASE)
_NAMED_PMID = pattern(r"pmid:?\s*(\d{1,9})", re.IGNORECASE)
_PMC = pattern(r"PMC\d{2,9}", re.IGNORECASE)
_JOINED = pattern(r"\b(arxiv|doi|pmid)\s*:\s+", re.IGNORECASE)
_DIGIT = pattern(r"[0-9]")  # every identifier has one
_SIGN = pattern(r"[0-9#]|//")  # of a line that may hold one, or a comment
_LOOKED_AT = 200  # lines
_SURE = 0.9  # share of lines that are identifiers
_DOI = pattern(r"(?:doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)


def looks_like(source: Source) -> bool:
    """Whether nearly all lines are identifiers."""
    head = source.head.lstrip("\ufeff")
    lines = head.splitlines()[: -1 if len(head) >= 1 << 16 else None]
    known, unknown = 0, 0
    for line in islice(filter(str.strip, lines), _LOOKED_AT):
        words = _words(line) if not unknown or _SIGN.search(line) else ["unknown"]
        if not words or (not known and not unknown and _HEADER.fullmatch(" ".join(words))):
            continue
        if all(_DIGIT.search(word) and _fields(word) for word in words):
            known += 1
        else:
            unknown += 1
            if unknown > (1 - _SURE) * _LOOKED_AT:  # however the rest is
                return False
    return known > 0 and known >= _SURE * (known + unknown)


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each identifier."""
    with source.text() as stream:
        is_first = True
        for number, line in enumerate(stream, start=1):
            words = _words(line)
            if words and not (is_first and _HEADER.fullmatch(" ".join(words))):
                yield from _records(words, number, source.name)
            is_first = is_first and not words
    source.notes.append(
        f"{source.name} has identifiers alone; for topics, export titles and abstracts of these papers, too"
    )


def _records(words: list[str], number: int, name: str) -> Iterator[Record | Refusal]:
    for word in words:
        if fields := _fields(word):
            yield Record(f"line {number}", fields)
        else:
            yield Refusal(name, f"line {number}", f"no identifier of a paper: {word[:80]!r}")


def _words(line: str) -> list[str]:
    """The words of a line, without what stands before and after it."""
    line = _COMMENT.sub("", _BULLET.sub("", line.strip("\ufeff \t\r\n"), count=1))
    line = _JOINED.sub(r"\1:", line)
    return [word for part in _BETWEEN.split(line) if (word := part.strip("\"'<>`"))]


def _fields(word: str) -> dict[str, str] | None:
    """The fields of a paper that a word names; None where it names none."""
    if word.startswith(("http://", "https://")):
        found = identifiers_of_link(word)
        return {"title": word, "url": word, **found} if found else None
    if found_arxiv := arxiv_id(word):
        return {"title": f"arXiv:{found_arxiv.removeprefix('arxiv:')}", "arxiv_id": found_arxiv}
    if _DOI.fullmatch(word) and (found_doi := doi(word)):
        return {"title": found_doi, "doi": found_doi}
    if match := _PMID.fullmatch(word) or _NAMED_PMID.fullmatch(word):
        return {"title": f"PMID {match[1]}", "pmid": match[1]}
    if _PMC.fullmatch(word):
        return {"title": word.upper(), "pmcid": word}
    return None
