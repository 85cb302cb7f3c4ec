"""Dates of digests in ISO 8601: ``2026-01-12``, ``2026-01``, ``2026``, or ``--03-14`` where the year is unknown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from labeler.patterns import pattern

_MONTH_NAMES = "January February March April May June July August September October November December".split()
_MONTHS = [name[:3].lower() for name in _MONTH_NAMES]
_ISO = pattern(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ][\d:].*|/*)", re.ASCII)
_YEARLESS = pattern(r"(?:--|/)(\d{2})[-/](\d{2})/?", re.ASCII)  # with slashes in RIS
_FLOAT_YEAR = pattern(r"(\d{4})\.0", re.ASCII)  # pandas writes years so where some are missing
_MILLISECONDS = pattern(r"\d{12,13}", re.ASCII)  # since 1970, as pandas writes times in JSON
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![^\W\d_])\.?"
)
_CHINESE = pattern(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?", re.ASCII)  # and Japanese
_YEAR_LAST = pattern(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})(?:[T ][\d:].*)?", re.ASCII)
_MONTH_ONLY = pattern(rf"{_NAME}(?:\s*[-–/]\s*[a-z]{{3,9}}\.?)?,?\s*(\d{{4}})", re.I | re.A)  # or Jan-Mar 2020
_QUARTER = r"(?:spring|summer|autumn|fall|winter|q[1-4])"
_SEASON = pattern(rf"{_QUARTER}[\s,/-]*(\d{{4}})|(\d{{4}})[\s,/-]*{_QUARTER}", re.I | re.A)
_YEAR_FIRST = pattern(rf"(\d{{4}})\s+{_NAME}(?:\s+(\d{{1,2}}))?(?!\d)", re.I | re.A)
_DAY_FIRST = pattern(
    rf"(?:[a-z]{{3,9}},?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?[\s-]+{_NAME}"
    r"(?:,?[\s-]*(\d{4})\b|,?[\s-]+(\d{2})\b)?",
    re.I | re.A,
)
_MONTH_FIRST = pattern(
    rf"(?:[a-z]{{3,9}},?\s+)?{_NAME}\s+(\d{{1,2}})(?!\d)(?:st|nd|rd|th)?"
    r"(?:\s*[-–]\s*\d{1,2})?(?:(?:,\s*|\s+)(\d{4}))?",
    re.I | re.A,
)


def iso_date(text: str | int | None) -> str | None:  # noqa: PLR0911  (one return for each form)
    """The ISO 8601 form of a date, with the year, month and day that it states; None when the text is no date.

    Of ``03/05/2024`` only the year is certain, as countries differ in which part is the day.
    """
    text = str(text if text is not None else "").strip().removeprefix("'")  # which guards cells of spreadsheets
    if match := _ISO.fullmatch(text) or _CHINESE.fullmatch(text):
        return _of_parts(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(int(match[1]), int(match[3]), int(match[4]), match[2])
    if match := _YEARLESS.fullmatch(text):
        return _format(None, int(match[1]), int(match[2]))
    if match := _FLOAT_YEAR.fullmatch(text):
        return iso_date(match[1])
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC).date().isoformat()
    if match := _MONTH_ONLY.fullmatch(text):
        return f"{match[2]}-{_month(match[1]):02d}"
    if match := _SEASON.fullmatch(text):
        return match[1] or match[2]
    if match := _YEAR_FIRST.match(text):
        year, month = int(match[1]), _month(match[2])
        return _format(year, month, int(match[3])) if match[3] else f"{year:04d}-{month:02d}"
    if match := _DAY_FIRST.match(text):
        return _format(_year(match[3] or match[4]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.match(text):
        return _format(_year(match[3]), _month(match[1]), int(match[2]))
    return None


def _of_parts(year: int, month: int, day: int) -> str | None:
    """The date of its parts, of which those that are 0 are not known."""
    if not month:
        return str(year) if 1000 <= year <= 2999 and not day else None
    if not day:
        return f"{year:04d}-{month:02d}" if month <= 12 else None
    return _format(year, month, day)


def _year_last(first: int, second: int, year: int, sign: str) -> str | None:
    """The date of ``5.3.2024``, whose first number is the day, or ``5/3/2024``, where that depends on the country."""
    if sign == "." or first > 12 or first == second:
        return _format(year, second, first)
    return _format(year, first, second) if second > 12 else _of_parts(year, 0, 0)


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else, as web pages write it (``Mar 14``, ``March 14, 2025``)."""
    text = text.strip()
    match = _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text) or re.fullmatch(r"\d{4}-\d\d-\d\d", text)
    return match is not None and iso_date(text) is not None


def format_date(date: str | None) -> str:
    """An ISO date as people write it: ``--03-14`` becomes ``14 March``, others stay as they are, None becomes empty."""
    if date and (match := _YEARLESS.fullmatch(date)):
        return f"{int(match[2])} {_MONTH_NAMES[int(match[1]) - 1]}"
    return date or ""


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    year = int(digits)
    return (
        year if len(digits) == 4 else year + (1900 if year >= 50 else 2000)
    )  # two digits, as RFC 5322 interprets them


def _format(year: int | None, month: int, day: int) -> str | None:
    """The date in ISO 8601, None when the calendar has no such day."""
    try:
        date(year if year is not None else 2000, month, day)
    except ValueError:
        return None
    return f"-{f'-{month:02d}-{day:02d}'}" if year is None else f"{year:04d}-{month:02d}-{day:02d}"
