"""Files of JSON lines that only grow, such as the log of judgements and the history of labelling.

A process that is killed while it writes leaves at most an incomplete last line, which the next writer moves to another
file and reports. A file lock of the operating system keeps two processes from writing at the same time; it is released
when its owner ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from labeler.errors import InputError
from labeler.files import json_line, open_regular, os_message, regular_bytes, try_lock
from labeler.json_parsing import JsonError, parse_json

LOCK_TIMEOUT = 60.0  # seconds to wait for another process that writes


@contextmanager
def open_to_append(path: Path, after_repair: str) -> Iterator[tuple[IO[bytes], list[str]]]:
    """Open a file for reading and for :func:`append_lines`, which nobody else may write to meanwhile.

    Folders that are missing are made. An incomplete last line is moved to a file beside it; the messages that come with
    the stream tell of that, and that the user should do what ``after_repair`` says.

    Raises:
        InputError: the file cannot be written, or another process keeps it locked.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            open_regular(path).close()  # nothing is appended to a pipe or a device
        stream = path.open("a+b")
    except OSError as error:
        raise InputError(f"cannot write {path}: {os_message(error)}", "check its permissions") from error
    try:
        with stream:
            _lock(stream, path)
            yield stream, _repaired(stream, path, after_repair)
    except OSError as error:
        raise InputError(f"cannot write {path}: {os_message(error)}", "make room, then try again") from error


def append_lines(stream: IO[bytes], records: Iterable[Mapping[str, Any]], *, synced: bool = True) -> None:
    """Append a line for each record; where that fails, restore the file as it was.

    Lines that are ``synced`` also survive a power failure.

    Raises:
        OSError: there is no room.
    """
    data = "".join(json_line(record) + "\n" for record in records).encode()
    file = stream.fileno()
    size = os.fstat(file).st_size
    try:
        while data:
            data = data[os.write(file, data) :]
        if synced:
            os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def read_records(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The objects in a file of JSON lines, none where there is no file, and messages about lines that hold none.

    An incomplete last line is no fault, as another process may be writing it.

    Raises:
        InputError: the file exists but cannot be read.
    """
    try:
        data = regular_bytes(path)
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise InputError(f"cannot read {path}: {os_message(error)}", "check its permissions") from error
    records, faults = [], []
    lines = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        record = _object(line) if line.strip() else {}
        if record:
            records.append(record)
        elif record is None and number < len(lines):
            faults.append(f"{path.name}, line {number}: not a JSON object; skipped")
    return records, faults


def _repaired(stream: IO[bytes], path: Path, after_repair: str) -> list[str]:
    """Make the file end with a complete line, and return messages about that."""
    if not stream.seek(0, os.SEEK_END):
        return []
    stream.seek(-1, os.SEEK_END)
    if stream.read() == b"\n":
        return []
    stream.seek(0)
    data = stream.read()
    start = data.rfind(b"\n") + 1
    tail = data[start:]
    if _object(tail) is not None:
        stream.write(b"\n")
        stream.flush()
        return []
    torn = path.with_suffix(".torn")
    with torn.open("ab") as torn_stream:
        torn_stream.write(tail + b"\n")
    stream.truncate(start)
    line = data.count(b"\n") + 1
    return [
        f"{path.name}: line {line} was cut short when a program was stopped while writing; its "
        f"{len(tail)} bytes are now in {torn.name}; {after_repair}"
    ]


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = parse_json(line)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


def _lock(stream: IO[bytes], path: Path) -> None:
    """Wait for the file lock, which is held until the stream is closed.

    Raises:
        InputError: another process keeps it.
    """
    end = time.monotonic() + LOCK_TIMEOUT
    while not try_lock(stream):
        if time.monotonic() > end:
            raise InputError(f"another program is writing to {path}", "try again when it is done")
        time.sleep(0.02)
