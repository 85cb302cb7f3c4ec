"""What is asked of a source: ``arxiv:cs.CL@7d`` asks arXiv for the papers of a category of the last seven days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from labeler.errors import UsageError
from labeler.sources.days import day_named, past_day
from labeler.sources.registry import SOURCES
from labeler.wording import nearest

MOST = 1000  # papers that are fetched where no other number is named
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9_]+):(.*)", re.DOTALL)
_BEHIND = re.compile(r"(://[^\s?]*)\?\S*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 2000  # characters of a query: addresses of the web that are longer are refused by many servers


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the source of a name: a ``text``, papers ``since`` a day (None: as the source has it), and how
    many at ``most``.
    """

    source: str
    text: str = ""
    since: date | None = None
    most: int = MOST

    @property
    def name(self) -> str:
        """The query as an input is named. Behind ``?`` an address may hold a key, so that this part is left out."""
        shown = _BEHIND.sub(r"\1", self.text)
        return f"{self.source}:{shown}@{self.since}" if self.since else f"{self.source}:{shown}"

    @property
    def words(self) -> list[str]:
        """The words of the text; what stands in double quotes is one, with them."""
        return re.findall(r'[^\s"]*"[^"]*"|\S+', self.text)


def query_of(source: str, text: str, since: str | None = None, most: int = MOST) -> Query:
    """The query of a source with these words; they may end as in ``cs.CL@2026-11-20``.

    Raises:
        UsageError: there is no such source, or the words or the day cannot be meant.
    """
    source = source.strip().lower()
    service = SOURCES.named(source)
    if _CONTROL.search(text) or len(text) > _LONGEST:
        raise UsageError(f"the query for {source} has a line break or another character of control, or is very long",
                         f"give one line of at most {_LONGEST} characters")  # fmt: skip
    text, day = text.strip(), since
    begin, at, end = text.rpartition("@")
    if at and (day_named(end) or not begin) and since is None:
        text, day = begin.strip(), end
    first = past_day(day, "the day since when papers count") if day is not None else None
    if getattr(service, "TAKES_DAYS", False) and first is None:  # a name that says which day it was
        text = " ".join(str(day_named(word) or word) for word in text.split() or ["today"])
    return Query(source, text, first, most)


def query_named(address: str) -> Query:
    """The query that an input such as ``hf:today`` stands for.

    Raises:
        UsageError: as for :func:`query_of`.
    """
    source, _, text = address.partition(":")
    return query_of(source, text)


def is_source(name: str) -> bool:
    """Whether an input is the address of a source. A file of that very name comes first."""
    match = _ADDRESS.fullmatch(name)
    if not match:
        return False
    source = match[1].lower()
    if source not in SOURCES.names and (match[2].startswith("//") or not SOURCES.has(source)):
        return False
    try:
        return not Path(name).exists()
    except OSError:  # a name that is too long is none of a file
        return True


def source_meant(name: str) -> str:
    """The address of a source that a name resembles, which is none and no file; empty where it resembles none."""
    source, colon, text = name.partition(":")
    if text.startswith("//"):
        return ""
    found = nearest(source.strip(), SOURCES.names, 0.6 if colon else 0.85)
    if not found:
        return ""
    return f"{found}:{text.strip()}" if colon and text.strip() else SOURCES.named(found).EXAMPLE
