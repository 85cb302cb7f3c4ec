"""The progress of a long run, on one line of a terminal that is written anew."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from labeler.cli.command import Run
from labeler.wording import duration

_EVERY = 0.5  # seconds


def progress(run: Run, total: int | None) -> Callable[[int], None]:
    """A function to call with the number of papers that were just done, which writes the line anew.

    It writes at most twice a second, only on a terminal, and nothing with ``--quiet``. ``total`` is None where the
    number of papers is not known.
    """
    began, done, last = time.monotonic(), 0, 0.0

    def update(more: int) -> None:
        nonlocal done, last
        done += more
        now = time.monotonic()
        if run.quiet or not sys.stderr.isatty() or now - last < _EVERY:
            return
        last = now
        print(f"\r{line(done, total, now - began)}\x1b[K", end="", file=sys.stderr, flush=True)

    return update


def line(done: int, total: int | None, seconds: float) -> str:
    """The line, as in ``120,000 of 1,000,000 papers, 24,500 a second, 0:36 left``."""
    pace = done / seconds if seconds > 0 else 0.0
    of = f" of {total:,}" if total is not None else ""
    text = f"{done:,}{of} papers, {pace:,.0f} a second"
    if total is None or not pace:
        return text
    return f"{text}, {duration(max(0, total - done) / pace)} left"
