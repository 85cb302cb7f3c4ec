"""PubMed's plain text: ``1. J Ex. 2020 Jan;1(1):1-2.``, then title, authors and abstract in paragraphs (the format
"Abstract"), or all of it in one paragraph (the format "Summary").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import first_date, without_empty
from labeler.patterns import pattern

NAME = "pubmed_text"
RANK = 18
ABOUT = "PubMed's plain text (formats Abstract and Summary)"
FIXED_NAMES = True
_SIGN = pattern(  # PubMed's mails say something before
    r"\A(?:1[.:] [^\n]*|(?:[^\n]*\n){0,15}?1\. [^\n.]{2,80}\. (?:19|20)\d\d\b[^\n]*)(?:\n[^\n]*){0,120}?PMID: ?\d"
)
_BEGIN = 10_000  # characters in which the first record ends
_START = pattern(r"\d{1,7}[.:] +\S")
_NUMBER = pattern(r"\b(PMID|PMCID|DOI):? ?(?:PMC)?(10\.\S+|\d{1,9})", re.IGNORECASE)
_SUMMARY = pattern(  # authors. title. journal. date
    r"(?:(?P<authors>[^.]+)\. )?(?P<title>.+?[.?!]\]?) (?P<venue>[A-Z][^.?!]*)\. (?P<date>(?:1[89]|20)\d\d\b[^;.]*)"
)
_CITATION = pattern(r"(?P<venue>[^.]+)\. (?P<date>(?:1[89]|20)\d\d(?: [A-Z][a-z]{2}(?: \d{1,2})?)?)")
_AUTHOR = pattern(r"[^\W\d_][\w'’ .-]{0,60} [A-Z]{1,4}(?: (?:Jr|Sr|\d\w\w))?")
_MARKS = pattern(r"\(\d+\)")
_NO_ABSTRACT = pattern(
    r"Author information:|Comment (?:in|on)\b|Errat(?:um|a) (?:in|for)\b|Update (?:in|of)\b|Republished|"
    r"Retraction (?:in|of)|Collaborators?:|Conflict of interest|Copyright\b|©|\(c\)|\[Article in|DOI:|PMC?ID:|"
    r"Publisher:|Summary for patients|\[(?:No authors|Indexed)",
    re.IGNORECASE,
)


def looks_like(source: Source) -> bool:
    """Whether the text begins with a first record in which a number of PubMed stands."""
    head = source.beginning
    return _SIGN.match(head[:_BEGIN]) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each number at the beginning of a line, once the record before it has its number of PubMed."""
    with source.text() as stream:
        for line, paragraphs in _records(stream):
            yield Record(f"line {line}", _fields(paragraphs))


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The line and the paragraphs of each record."""
    begun, paragraphs, is_new, is_whole = 0, list[list[str]](), True, True
    for number, raw in enumerate(lines, start=1):
        line = raw.strip("\ufeff \t\r\n")
        if is_whole and _START.match(line) and (is_new or len(paragraphs) == 1):
            if begun:
                yield begun, [" ".join(some) for some in paragraphs]
            begun, paragraphs, is_new, is_whole = number, [], True, False
        if line and is_new:
            paragraphs.append([])
        if line and begun:
            paragraphs[-1].append(line)
        is_whole = is_whole or bool(re.search(r"\bPMID: ?\d", line))
        is_new = not line
    if begun:
        yield begun, [" ".join(some) for some in paragraphs]


def _fields(paragraphs: list[str]) -> dict[str, Any]:
    """The fields of a record."""
    said = re.split(r"[.:] +", paragraphs[0], maxsplit=1)[-1]
    last = paragraphs[-1] if len(paragraphs) == 1 else " ".join(text for text in paragraphs if _NUMBER.match(text))
    numbers: dict[str, str] = {}
    for name, value in [*_NUMBER.findall(last), *_NUMBER.findall(said)]:
        is_doi = value.startswith("10.")
        if is_doi == (name.lower() == "doi"):
            numbers.setdefault(name.lower(), value.rstrip(".;,"))
    if len(paragraphs) < 3:
        found = _SUMMARY.match(said)
        summary = found.groupdict("") if found else {"title": said, "authors": "", "date": ""}
        tidy = {"authors": _names(summary["authors"]), "date": first_date(summary["date"])}
        return without_empty({**summary, **tidy, **numbers})
    citation = _CITATION.match(said)
    rest = paragraphs[2:]
    authors = _names(rest[0])
    if 2 * sum(map(bool, map(_AUTHOR.fullmatch, authors))) > len(authors):
        del rest[0]
    else:
        authors = []
    texts = [text for text in rest if not _NO_ABSTRACT.match(text) and not _NUMBER.match(text)]
    fields = {
        "title": paragraphs[1],
        "abstract": "\n".join(texts),
        "authors": authors,
        "venue": citation["venue"] if citation else "",
        "date": first_date(citation["date"]) if citation else "",
    }
    return without_empty({**fields, **numbers})


def _names(authors: str) -> list[str]:
    """The names of authors, without the numbers of their addresses."""
    return [name.strip(" .") for name in re.split(r"[,;]", _MARKS.sub("", authors)) if name.strip(" .")]
