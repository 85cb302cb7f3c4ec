"""How far a long run is, on a line of a terminal that is written over and over."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from labeler.cli.command import Run

_EVERY = 0.5  # seconds


def progress(run: Run, total: int | None) -> Callable[[int], None]:
    """What hears of papers that are done and tells how many there are by now, a second, and how long it will take."""
    began, done, told = time.monotonic(), 0, 0.0

    def tell(more: int) -> None:
        nonlocal done, told
        done += more
        now = time.monotonic()
        if run.quiet or not sys.stderr.isatty() or now - told < _EVERY:
            return
        told = now
        print(f"\r{line(done, total, now - began)}\x1b[K", end="", file=sys.stderr, flush=True)

    return tell


def line(done: int, total: int | None, seconds: float) -> str:
    """``120,000 of 1,000,000 papers, 24,500 a second, 0:36 left``."""
    pace = done / seconds if seconds > 0 else 0.0
    of = f" of {total:,}" if total is not None else ""
    told = f"{done:,}{of} papers, {pace:,.0f} a second"
    if total is None or not pace:
        return told
    minutes, rest = divmod(round(max(0, total - done) / pace), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{told}, {f'{hours}:{minutes:02}' if hours else minutes}:{rest:02} left"
