"""The standard streams of a command, which may be closed, full or read no longer, and the signal that ends it.

A program that starts another may close its streams (``labeler … >&-``). Python has None in the place of such a stream,
and the next file that is opened takes its number.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from labeler.errors import InputError

_STANDARD = (0, 1, 2)
_ERRORS = 2
OUTPUT = "standard output"


class TerminatedError(BaseException):
    """The process was asked to end (SIGTERM)."""


class _Closed(io.TextIOBase):
    """Standard output that is closed: what is written there cannot be, and what is not needs no place."""

    def writable(self) -> bool:
        """Always true, which :class:`io.TextIOBase` needs to know."""
        return True

    def write(self, text: str) -> int:
        """Refuse a text.

        Raises:
            InputError: always, unless there is nothing to write.
        """
        if text:
            raise InputError("standard output is closed", "write to a file: > FILE, or -o FILE where there is that")
        return 0


class _Unheeded(io.RawIOBase):
    """Standard error, where a message that finds no room or no reader is lost, and no command fails for it."""

    def writable(self) -> bool:
        """Always true, which :class:`io.RawIOBase` needs to know."""
        return True

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return os.isatty(_ERRORS)

    def fileno(self) -> int:
        """Its number, which processes that are started inherit."""
        return _ERRORS

    def write(self, data: Any) -> int:
        """Write as much as can be."""
        left = memoryview(data).tobytes()
        with suppress(OSError):
            while left:
                left = left[os.write(_ERRORS, left) :]
        return len(data)


@contextmanager
def standard_streams() -> Iterator[None]:
    """Make the standard streams of this process such that they can be written to, for the length of the context."""
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free, which is this one
    before = sys.stdout, sys.stderr
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        # Without a buffer below it: that would write a line again whose writing was interrupted after it was done.
        sys.stderr = io.TextIOWrapper(_Unheeded(), encoding="utf-8", errors="replace", line_buffering=True)
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        sys.stdout, sys.stderr = before


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Raise :class:`TerminatedError` where the process is asked to end, so that nothing half done stays behind."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what is left must be removed
        raise TerminatedError

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def flush_output() -> None:
    """Write what waits to be written to standard output.

    Raises:
        OSError: there is no room (``filename`` says where), or nobody reads it.
    """
    from labeler.files import place_named

    with place_named(OUTPUT):
        sys.stdout.flush()


def give_up_output() -> None:
    """Forget what standard output does not take, so that Python does not try again at its end and complain."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
