"""Turns at a service: one request at a time and a pause between two, for all processes of a person on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from labeler.errors import InputError, ServerError
from labeler.files import os_message, try_lock
from labeler.terminal import report_progress

LONGEST_PAUSE = 120.0  # seconds that are waited for a service that asks for it
_LOOK = 0.1  # seconds between two looks whether another process is done
_WORTH_TELLING = 5.0
_LONGEST_QUEUE = 900.0  # seconds that are waited for other processes


@dataclass
class Turn:
    """A turn: the file that says when the next one may begin, and a clock."""

    stream: IO[bytes]
    now: Callable[[], float]

    def wait(self, sleep: Callable[[float], None]) -> None:
        """Wait until the service may be asked again."""
        self.stream.seek(0)
        try:
            begin = float(self.stream.read(40))
        except ValueError:
            return
        pause = begin - self.now()
        if 0 < pause <= LONGEST_PAUSE + 1:  # longer ones come of a clock that was put back
            sleep(pause)

    def pause(self, seconds: float) -> None:
        """Note that the service may not be asked for some seconds from now."""
        with suppress(OSError):  # no room for a number: the pause is kept by nobody else
            self.stream.seek(0)
            self.stream.truncate()
            self.stream.write(f"{self.now() + seconds:.3f}".encode())
            self.stream.flush()


@contextmanager
def turn(folder: Path, name: str, sleep: Callable[[float], None], now: Callable[[], float]) -> Iterator[Turn]:
    """Wait for the turn of this process at a service, and keep it for the length of the block.

    Raises:
        InputError: the folder cannot be written to.
        ServerError: other processes take too long.
    """
    try:
        stream = (folder / f"{name}.turn").open("a+b", buffering=0)
    except OSError as error:
        raise InputError(
            f"cannot write {folder}: {os_message(error)}", "make it writable, or name another folder in XDG_CACHE_HOME"
        ) from error
    with stream:
        waited = 0.0
        while not _is_ours(stream):
            if waited > _LONGEST_QUEUE:
                raise ServerError(f"another labeler has been asking {name} for very long", "end it, or wait for it")
            sleep(_LOOK)
            waited += _LOOK
            if round(waited / _LOOK) == _WORTH_TELLING / _LOOK:
                report_progress(f"another labeler is asking {name}; waiting for it")
        one = Turn(stream, now)
        one.wait(sleep)
        yield one


def _is_ours(stream: IO[bytes]) -> bool:
    try:
        return try_lock(stream)
    except OSError:  # the file system knows no locks
        return True
