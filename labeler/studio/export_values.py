"""Single values of Label Studio's exports, also as a spreadsheet writes them when it saves an export again."""

from __future__ import annotations

import math
import re
from typing import Any

from labeler.judgements.judgement import seconds

# As spreadsheets in English, German, French, Spanish, Portuguese, Italian and Dutch write it.
_TRUE = frozenset({"true", "1", "1.0", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar"})
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?")


def is_true(value: Any) -> bool:
    """Whether a value says yes."""
    return value is True or str(value).strip().lower() in _TRUE


def time_of(value: Any) -> str:
    """A time as the export has it: a text, or seconds since 1970 in very old ones; empty for anything else.

    One that a spreadsheet has written (``26.11.2026 14:03``) is brought into the order of the others.
    """
    text = "" if scalar(value) is None else str(value)
    if match := _DATE.fullmatch(text.strip()):
        day, month, year, hour, minute, second = match.groups("00")
        return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second}Z"
    return text


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
