"""Days in the words that people give: ``today``, ``yesterday``, ``7d`` (seven days ago), ``2026-11-26``; all of UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from labeler.errors import UsageError

WORDS = "today, yesterday, 7d (seven days ago) or a date such as 2026-11-26"
_AGO = re.compile(r"([0-9]{1,4})d")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today() -> date:
    """The day that it is now."""
    return datetime.now(UTC).date()


def day_named(word: str) -> date | None:
    """The day that a word names; None where it names none."""
    word = word.strip().lower()
    if word in ("today", "yesterday"):
        return today() - timedelta(days=word == "yesterday")
    if ago := _AGO.fullmatch(word):
        return today() - timedelta(days=int(ago[1]))
    if not _ISO.fullmatch(word):
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def past_day(word: str, what: str) -> date:
    """The day that a word names, which has begun. ``what`` is what the word is of, for the error.

    Raises:
        UsageError: it names none, or one that is still to come.
    """
    day = day_named(word)
    if day is None:
        raise UsageError(f"{what} is {word!r}, which names no day", f"give {WORDS}")
    if day > today() + timedelta(days=1):  # somewhere it is tomorrow already
        raise UsageError(f"{what} is {day}, which is still to come", f"give {WORDS}")
    return day
