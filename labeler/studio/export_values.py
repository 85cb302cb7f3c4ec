"""Single values of Label Studio's exports, also as a spreadsheet writes them when it saves an export again."""

from __future__ import annotations

import math
from typing import Any

from labeler.judgements.judgement import seconds
from labeler.papers.times import iso_time

# As spreadsheets in English, German, French, Spanish, Portuguese, Italian and Dutch write it.
_TRUE = frozenset({"true", "1", "1.0", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar"})


def is_true(value: Any) -> bool:
    """Whether a value says yes."""
    return value is True or str(value).strip().lower() in _TRUE


def time_of(value: Any, day_first: bool | None = None) -> str:
    """A time as the export has it: a text, or seconds since 1970 in very old ones; empty for anything else.

    One that a spreadsheet has written (``26.11.2026 14:03``) is brought into the form of the others; ``day_first`` says
    how, where the time alone does not tell (:func:`labeler.papers.times.iso_time`).
    """
    return "" if scalar(value) is None else iso_time(str(value), day_first)


def seconds_of(cell: Any) -> float | None:
    """A duration in a cell, where spreadsheets may write a comma for the point."""
    return seconds(cell.replace(",", ".") if isinstance(cell, str) and "." not in cell else cell)


def scalar(value: Any) -> int | float | str | None:
    """A number or a text; None for anything else, and for an empty text, NaN and infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def number_of(cell: Any) -> int | float | str | None:
    """The number in a cell of digits; any other value as :func:`scalar` has it."""
    return int(cell) if isinstance(cell, str) and cell.isdecimal() and len(cell) < 20 else scalar(cell)
