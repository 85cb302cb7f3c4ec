"""Runs the command, and kills its own process hard at a numbered moment of those at which a kill could do harm.

Moments are the calls of what changes files: before and after each line of the journal, and each file that takes its
place. ``python -m tests.watching.replay NUMBER ARGUMENT…``; with a number that is not reached nothing is killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from labeler import files, temporary
from labeler.cli import main
from labeler.watching.journal import Journal

_moment = 0


def pass_moment(last: int) -> None:
    """Count a moment, and kill the process at the last one."""
    global _moment  # noqa: PLW0603
    _moment += 1
    if _moment == last:
        os.kill(os.getpid(), signal.SIGKILL)


def main_killed(last: int, arguments: list[str]) -> int:
    """Run a command that is killed at a moment."""
    note: Callable[..., None] = Journal.note
    replacement = temporary.replacement

    def noted(self: Journal, event: str, **said: Any) -> None:
        pass_moment(last)
        note(self, event, **said)
        pass_moment(last)

    @contextmanager
    def replaced(path: Path, is_new: bool = False) -> Iterator[IO[bytes]]:
        with replacement(path, is_new) as stream:
            yield stream
            if "heartbeat" not in path.name:
                pass_moment(last)

    Journal.note = noted  # type: ignore[method-assign]
    files.replacement = replaced  # type: ignore[attr-defined]
    return main(arguments)


if __name__ == "__main__":
    sys.exit(main_killed(int(sys.argv[1]), sys.argv[2:]))
