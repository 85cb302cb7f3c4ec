"""The date of a paper, of all the dates that its record states: as exact as the one that counts allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from labeler.digests import names_elsewhere
from labeler.papers.dates import iso_date
from labeler.patterns import pattern

# Spellings, without case, spaces and punctuation; the first that is a date counts.
DATES = (
    "date", "published", "publishedat", "publicationdate", "publisheddate", "publicationyear", "year", "py",
    "submitteddate", "issued", "datepublished", "pubdate", "firstpublicationdate", "publishedyear", "pubyear",
    "prismcoverdate", "earliestdate", "produceddate", "updated", "updatedate", *names_elsewhere.DAYS,
    *names_elsewhere.YEARS,
)  # fmt: skip
_YEARS = ("publicationyear", "year", "py", "publishedyear", "pubyear", *names_elsewhere.YEARS)
_OTHER = frozenset(
    {*_YEARS, "updated", "updatedate", "submitteddate", "earliestdate"}
)  # which say no more of the date of publication
_MONTHS = ("month", "publishedmonth", "pd", "publicationdate")
_DAYS = ("day", "publishedday")
_COMPACT = pattern(r"((?:1[89]|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)", re.ASCII)  # EBSCO


def date_of(record: Mapping[str, Any], text_of: Callable[[Any], str]) -> str | None:
    """The date of a ``record`` (ISO 8601), whose names are without case, spaces and punctuation.

    A date without a year (``MAR 5``) has that of the field of the year, and a year has month and day of another field,
    where these are of that year.
    """
    versions = record.get("versions")  # of arXiv's metadata; the first is the submission
    if isinstance(versions, list) and versions and isinstance(versions[0], Mapping) and versions[0].get("created"):
        return iso_date(str(versions[0]["created"]))
    dates = {name: date for name in DATES if name in record and (date := _parsed(text_of(record[name])))}
    date = next(iter(dates.values()), None)
    if date is None:
        return None
    if date.startswith("--"):
        years = (dates[name] for name in _YEARS if name in dates)
        return next((f"{year[:4]}{date[1:]}" for year in years if not year.startswith("--")), date)
    if len(date) == len("2020"):
        same_year = (other for name, other in dates.items() if name not in _OTHER and other.startswith(f"{date}-"))
        return next(same_year, None) or _with_month(date, record)
    return date


def _parsed(text: str) -> str | None:
    if match := _COMPACT.fullmatch(text.strip()):
        text = "-".join(match.groups())
    return iso_date(text)


def _with_month(year: str, record: Mapping[str, Any]) -> str:
    """A year with the month, and the day, that stand in fields of their own."""
    month, day = (
        next((str(record[name]).strip().removesuffix(".0") for name in names if name in record), "")
        for names in (_MONTHS, _DAYS)
    )
    if not month.isdecimal():
        return iso_date(f"{year} {month}") or year if month else year
    exact = iso_date(f"{year}-{month}-{day}") if day.isdecimal() else None
    return exact or iso_date(f"{year}-{month}") or year
