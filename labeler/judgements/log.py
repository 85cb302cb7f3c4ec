"""The log of judgements: a file of JSON lines that only ever grows.

A process that dies while it writes leaves at most one torn last line; the next writer cuts it off and says so. Two
processes never write at once: the operating system holds the lock and lets go of it when its owner dies.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from labeler.errors import InputError
from labeler.files import json_line, os_message, try_lock
from labeler.judgements.judgement import Judgement

_PATIENCE = 60.0  # seconds to wait for another process that writes


@dataclass
class LogReading:
    """What a log holds: its judgements, each id once, and what could not be read (line and reason)."""

    judgements: list[Judgement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class JudgementLog:
    """The log at ``path``, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> LogReading:
        """Everything in the log. A torn last line is passed over: its writer may still be at it.

        Raises:
            InputError: the file is there but cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return LogReading()
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {os_message(error)}", "check its permissions") from error
        return self._parsed(data)

    def update(self, plan: Callable[[Sequence[Judgement]], Sequence[Judgement]]) -> tuple[list[Judgement], list[str]]:
        """Append what ``plan`` makes of the judgements in the log, with nobody else writing in between.

        Returns:
            The judgements that were appended, and what there is to say about the log (a repair, unreadable lines).

        Raises:
            InputError: the log cannot be written, or another process keeps it locked.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            stream = self.path.open("a+b")
        except OSError as error:
            raise InputError(f"cannot write {self.path}: {os_message(error)}", "check its permissions") from error
        try:
            with stream, _locked(stream, self.path):
                said = self._repair(stream)
                stream.seek(0)
                reading = self._parsed(stream.read())
                added = list(plan(reading.judgements))
                _append(stream.fileno(), "".join(json_line(item.to_dict()) + "\n" for item in added).encode())
        except OSError as error:
            raise InputError(f"cannot write {self.path}: {os_message(error)}", "make room, then try again") from error
        return added, said + reading.faults

    def _repair(self, stream: IO[bytes]) -> list[str]:
        """Make the file end with a whole line. A torn one is moved to a file beside the log, not thrown away."""
        stream.seek(0)
        data = stream.read()
        start = data.rfind(b"\n") + 1
        tail = data[start:]
        if not tail:
            return []
        if _is_object(tail):
            stream.write(b"\n")
            stream.flush()
            return []
        torn = self.path.with_suffix(".torn")
        with torn.open("ab") as kept:
            kept.write(tail + b"\n")
        stream.truncate(start)
        line = data.count(b"\n") + 1
        return [
            f"{self.path.name}: line {line} was cut short when a program was stopped while writing; its "
            f"{len(tail)} bytes are now in {torn.name}, import the file again that was being imported"
        ]

    def _parsed(self, data: bytes) -> LogReading:
        reading, seen = LogReading(), set()
        lines = data.split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                judgement = Judgement.from_dict(json.loads(line))
            except (ValueError, AttributeError, RecursionError) as error:
                if number < len(lines):
                    reason = "not JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else str(error)
                    reading.faults.append(f"{self.path.name}, line {number}: {reason}; passed over")
                continue
            if judgement.id not in seen:
                seen.add(judgement.id)
                reading.judgements.append(judgement)
        return reading


def _append(file: int, data: bytes) -> None:
    """All of ``data``, on disk; or, where there is no room, nothing of it."""
    size = os.fstat(file).st_size
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


@contextmanager
def _locked(stream: IO[bytes], path: Path) -> Iterator[None]:
    end = time.monotonic() + _PATIENCE
    while not try_lock(stream):
        if time.monotonic() > end:
            raise InputError(f"another program is writing to {path}", "try again when it is done")
        time.sleep(0.02)
    yield  # closing the stream lets go of the lock
