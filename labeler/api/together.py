"""Requests that wait at the same time are answered by one call: the cost of a call is that of several papers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Together(Generic[Asked, Given]):
    """Calls ``answer`` with what waits, at most ``most`` at once, in a thread of an ``executor``.

    ``answer`` gives one result, or an exception, for each item, in their order. While one call runs, what comes
    waits for the next: so the more there are, the less each costs. It is used from one event loop.
    """

    def __init__(
        self, answer: Callable[[Sequence[Asked]], Sequence[Given | Exception]], executor: Executor, most: int
    ) -> None:
        self._answer, self._executor, self._most = answer, executor, most
        self._waiting: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Given:
        """The answer to one item.

        Raises:
            Exception: what there is in the place of its answer, or what the call raised.
        """
        future: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                found = await loop.run_in_executor(self._executor, self._answer, [asked for asked, _ in some])
            except Exception as error:  # it is told to those who asked
                found = [error] * len(some)
            for (_, future), result in zip(some, found, strict=True):
                if future.done():  # who asked has left
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
        self._task = None
