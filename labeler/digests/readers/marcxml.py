"""MARC 21 in XML, which catalogues of libraries export: https://www.loc.gov/standards/marcxml/."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.marc_fields import marc_fields
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import beginning, entries
from labeler.patterns import pattern

NAME = "marcxml"
RANK = 16
FIXED_NAMES = True
ABOUT = "MARC 21 in XML, of catalogues of libraries"
_OPENING = pattern(
    r"\A<(?:\w+:)?(?:collection|record)\b[^>]*>\s*(?:<(?:\w+:)?record\b[^>]*>\s*)?<(?:\w+:)?(?:leader|controlfield)\b"
)


def looks_like(source: Source) -> bool:
    """Whether the first elements are a record with a leader or a field."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each record."""
    yield from entries(source, ("record",), marc_fields)
