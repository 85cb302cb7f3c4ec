"""From a record as a format spells it to a :class:`Paper`: names of fields, authors, categories, identifiers."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from labeler.papers.cleaning import clean, plain
from labeler.papers.dates import iso_date
from labeler.papers.ids import arxiv_id, doi, known_id
from labeler.papers.needs_cleaning import with_clean_words
from labeler.papers.paper import Paper

# Spellings of each field, compared without case, spaces and punctuation; the first that holds something counts.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "papertitle", "articletitle", "primarytitle", "documenttitle", "ti", "t1"),
    "abstract": ("abstract", "summary", "abstractnote", "abstracttext", "ab", "n2"),
    "authors": ("authors", "author", "authornames", "authorsnames", "creators", "creator", "firstauthors", "au"),
    "date": (
        "date", "published", "publishedat", "publicationdate", "publisheddate", "publicationyear", "year", "py",
        "submitteddate", "updated",
    ),
    "url": ("url", "abs", "entryurl", "entryid", "link", "absurl", "htmlurl", "pdfurl", "pdf", "openurllink"),
    "categories": ("categories", "category", "subjects", "arxivcategories", "primarycategory"),
    "arxiv": ("arxivid", "baseid", "arxiv", "eprint", "id", "paperid"),
    "doi": ("doi", "digitalobjectidentifier"),
    "pmid": ("pmid", "pubmedid", "pubmed"),
}  # fmt: skip
_LINKS = NAMES["url"]
# What feeds put around titles and abstracts of arXiv.
_TITLE_TAIL = re.compile(r"\s*\(arXiv:(?P<id>\S+?)\s+\[(?P<category>[\w.-]+)\][^()]*\)\s*$")
_ABSTRACT_HEAD = re.compile(r"^\s*arXiv:(?P<id>\S+)\s+Announce\s+Type:\s*(?P<kind>\S+)\s+Abstract:\s*", re.IGNORECASE)


def paper_of(fields: Mapping[str, Any], source: str) -> Paper:
    """The paper that a record describes.

    Raises:
        ValueError: it has neither a title nor an abstract; the text says so.
    """
    record = _flat(fields)
    own = isinstance(record.get("ids"), list)  # our own form is clean already
    title, abstract = _text(record, "title"), _text(record, "abstract")
    tidy = plain if own else clean
    title, abstract = tidy(title), tidy(abstract)
    said = record.get("flags")
    flags = {plain(str(flag)) for flag in said} if isinstance(said, list | tuple) else set()
    ids, categories = set(_ids(record)), list(_list(_first(record, "categories"), r"[;,\s]+"))
    if not own:
        title, abstract, marks = _without_marks(title, abstract)
        ids |= {arxiv_id(mark["id"]) or "" for mark in marks}
        categories = categories or [mark["category"] for mark in marks if "category" in mark]
        flags |= {"replaced" for mark in marks if mark.get("kind", "").lower().startswith("replace")}
    if "\ufffd" in title + abstract:
        flags.add("odd_characters")
    if not abstract:
        flags.add("no_abstract")
    if not title:
        flags.add("no_title")
    paper = Paper.make(title, abstract, ids=ids - {""})
    return Paper(
        title,
        abstract,
        paper.ids,
        authors=tuple(_authors(_first(record, "authors"), tidy)),
        date=iso_date(_text(record, "date")),
        url=_url(record, paper.id),
        categories=tuple(dict.fromkeys(map(plain, categories))),
        source=plain(_said_source(record) or source),
        flags=tuple(sorted(flags)),
    )


def identifier_fields(names: Iterable[str]) -> list[str]:
    """Those of ``names`` that :func:`identifiers_in` looks at."""
    known = {"ids", "paper", "data", "externalids", *NAMES["arxiv"], *NAMES["doi"], *NAMES["pmid"], *_LINKS}
    return [name for name in names if normal_name(name) in known]


def identifiers_in(fields: Mapping[str, Any]) -> set[str]:
    """The identifiers that the fields of a record state, without that of its title."""
    return set(_ids(_flat(fields))) - {""}


def readable(title: str, abstract: str, printed: tuple[bool, bool] = (False, False)) -> tuple[str, str]:
    """Title and abstract as :func:`paper_of` has them, as far as their words go; clean ones stay as they are.

    ``printed`` says whether each is one of :func:`~labeler.papers.needs_cleaning.printed_texts`.
    """
    title = with_clean_words(title, printed[0]) if "\n" not in title else clean(title)  # which is always one line
    return _without_marks(title.strip(), with_clean_words(abstract, printed[1]).strip())[:2]


def columns_of(names: Sequence[str], field: str) -> list[str]:
    """Return those of ``names`` that are spellings of ``field``, the preferred one first."""
    normal = [normal_name(name) for name in names]
    return [name for wanted in NAMES[field] for name, one in zip(names, normal, strict=True) if one == wanted]


def _without_marks(title: str, abstract: str) -> tuple[str, str, list[dict[str, str]]]:
    """Title and abstract without what feeds of arXiv put around them, and what that says."""
    marks = []
    if title.endswith(")") and (tail := _TITLE_TAIL.search(title)):
        title = title[: tail.start()]
        marks.append(tail.groupdict())
    if abstract.lstrip()[:5].lower() == "arxiv" and (head := _ABSTRACT_HEAD.match(abstract)):
        abstract = abstract[head.end() :]
        marks.append(head.groupdict())
    return title, abstract, marks


@lru_cache(maxsize=1024)
def normal_name(name: str) -> str:
    """A field's name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name).lower()


