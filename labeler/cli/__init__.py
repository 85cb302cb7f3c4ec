"""The command line: options, then a flow, then output."""

from __future__ import annotations

import os
from collections.abc import Sequence

__all__ = ["main"]

_INTERRUPTED = 130  # 128 and the number of the signal, as shells have it
_LINE = "_LABELER_COMPLETE"  # the variable with the command line up to the cursor, where a shell asks how it may go on
_THRESHOLD = 50_000  # new objects after which Python's garbage collector looks for some that are of no use


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (``arguments``, by default those of the process) and return its exit code.

    A command makes many thousands of objects that stay. To look among them for some that do not, as Python does for
    every 700 new ones, takes a twentieth of the time in which a page is labelled; so it is done less often meanwhile.
    """
    import gc

    before = gc.get_threshold()
    gc.set_threshold(_THRESHOLD)
    try:
        code = _exit_code(arguments)
    finally:
        gc.set_threshold(*before)
    if code == _INTERRUPTED:
        # Where the last exec(), as of a dataclass, was interrupted, Python ends by the signal, whatever the exit code.
        exec("")  # noqa: S102
    return code


def _exit_code(arguments: Sequence[str] | None) -> int:
    from labeler.cli.streams import TerminatedError, ended_by_signal, standard_streams

    with standard_streams(), ended_by_signal():
        try:
            if arguments is None and (line := os.environ.get(_LINE)) is not None:
                from labeler.cli.completing import completed

                return completed(line)
            from labeler.cli.app import run

            return run(arguments)
        except (KeyboardInterrupt, TerminatedError) as signal:  # while modules are loaded
            return _ended(isinstance(signal, KeyboardInterrupt))


def _ended(is_interrupted: bool) -> int:
    """Say that a signal has ended the command, and return its exit code."""
    import sys

    print("labeler: interrupted" if is_interrupted else "labeler: stopped, as it was asked to", file=sys.stderr)
    return _INTERRUPTED if is_interrupted else 143
