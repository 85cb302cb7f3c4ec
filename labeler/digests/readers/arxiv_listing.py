"""arXiv's listings (``/list/cs.LG/new``, ``recent``, a month): saved as HTML, or copied from the browser as text.

Each entry has a line with its number and identifier, then title, authors, comments and subjects; listings of new papers
have abstracts too. Format: https://arxiv.org/list/cs.LG/new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "arxiv_listing"
RANK = 14
FIXED_NAMES = True
ABOUT = "arXiv listing (new, recent; saved as HTML or copied as text), or saved results of its search"
_HTML = pattern(
    r"class=[\"']list-title\b|class=[\"']list-identifier\b|class=[\"']arxiv-result\b|<dl\b[^>]*\bid=[\"']articles[\"']"
)
_LINK = pattern(r"/abs/(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})|>\s*arXiv:")
_RESULTS = "arxiv-result"  # a class of the pages of arXiv's search
_ENTRY = pattern(
    r"^\s*\[\d{1,6}\]\s*(?:arXiv:)?(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?\b(?P<rest>.*)$"
)
_TEXT = pattern(r"^[ \t]*\[\d{1,6}\][ \t]*arXiv:\S+.*\n\s*Title:", re.MULTILINE)
_FIELD = pattern(
    r"^(?P<name>Title|Authors?|Comments?|Journal-ref|Subjects?|MSC-class|ACM-class|MSC classes|ACM classes|Report-no"
    r"|Report number|Related DOI|DOI|Cite as|Abstract)\s*:\s*(?P<value>.*)$"
)
_SECTION = pattern(
    r"^(?P<kind>New submissions?|Cross[- ]?(?:lists?|submissions?)|Replace?ments?(?: submissions?)?)\b.*$"
    r"|^\[ ?(?:total of|showing).*$|^(?:Showing (?:new|recent|up to)|Total of \d|See (?:the )?arXiv).*$",
    re.IGNORECASE,
)
_DAY = pattern(
    r"^(?:Showing new listings for |New submissions for )?(?:[A-Z][a-z]{2,8}, )?"
    r"(?P<date>\d{1,2} [A-Z][a-z]{2,8} \d{2,4})(?:\s*\(.*)?$"
)
_CATEGORY = pattern(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")
_FOOT = pattern(r"^(?:About|Help|Contact|Subscribe|Links to: .*|.*Disable MathJax.*)$")
_NAMES = {"author": "authors", "comment": "comments", "subject": "subjects", "related doi": "doi"}


def looks_like(source: Source) -> bool:
    """Whether there are entries of a listing, in HTML or in text."""
    if source.beginning.startswith("<"):
        return _HTML.search(source.head) is not None and _LINK.search(source.head) is not None
    return _TEXT.search(source.head.replace("\r", "")) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each entry."""
    with source.text() as stream:
        text = stream.read()
    for number, fields in enumerate(_papers(text, source.name), start=1):
        if fields.get("title"):
            yield Record(f"entry {number}", fields)
        else:
            yield Refusal(source.name, f"entry {number}", "an entry without a title")


def _papers(text: str, name: str) -> Iterator[dict[str, Any]]:
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        yield from _entries(text.splitlines())
    elif _RESULTS in text:
        from labeler.digests.arxiv_results import results_in
        from labeler.digests.html import page_of

        yield from results_in(page_of(text, name))
    else:
        from labeler.digests.markup import text_of_html

        yield from _entries(text_of_html(text).splitlines())


def _entries(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    date, flags = "", list[str]()
    entry: _Entry | None = None
    for line in (" ".join(line.split()) for line in lines):
        match = _ENTRY.match(line)
        day, section = _DAY.match(line), _SECTION.match(line)
        if not (match or day or section):
            if entry is not None:
                entry.take(line)
            continue
        if entry is not None:
            yield entry.fields()
        entry = None
        if match:
            entry = _Entry(match["id"], date, [*flags, *_flags(match["rest"])])
        date = day["date"] if day else date
        flags = _flags(section["kind"]) if section and section["kind"] else flags
    if entry is not None:
        yield entry.fields()


class _Entry:
    """An entry, whose lines are taken in one by one."""

    def __init__(self, identifier: str, date: str, flags: list[str]) -> None:
        self._fields: dict[str, Any] = {"arxiv_id": identifier, "date": date, "flags": list(dict.fromkeys(flags))}
        self._now = ""

    def take(self, line: str) -> None:
        """Take in a line: a field, or one that has no name, which is of authors or of the abstract."""
        if match := _FIELD.match(line):
            name = match["name"].lower()
            self._now = _NAMES.get(name, name)
            value = match["value"]
            self._fields.setdefault(self._now, _without_places(value) if self._now == "authors" else value)
        elif not line or _FOOT.match(line):
            return
        elif self._now == "title" and not self._fields["title"]:
            self._fields["title"] = line
        elif self._now in ("title", "authors") and not self._fields.get("authors"):
            self._fields["authors"] = _without_places(line)
        elif "title" in self._fields:
            self._fields["abstract"] = f"{self._fields.get('abstract', '')}\n{line}".strip()

    def fields(self) -> dict[str, Any]:
        """The fields of the paper."""
        subjects = self._fields.pop("subjects", "")
        self._fields["venue"] = self._fields.pop("journal-ref", "")
        return {**self._fields, "categories": _CATEGORY.findall(subjects)}


def _without_places(names: str) -> str:
    """Names without the places in brackets after them."""
    return re.sub(r"\s*\([^()]*\)", "", names) or names


def _flags(text: str) -> list[str]:
    """What an entry or the heading above it says of it."""
    words = (("replace", "replaced"), ("cross", "cross_listed"))
    return [flag for word, flag in words if word in text.lower()]
