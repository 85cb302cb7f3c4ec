"""Identifiers beside arXiv's, DOI and PMID: of PubMed Central, OpenAlex and Semantic Scholar; and ISBN, of books.

Formats: https://pmc.ncbi.nlm.nih.gov/about/public-access-info, https://docs.openalex.org (works begin with W),
https://api.semanticscholar.org (paperId and corpusId), ISO 2108 (ISBN).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.papers.ids import known_id
from labeler.patterns import pattern

_PMC = ("pmcid", "pmc", "pubmedcentral", "pubmedcentralid")
_EXTRA = ("extra", "note", "number")  # of Zotero, also in CSL: lines such as ``PMID: 123``
_OPENALEX = ("openalex", "openalexid", "id")
_S2 = ("paperid", "s2id", "s2paperid", "semanticscholarid")
_CORPUS = ("corpusid", "s2corpusid")
_ISBN = ("isbn", "isbns", "isbn13", "isbn10", "eisbn", "printisbn", "electronicisbn")
OTHER_NAMES = frozenset((*_PMC, *_EXTRA, *_OPENALEX, *_S2, *_CORPUS, *_ISBN))
_PMC_NUMBER = pattern(r"(?:PMC)?(\d{2,9})(?:\.\d+)?", re.IGNORECASE)
_PMC_LINK = pattern(r"(?:/pmc/articles|pmc\.ncbi\.nlm\.nih\.gov/articles)/PMC(\d{2,9})\b", re.IGNORECASE)
_WORK = pattern(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(W\d{4,12})", re.IGNORECASE)
_HASH = pattern(r"(?:https?://(?:www\.|api\.)?semanticscholar\.org/\S*?)?([0-9a-f]{40})", re.IGNORECASE)
_ISBN_LIKE = pattern(r"(?<![\dX-])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX](?![\dX-])", re.IGNORECASE)


def other_ids(record: Mapping[str, Any]) -> Iterator[str]:
    """The canonical identifiers of these kinds in a ``record``; its names are without case, spaces and punctuation."""
    if record.keys().isdisjoint(OTHER_NAMES):
        return
    for text in _texts(record, _PMC):
        if found := _PMC_NUMBER.fullmatch(text) or _PMC_LINK.search(text):
            yield known_id(f"pmcid:{found[1]}") or ""
    yield from _ids_in_extra(record)
    for text in _texts(record, _OPENALEX):
        if found := _WORK.fullmatch(text):
            yield f"openalex:{found[1].upper()}"
    for text in _texts(record, _S2):
        if found := _HASH.fullmatch(text):
            yield f"s2:{found[1].lower()}"
    for text in _texts(record, _CORPUS):
        if text.isascii() and text.isdecimal():
            yield known_id(f"s2:{text.lstrip('0')}") or ""
    for text in _texts(record, _ISBN):
        for number in _ISBN_LIKE.findall(text):
            yield known_id(f"isbn:{number}") or ""


def _ids_in_extra(record: Mapping[str, Any]) -> Iterator[str]:
    texts = [text for text in _texts(record, _EXTRA) if ":" in text]
    if texts:
        from labeler.digests.tagged import numbers_of

        for name, number in numbers_of(texts).items():
            yield number if name == "arxiv_id" else known_id(f"{name}:{number}") or ""


def _texts(record: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if name not in record:
            continue
        value = record[name]
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, str | int) and not isinstance(part, bool):
                yield str(part).strip()
