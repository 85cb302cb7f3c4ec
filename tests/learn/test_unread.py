from __future__ import annotations

import random

import pytest

from labeler.learn import unread
from labeler.learn.unread import newest


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "_MOST_DATED", 3)


def test_the_newest_papers_are_kept_and_those_without_a_date() -> None:
    dates = ["2025-03-01", None, "2025-01-01", "2025-04", "", "2024-12-31", "2025-02-01"]
    assert newest(range(7), dates) == [0, 1, 3, 4, 6]


@pytest.mark.parametrize("dates", [[], [None] * 9, ["2025-01-01"] * 3, ["2025-01-01"] * 9])
def test_few_papers_and_papers_of_one_day_are_all_kept(dates: list[str | None]) -> None:
    assert newest(range(len(dates)), dates) == list(range(len(dates)))


def test_the_order_of_papers_does_not_matter() -> None:
    papers = [(f"2025-0{day % 4 + 1}-01", day) for day in range(12)]
    shuffled = random.Random(0).sample(papers, len(papers))
    assert set(newest(papers, [date for date, _ in papers])) == set(newest(shuffled, [date for date, _ in shuffled]))
