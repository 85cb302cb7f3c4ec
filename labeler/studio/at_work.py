"""Waiting for a program as long as it is at work: its log or its data grow, or it uses the processor."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

_PAUSE = 0.3  # seconds between two looks
_TOLD_EVERY = 20.0  # seconds
_LEAST_WORK = 1.0  # seconds of the processor that are a sign of work: a program that only waits uses less
_LONGEST = 3600.0  # seconds
_TAIL = 4096  # bytes of a log
_FAULT = re.compile(r"\b(?:\w*(?:Error|Exception)\b|error:|fatal)", re.IGNORECASE)


class AtWork:
    """Whether the process ``pid``, which writes to ``files``, is at work."""

    def __init__(self, pid: int, files: Sequence[Path]) -> None:
        self._pid, self._files = pid, files
        self._work, self._sizes = processor_seconds(pid), self._sizes_now()
        self.begun = self.since = time.monotonic()

    def looks(self, patience: float, say: Callable[[str], None], what: str) -> Iterator[None]:
        """Go on as long as there is a sign of work in each ``patience`` seconds, for an hour at most.

        From time to time ``say`` is called with how long ``what`` has taken, and the last line of the first file.
        """
        told = self.begun
        while (now := time.monotonic()) - self.since < patience and now - self.begun < _LONGEST:
            yield
            time.sleep(_PAUSE)
            self._look()
            if now - told >= _TOLD_EVERY:
                told = now
                line = last_line(self._files[0])[:60]
                say(f"  … {what} ({now - self.begun:.0f} seconds so far{line and f': {line}'})")

    def _look(self) -> None:
        work, sizes = processor_seconds(self._pid), self._sizes_now()
        if sizes != self._sizes or work >= self._work + _LEAST_WORK:
            self._work, self._sizes, self.since = work, sizes, time.monotonic()

    def _sizes_now(self) -> list[int]:
        return [path.stat().st_size if path.exists() else 0 for path in self._files]


def processor_seconds(pid: int) -> float:
    """How long a process has used the processor; 0 where there is none (Linux: proc(5); elsewhere: ps)."""
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return float(int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))
    if Path("/proc/self/stat").exists():
        return 0.0
    with suppress(OSError, ValueError):  # [days-]hours:minutes:seconds
        told = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
        days, _, clock = told.strip().rpartition("-")
        parts = enumerate(reversed(clock.split(":")))
        return float(days or 0) * 86400 + sum(float(part) * 60.0**place for place, part in parts)
    return 0.0


def last_line(log: Path) -> str:
    """The last line of a log that says something; empty where there is none."""
    return next(reversed(_lines(log)), "")


def reason_in(log: Path) -> str:
    """The last line of a log that tells of a fault, else its last line."""
    lines = _lines(log)
    return next((line for line in reversed(lines) if _FAULT.search(line)), next(reversed(lines), "it said nothing"))


def _lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _TAIL))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in map(str.strip, text.splitlines()) if line]
