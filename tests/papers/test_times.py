"""Times that spreadsheets have written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.times import day_comes_first, iso_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("26.11.2026 14:03", "2026-11-26T14:03:00Z"),
        ("26. 11. 2026 14:03", "2026-11-26T14:03:00Z"),
        ("3.2.2026 9:05:07", "2026-02-03T09:05:07Z"),
        ("26/11/2026 14:03", "2026-11-26T14:03:00Z"),
        ("26/11/2026, 14:03", "2026-11-26T14:03:00Z"),
        ("11/26/2026 14:03", "2026-11-26T14:03:00Z"),
        ("11/26/2026 2:03:12 PM", "2026-11-26T14:03:12Z"),
        ("11/12/2026 12:03 a.m.", "2026-11-12T00:03:00Z"),
        ("26-11-2026 14.03", "2026-11-26T14:03:00Z"),
        ("2026/11/26 14:03", "2026-11-26T14:03:00Z"),
        ("2026-11-26 14:03:12", "2026-11-26T14:03:12Z"),
        ("5/11/2026 14:03", "2026-05-11T14:03:00Z"),
        ("05/11/2026 14:03", "2026-11-05T14:03:00Z"),
    ],
)
def test_times_of_spreadsheets(text: str, time: str) -> None:
    assert iso_time(text) == time
    assert iso_time(time) == time


@pytest.mark.parametrize(
    "text", ["", "1600000000", "31.2.2026 14:03", "1.1.26 14:03", "2026-11-26", "2026-11-26 14:03:12.5+00:00", "soon"]
)
def test_other_texts_stay(text: str) -> None:
    assert iso_time(text) == text


def test_the_file_tells_which_part_is_the_day() -> None:
    assert day_comes_first(["05/11/2026 14:03", "13/11/2026 14:03"]) is True
    assert day_comes_first(["05/11/2026 14:03", "11/13/2026 14:03", "x"]) is False
    assert day_comes_first(["5/11/2026 14:03"]) is False
    assert day_comes_first(["11/13/2026 14:03", "13/11/2026 14:03"]) is None
    assert day_comes_first(["05/11/2026 14:03", "13.11.2026 14:03", "2026-11-13T10:00:00Z"]) is None
    assert iso_time("05/11/2026 14:03", day_first=False) == "2026-05-11T14:03:00Z"


@given(st.text(alphabet="0123456789./-: apmT,Z", max_size=30), st.none() | st.booleans())
def test_a_time_is_brought_into_one_form_once(text: str, day_first: bool | None) -> None:
    assert iso_time(iso_time(text, day_first)) == iso_time(text, day_first)
