"""Files of JSON lines that only grow, such as the log of judgements and the history of labelling.

Only to forget what somebody wants to be forgotten is such a file rewritten (:func:`rewrite_lines`).

A process that is killed while it writes leaves at most an incomplete last line, which the next writer moves to another
file and reports. A file lock of the operating system keeps two processes from writing at the same time; it is released
when its owner ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Generic, NamedTuple, TypeVar

from labeler.errors import InputError
from labeler.files import atomic_write, json_line, open_regular, os_message, regular_bytes, try_lock
from labeler.json_parsing import JsonError, parse_json

T = TypeVar("T")
LOCK_TIMEOUT = 60.0  # seconds to wait for another process that writes


class LinesRead(NamedTuple, Generic[T]):
    """The values in the lines of a file, and messages about lines that cannot be read.

    ``incomplete`` is the message about a last line that was cut short, or that another process is writing; else empty.
    """

    values: list[T]
    faults: list[str]
    incomplete: str


def now() -> str:
    """The present time as such files have it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@contextmanager
def open_to_append(path: Path, after_repair: str) -> Iterator[tuple[IO[bytes], list[str]]]:
    """Open a file for reading and for :func:`append_lines`, which nobody else may write to meanwhile.

    Folders that are missing are made. An incomplete last line is moved to a file beside it; the messages that come with
    the stream tell of that, and that the user should do what ``after_repair`` says.

    Raises:
        InputError: the file cannot be written, or another process keeps it locked.
    """
    stream = open_locked(path)
    try:
        with stream:
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


def rewrite_lines(path: Path, changed: Callable[[bytes], bytes | None], dry_run: bool = False) -> int:
    """Put what ``changed`` makes of each line of a file (None: nothing) in its place, and return how many it changed.

    Lines have no line end; blank ones stay. The file is replaced whole or not at all, while nobody else may write to
    it, and other lines stay as they are, byte by byte. One that does not exist is not made. A dry run only counts.

    Raises:
        InputError: the file cannot be written, or another process keeps it locked.
    """
    if not path.exists():
        return 0
    if dry_run:
        return _changed_lines(regular_bytes(path), changed)[1]
    with open_to_append(path, "it holds nothing that can be used") as (stream, _):
        stream.seek(0)
        after, count = _changed_lines(stream.read(), changed)
        if count:
            with atomic_write(path) as whole:
                whole.write(b"\n".join(line for line in after if line is not None))
    return count


def _changed_lines(data: bytes, changed: Callable[[bytes], bytes | None]) -> tuple[list[bytes | None], int]:
    """What becomes of each line, and how many are changed."""
    before = data.split(b"\n")
    after = [changed(line) if line.strip() else line for line in before]
    return after, sum(new != old for old, new in zip(before, after, strict=True))


def read_lines(path: Path, parse: Callable[[Any], T]) -> LinesRead[T]:
    """What ``parse`` makes of the JSON value in each line of a file; nothing where there is no file.

    Raises:
        InputError: the file exists but cannot be read.
    """
    try:
        data = regular_bytes(path)
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise InputError(f"cannot read {path}: {os_message(error)}", "check its permissions") from error
    return parse_lines(data, path.name, parse)


def parse_lines(data: bytes, name: str, parse: Callable[[Any], T]) -> LinesRead[T]:
    """The same of the bytes of a file, which messages call ``name``.

    ``parse`` raises ``ValueError`` or ``AttributeError`` for a value that cannot be used.
    """
    values, faults, incomplete = [], [], ""
    lines = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values.append(parse(parse_json(line)))
        except (ValueError, AttributeError) as error:
            where = f"{name}, line {number}"
            if number < len(lines):
                reason = f"not JSON ({error})" if isinstance(error, JsonError) else str(error)
                faults.append(f"{where}: {reason}; skipped")
            else:
                incomplete = f"{where}: cut short; skipped"
    return LinesRead(values, faults, incomplete)


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
    if _is_object(tail):
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


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(parse_json(line), dict)
    except JsonError:
        return False


def open_locked(path: Path) -> IO[bytes]:
    """The file at ``path``, open and locked; one that takes its place meanwhile (:func:`rewrite_lines`) is opened anew.

    Raises:
        InputError: it cannot be written, or another process keeps it locked.
    """
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                open_regular(path).close()  # nothing is appended to a pipe or a device
            stream = path.open("a+b")
        except OSError as error:
            raise InputError(f"cannot write {path}: {os_message(error)}", "check its permissions") from error
        try:
            _lock(stream, path)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                    return stream
        except OSError as error:
            stream.close()
            raise InputError(f"cannot lock {path}: {os_message(error)}", "check its permissions") from error
        except BaseException:
            stream.close()
            raise
        stream.close()


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
