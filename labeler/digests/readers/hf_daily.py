"""Hugging Face daily papers, as the site's API sends them: a list whose items hold a ``paper``.

The abstract is ``summary``; ``ai_summary`` is written by a model and not used.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.readers.json import records as items_of
from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "hf_daily"
RANK = 20
ABOUT = "Hugging Face daily papers (the answer of its API, JSON)"
_OPENING = pattern(r'^\s*\[\s*\{\s*"paper"\s*:\s*\{')


def looks_like(source: Source) -> bool:
    """Return whether the input begins as a list whose first object has ``paper`` first, with an object as its value."""
    return _OPENING.match(source.head.lstrip("\ufeff")) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """The inner ``paper`` of each item."""
    for item in items_of(source):
        if isinstance(item, Record):
            inner = item.fields.get("paper")
            if not isinstance(inner, dict):
                item = Refusal(source.name, item.where, "has no paper in it")
            else:
                item = Record(item.where, inner)
        yield item
