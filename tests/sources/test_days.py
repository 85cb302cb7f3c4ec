"""Words that name days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.errors import UsageError
from labeler.sources.days import day_named, past_day, today


@pytest.mark.parametrize(
    ("word", "ago"), [("today", 0), (" Yesterday ", 1), ("0d", 0), ("7d", 7), ("7D", 7), ("0030d", 30)]
)
def test_days_that_are_told_from_today(word: str, ago: int) -> None:
    before = today()
    assert day_named(word) in (before - timedelta(days=ago), today() - timedelta(days=ago))


@pytest.mark.parametrize(
    "word", ["", "tomorrow", "7", "d", "-7d", "12345d", "2026-2-3", "2026-02-30", "20260203", "٧d"]
)
def test_other_words_name_none(word: str) -> None:
    assert day_named(word) is None
    with pytest.raises(UsageError, match=r"the day is .*, which names no day"):
        past_day(word, "the day")


@given(st.dates(date(1000, 1, 1), date(2020, 1, 1)))
def test_dates_name_their_day(day: date) -> None:
    assert day_named(str(day)) == day
    assert past_day(str(day), "the day") == day


def test_a_day_that_is_still_to_come_is_none_but_it_may_be_tomorrow_elsewhere() -> None:
    now = today()
    assert past_day(str(now + timedelta(days=1)), "the day") == now + timedelta(days=1)
    with pytest.raises(UsageError, match="still to come"):
        past_day(str(now + timedelta(days=3)), "the day")
