"""The log of judgements: an append-only file of JSON lines.

A process that is killed while it writes leaves at most an incomplete last line, which the next writer moves to another
file and reports. A file lock of the operating system keeps two processes from writing at the same time; it is released
when its owner ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from labeler.errors import InputError
from labeler.files import json_line, open_regular, os_message, regular_bytes, try_lock
from labeler.json_parsing import JsonError, parse_json
from labeler.judgements.judgement import Judgement

_LOCK_TIMEOUT = 60.0  # seconds to wait for another process that writes


@dataclass
class LogReading:
    """The content of a log: its judgements, each id once, and messages about lines that cannot be read.

    ``incomplete`` is the message about a last line that was cut short, or that another process is writing; else empty.
    """

    judgements: list[Judgement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    incomplete: str = ""


class JudgementLog:
    """The log at ``path``, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> LogReading:
        """Read the log. An incomplete last line is no fault, as another process may be writing it.

        Raises:
            InputError: the file exists but cannot be read.
        """
        try:
            data = regular_bytes(self.path)
        except FileNotFoundError:
            return LogReading()
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {os_message(error)}", "check its permissions") from error
        return self._parse(data)

    def update(self, plan: Callable[[Sequence[Judgement]], Sequence[Judgement]]) -> tuple[list[Judgement], list[str]]:
        """Append the judgements that ``plan`` returns for those in the log, while the log is locked.

        Returns:
            The judgements that were appended, and messages about the log (a repair, lines that cannot be read).

        Raises:
            InputError: the log cannot be written, or another process keeps it locked.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists():
                open_regular(self.path).close()  # nothing is appended to a pipe or a device
            stream = self.path.open("a+b")
        except OSError as error:
            raise InputError(f"cannot write {self.path}: {os_message(error)}", "check its permissions") from error
        try:
            with stream, _locked(stream, self.path):
                messages = self._repair(stream)
                stream.seek(0)
                reading = self._parse(stream.read())
                added = list(plan(reading.judgements))
                _append(stream.fileno(), "".join(json_line(item.to_dict()) + "\n" for item in added).encode())
        except OSError as error:
            raise InputError(f"cannot write {self.path}: {os_message(error)}", "make room, then try again") from error
        return added, messages + reading.faults

    def _repair(self, stream: IO[bytes]) -> list[str]:
        """Make the log end with a complete line, and return messages about that.

        An incomplete last line is moved to a file beside the log.
        """
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
        with torn.open("ab") as torn_stream:
            torn_stream.write(tail + b"\n")
        stream.truncate(start)
        line = data.count(b"\n") + 1
        return [
            f"{self.path.name}: line {line} was cut short when a program was stopped while writing; its "
            f"{len(tail)} bytes are now in {torn.name}; repeat the import that was interrupted"
        ]

    def _parse(self, data: bytes) -> LogReading:
        """The content of a log in bytes."""
        reading, seen = LogReading(), set()
        lines = data.split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                judgement = Judgement.from_dict(parse_json(line))
            except (ValueError, AttributeError) as error:
                where = f"{self.path.name}, line {number}"
                if number < len(lines):
                    reason = f"not JSON ({error})" if isinstance(error, JsonError) else str(error)
                    reading.faults.append(f"{where}: {reason}; skipped")
                else:
                    reading.incomplete = f"{where}: cut short; skipped"
                continue
            if judgement.id not in seen:
                seen.add(judgement.id)
                reading.judgements.append(judgement)
        return reading


def _append(file: int, data: bytes) -> None:
    """Append all of ``data`` and sync the file; where that fails, restore the file as it was."""
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
        return isinstance(parse_json(line), dict)
    except JsonError:
        return False


@contextmanager
def _locked(stream: IO[bytes], path: Path) -> Iterator[None]:
    """Wait for the file lock, and hold it until the stream is closed."""
    end = time.monotonic() + _LOCK_TIMEOUT
    while not try_lock(stream):
        if time.monotonic() > end:
            raise InputError(f"another program is writing to {path}", "try again when it is done")
        time.sleep(0.02)
    yield
