"""The answers of Hugging Face, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from labeler.digests import Reading
from labeler.errors import UsageError
from labeler.sources.days import today
from tests.sources import invented
from tests.sources.invented import numbers
from tests.sources.replay import Replay


def test_hf_gives_the_papers_of_a_day(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/daily_papers", invented.hf(1, 2))
    reading = fetched("hf:2026-11-26")
    assert numbers(reading) == [1, 2]
    assert reading.formats == {"hf:2026-11-26": "hf_daily"}
    assert reading.papers[0].id == "arxiv:2611.00001"
    assert reading.papers[0].abstract.startswith(invented.ABSTRACT)
    assert web.asked[0].parameters == {"date": "2026-11-26", "limit": "100", "p": "0"}


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("hf:", [{"date": "today"}]),
        ("hf:today", [{"date": "today"}]),
        ("hf:yesterday", [{"date": "yesterday"}]),
        ("hf:2026-11-20 2026-11-21", [{"date": "2026-11-20"}, {"date": "2026-11-21"}]),
        ("hf:@1d", [{"date": "today"}, {"date": "yesterday"}]),
        ("hf:trending", [{"sort": "trending"}]),
        ("hf:2026-w48", [{"week": "2026-W48"}]),
        ("hf:2026-11", [{"month": "2026-11"}]),
    ],
)
def test_hf_is_asked_for_days(
    web: Replay, fetched: Callable[..., Reading], address: str, asked: list[dict[str, str]]
) -> None:
    web.answers("/api/daily_papers", invented.hf(1))
    fetched(address)
    days = {"today": str(today()), "yesterday": str(today() - timedelta(1))}
    wanted = [{name: days.get(value, value) for name, value in each.items()} for each in asked]
    assert [one.parameters for one in web.asked] == [{**each, "limit": "100", "p": "0"} for each in wanted]


def test_a_sunday_has_no_papers_and_the_days_beside_it_have_theirs(
    web: Replay, fetched: Callable[..., Reading]
) -> None:
    web.answers("/api/daily_papers", invented.hf(1), [], [], invented.hf(2))
    reading = fetched("hf:2026-11-23 2026-11-22 2026-11-21 2026-11-20")
    assert numbers(reading) == [1, 2]
    assert reading.notes == []
    assert list(reading.formats.values()) == ["hf_daily"]
    web.answers("/api/daily_papers", [])
    reading = fetched("hf:2026-11-15")
    assert reading.papers == []
    assert "has no papers in it" in reading.notes[0]


def test_hf_gives_more_than_a_page(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/daily_papers", invented.hf(*range(100)), invented.hf(*range(100, 130)))
    assert len(fetched("hf:2026-11").papers) == 130
    assert [one.parameters["p"] for one in web.asked] == ["0", "1"]


@pytest.mark.parametrize("address", ["hf:cats", "hf:2026-13-01", "hf:2026-11-20@7d", "hf:2999-01-01", "hf:@2999-01-01"])
def test_hf_is_not_asked_for_what_is_no_day(fetched: Callable[..., Reading], address: str) -> None:
    with pytest.raises(UsageError):
        fetched(address)
