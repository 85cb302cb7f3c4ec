"""Embase's CSV in which each row is a field of a record ("CSV - Fields by Row"), rather than a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.files import CsvError, CsvRows
from labeler.patterns import pattern

NAME = "embase_rows"
RANK = 59
FIXED_NAMES = True
ABOUT = "Embase's CSV with a row for each field"
_SIGN = pattern(
    r"^\"?TITLE\"?,[^\n]*\n\"?(?:AUTHOR NAMES|AUTHOR ADDRESSES|SOURCE|SOURCE TITLE|ABSTRACT|PUBLICATION YEAR)\"?,",
    re.MULTILINE,
)
_FIRST = "TITLE"  # of the fields of a record


def looks_like(source: Source) -> bool:
    """Whether a row of a title stands above one of another field."""
    return _SIGN.search(source.beginning.replace("\r\n", "\n")) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each row of a title and the rows below it."""
    fields: dict[str, Any] = {}
    begun = 0
    with source.text() as stream:
        rows = CsvRows(stream, ",")
        try:
            for row in rows:
                name, *values = [cell.strip() for cell in row] or [""]
                if name == _FIRST:
                    if fields:
                        yield Record(f"line {begun}", fields)
                    fields, begun = {}, rows.line_num
                if name and (begun or name == _FIRST):
                    found = list(filter(None, values))
                    fields[name] = found[0] if len(found) == 1 else found
        except CsvError as error:
            yield Refusal(source.name, f"line {rows.line_num}", f"{error}; what follows is lost")
    if fields:
        yield Record(f"line {begun}", fields)
