"""Times as spreadsheets write them when they save a file again, in ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from labeler.patterns import pattern

_DAY = (
    r"(?:(?P<first>\d{1,2})(?P<sign>[./-]) ?(?P<second>\d{1,2})(?P=sign) ?|(?P<begin>\d{4})[/-](?P<month>\d{1,2})[/-])"
    r"(?P<last>\d{1,4})"
)
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<moment>\d\d))?(?: ?(?P<half>[ap])\.? ?m\.?)?"
_TIME = pattern(rf"{_DAY},? {_CLOCK}", re.IGNORECASE | re.ASCII)


def iso_time(text: str, day_first: bool | None = None) -> str:
    """A time such as ``26.11.2026 14:03`` or ``11/26/2026 2:03 PM`` as ``2026-11-26T14:03:00Z``; others as they are.

    Countries differ in which part of ``5/11/2026`` is the day. Where the numbers do not tell, ``day_first`` says it;
    without it the length of the numbers does: dates that begin with the day have two digits for each.
    """
    match = _TIME.fullmatch(text.strip()) if text[:1].isdecimal() and text[10:11] != "T" else None
    if match is None:
        return text
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    if match["begin"]:
        year, month, day = match["begin"], match["month"], match["last"]
    else:
        told = _day_first(match)
        order = (
            told if told is not None else len(match["first"] + match["second"]) == 4 if day_first is None else day_first
        )
        day, month = (match["first"], match["second"]) if order else (match["second"], match["first"])
        year = match["last"]
    try:
        moment = datetime(int(year), int(month), int(day), hour, int(match["minute"]), int(match["moment"] or 0))
    except ValueError:  # the calendar has no such day
        return text
    return f"{moment.isoformat()}Z" if moment.year > 999 else text


def day_comes_first(texts: Iterable[str]) -> bool | None:
    """Whether the day comes first in the times of one file; None where nothing or too much tells it."""
    matches = [match for match in map(_TIME.fullmatch, texts) if match is not None and match["sign"] == "/"]
    told = {_day_first(match) for match in matches} - {None}
    if not told and any(len(match["first"] + match["second"]) < 4 for match in matches):
        return False
    return told.pop() if len(told) == 1 else None


def _day_first(match: re.Match[str]) -> bool | None:
    """Whether the first number of a time is the day; None where the time does not tell."""
    first, second = int(match["first"]), int(match["second"])
    if match["sign"] != "/" or first > 12 or first == second:
        return True
    return False if second > 12 or match["half"] else None
