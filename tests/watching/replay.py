"""A process of its own that runs the command, and is killed hard at a numbered moment at which that could do harm.

Moments are just before and just after each line of the journal, and just before a file takes its place.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from labeler import files, temporary
from labeler.cli import main
from labeler.watching.journal import Journal


class Moments:
    """The moments that have passed, of which the process does not survive the last one."""

    def __init__(self, last: int) -> None:
        self._left = last

    def one(self) -> None:
        """A moment passes."""
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def run_until(last: int, arguments: list[str], messages: Path) -> int:
    """Run a command in a copy of this process, until it ends or the moment has come, and return its exit code.

    One that was killed has the number of the signal, with a minus. Its messages go to a file.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:  # the copy must not go on as a test
        sys.stderr = messages.open("w", encoding="utf-8")
        _pass(Moments(last))
        code = main(arguments)
        sys.stderr.flush()
    finally:
        os._exit(code)


def _pass(moments: Moments) -> None:
    """Let moments pass as this process works."""
    note, replacement = Journal.note, temporary.replacement

    def noted(self: Journal, event: str, **said: Any) -> None:
        moments.one()
        note(self, event, **said)
        moments.one()

    @contextmanager
    def replaced(path: Path, is_new: bool = False) -> Iterator[IO[bytes]]:
        with replacement(path, is_new) as stream:
            yield stream
            if "heartbeat" not in path.name:
                moments.one()

    Journal.note = noted  # type: ignore[method-assign]
    files.replacement = replaced  # type: ignore[attr-defined]
