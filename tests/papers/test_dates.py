"""Dates of digests in ISO 8601, as exact as they are written."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.papers.dates import format_date, is_date_line, iso_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-03-14", "2025-03-14"),
        (" 2025/3/4 ", "2025-03-04"),
        ("2025-03-14T10:00:00Z", "2025-03-14"),
        ("2025-03-14 10:00:00+02:00", "2025-03-14"),
        ("2024-02-29", "2024-02-29"),
        ("2025-03", "2025-03"),
        ("2025/3", "2025-03"),
        ("2025", "2025"),
        ("2025//", "2025"),
        (2025, "2025"),
        ("--03-14", "--03-14"),
        ("--02-29", "--02-29"),
        ("/03/14/", "--03-14"),
        ("2024-03-00", "2024-03"),
        ("2024-00-00", "2024"),
        ("5.3.2024", "2024-03-05"),
        ("05.03.2024 10:05", "2024-03-05"),
        ("3/14/2024", "2024-03-14"),
        ("14/03/2024", "2024-03-14"),
        ("5/5/2024", "2024-05-05"),
        ("3/5/2024", "2024"),
        ("2024年3月5日", "2024-03-05"),
        ("2024年3月", "2024-03"),
        ("05-Mar-2024", "2024-03-05"),
        ("Mar 14", "--03-14"),
        ("Mar. 14", "--03-14"),
        ("march 14th", "--03-14"),
        ("14 March", "--03-14"),
        ("May 1", "--05-01"),
        ("March 14, 2025", "2025-03-14"),
        ("Mar 14,2025", "2025-03-14"),
        ("Sept 3, 2024", "2024-09-03"),
        ("14 Mar 2025", "2025-03-14"),
        ("14th March 2025", "2025-03-14"),
        ("Friday, March 14, 2025", "2025-03-14"),
        ("Fri, 14 Mar 2025 10:00:00 GMT", "2025-03-14"),
        ("Mon, 3 Feb 25", "2025-02-03"),
        ("Tue, 14 Mar 95 09:00:00 GMT", "1995-03-14"),
        ("2025 Mar 14", "2025-03-14"),
        ("2025 Mar", "2025-03"),
        ("March 2025", "2025-03"),
        ("Mar 2025", "2025-03"),
        ("Jan-Mar2025", "2025-01"),
        ("May/June 2025", "2025-05"),
        ("May2025", "2025-05"),
        ("2025 May-Jun", "2025-05"),
        ("1-3 June 2025", "2025-06-01"),
        ("June 1-3, 2025", "2025-06-01"),
        ("5 May2025", "2025-05-05"),
        ("Spring 2025", "2025"),
        ("Winter2025", "2025"),
        ("2025 Q3", "2025"),
    ],
)
def test_a_date_is_read_as_exactly_as_it_is_written(text: str | int, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    "text",
    ["", None, "n.d.", "2025-13-01", "2025-02-30", "2025-02-29", "2025-00-10", "2025-13", "0999", "3000", "20250314",
     "--13-01", "--02-30", "June 31", "Mar 45", "May the force", "12 Monkeys", "0000-01-01", 20250314],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str | int | None) -> None:
    assert iso_date(text) is None


@pytest.mark.parametrize(
    "text", ["Mar 14", "March 14, 2025", " 14 March 2025 ", "2025-03-14", "Sun, Mar 14", "Sept. 3"]
)
def test_a_line_that_is_all_date_is_a_date_line(text: str) -> None:
    assert is_date_line(text)


@pytest.mark.parametrize(
    "text",
    ["", "2025", "Mar 14: news", "Mar 45", "May the force", "2025-02-30", "Decoder 2", "Marathon 14", "3 Marbles",
     "Junior 7", "Decision 3"],
)  # fmt: skip
def test_a_line_that_only_begins_like_a_date_is_none(text: str) -> None:
    assert not is_date_line(text)


@pytest.mark.parametrize(
    ("iso", "spoken"),
    [
        ("--03-14", "14 March"),
        ("--12-01", "1 December"),
        ("2025-03-14", "2025-03-14"),
        ("2025", "2025"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_date_without_a_year_is_spoken_for_people(iso: str | None, spoken: str) -> None:
    assert format_date(iso) == spoken


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_every_day_is_read_from_each_spelling(day: date) -> None:
    spellings = ["%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%a, %d %b %Y 10:00:00 GMT", "%A, %B %d, %Y", "%Y/%m/%d"]
    assert {iso_date(day.strftime(spelling)) for spelling in spellings} == {day.isoformat()}
    assert iso_date(day.strftime("%b %d")) == day.strftime("--%m-%d")
    assert iso_date(day.strftime("%B %Y")) == day.strftime("%Y-%m")


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20) | st.from_regex(r"\d{1,4}[-/ ]\d{1,2}[-/ ]?\d{0,4}", fullmatch=True))
def test_any_text_gives_an_iso_date_or_none(text: str) -> None:
    found = iso_date(text)
    assert found is None or re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|--[0-9]{2}-[0-9]{2}", found)
    assert found is None or iso_date(found) == found