def has_paper_fields(names: Iterable[str]) -> bool:
    """Whether some of these are names of a title or an abstract."""
    known = {*NAMES["title"], *NAMES["abstract"]}
    return any(normal_name(name) in known for name in names)


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by normal name; those of a nested ``paper`` or ``data`` (Hugging Face, Label Studio tasks) come first."""
    record: dict[str, Any] = {}
    for name in ("paper", "data", "externalIds"):
        if isinstance(inner := fields.get(name), Mapping):
            record |= {key: value for key, value in _flat(inner).items() if not _missing(value)}
    for name, value in fields.items():
        if not _missing(value):
            record.setdefault(normal_name(str(name)), value)
    return record


def _missing(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip()) or value in ([], (), {})


def _first(record: Mapping[str, Any], field: str) -> Any:
    return next((record[name] for name in NAMES[field] if name in record), None)


def _text(record: Mapping[str, Any], field: str) -> str:
    value = _first(record, field)
    if isinstance(value, list | tuple):
        value = " ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _ids(record: Mapping[str, Any]) -> Iterator[str]:
    for text in _list(record.get("ids"), r"\s+"):
        yield known_id(text) or ""
    for text in (str(record[name]) for name in NAMES["arxiv"] if name in record):
        yield arxiv_id(text) or known_id(text) or ""
    found = doi(str(_first(record, "doi") or "")) or ""
    yield found
    for text in (found, *(str(record[name]) for name in _LINKS if name in record)):
        yield arxiv_id(text) or ""  # a DOI or a link of arXiv names its paper
    pmid = str(_first(record, "pmid") or "").strip()
    yield known_id(f"pmid:{pmid}") or ""


def _url(record: Mapping[str, Any], identifier: str) -> str | None:
    link = next((str(record[name]) for name in NAMES["url"] if name in record), None)
    if link is not None and re.match(r"https?://", link.strip()):
        return plain(link)
    scheme, _, rest = identifier.partition(":")
    known = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/"}
    return known[scheme] + rest if scheme in known else None


def _said_source(record: Mapping[str, Any]) -> str | None:
    """The ``source`` of a record in our own form (one with ``ids``); elsewhere the word means anything."""
    return str(record["source"]) if "ids" in record and "source" in record else None


def _authors(value: Any, tidy: Callable[[str], str]) -> Iterator[str]:
    if isinstance(value, str):
        value = value.strip()
        value = list(_list(value, _author_separator(value)))
    for author in [value] if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        if author is None:
            continue
        if isinstance(author, Mapping):
            if author.get("hidden"):
                continue
            parts = (author.get("given"), author.get("family"))
            author = author.get("name") or author.get("fullname") or " ".join(str(part) for part in parts if part)
        if name := tidy(str(author)):
            yield name


def _author_separator(names: str) -> str:
    """What stands between authors: a semicolon, or comma and ``and``; a comma inside ``Marx, Karl`` does not count."""
    if ";" in names:
        return r"\s*;\s*"
    parts = [part.strip() for part in re.split(r",|\band\b", names)]
    if names.count(",") == 1 and not all(" " in part for part in parts if part):
        return r"\s+and\s+"
    return r"\s*,\s*and\s+|\s+and\s+|\s*,\s*"


def _list(value: Any, separator: str) -> Iterator[str]:
    """A list as it is; a string that spells a Python or JSON list, or one whose parts a separator divides."""
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            try:
                value = ast.literal_eval(value.strip())
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                value = [value]
        else:
            value = re.split(separator, value)
    for part in value if isinstance(value, list | tuple) else ():
        if str(part).strip():
            yield str(part).strip()
