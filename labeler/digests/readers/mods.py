"""MODS, in which libraries describe what they hold; Zotero writes it too: https://www.loc.gov/standards/mods/."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.mods_fields import mods_fields
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import beginning, entries
from labeler.patterns import pattern

NAME = "mods"
RANK = 15
FIXED_NAMES = True
ABOUT = "MODS (XML), of libraries and reference managers"
_OPENING = pattern(r"\A<(?:\w+:)?mods(?:Collection)?\b")


def looks_like(source: Source) -> bool:
    """Whether the first element is one of MODS."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each description."""
    yield from entries(source, ("mods",), mods_fields)
