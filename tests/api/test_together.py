"""Requests that wait together are answered together, each by its own answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from labeler.api.together import Together


def test_what_waits_is_answered_by_one_call_and_no_more_than_the_most() -> None:
    calls: list[list[int]] = []
    first = threading.Event()

    def answer(asked: Sequence[int]) -> list[int | Exception]:
        calls.append(list(asked))
        first.wait(10)
        return [number * 2 for number in asked]

    async def ask() -> list[int]:
        with ThreadPoolExecutor(1) as executor:
            together = Together(answer, executor, most=4)
            asked = [asyncio.create_task(together(number)) for number in range(6)]
            while not calls:
                await asyncio.sleep(0.001)
            asked += [asyncio.create_task(together(number)) for number in range(6, 9)]
            await asyncio.sleep(0.01)
            first.set()
            found = await asyncio.gather(*asked)
            return [*found, await together(9)]  # after a pause

    assert asyncio.run(ask()) == [number * 2 for number in range(10)]
    assert calls == [[0, 1, 2, 3], [4, 5, 6, 7], [8], [9]]


def test_a_fault_is_told_to_who_asked_alone() -> None:
    def answer(asked: Sequence[int]) -> list[int | Exception]:
        if 9 in asked:
            raise OSError("all")
        return [ValueError(str(number)) if number % 2 else number for number in asked]

    async def ask() -> list[int | BaseException]:
        with ThreadPoolExecutor(1) as executor:
            together = Together(answer, executor, most=8)
            found = await asyncio.gather(*map(together, range(4)), return_exceptions=True)
            with pytest.raises(OSError, match="all"):
                await together(9)
            left = asyncio.create_task(together(2))
            await asyncio.sleep(0)
            left.cancel()
            return [*found, await together(6)]

    found = asyncio.run(ask())
    assert [one if isinstance(one, int) else str(one) for one in found] == [0, "1", 2, "3", 6]
