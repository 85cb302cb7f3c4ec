"""Folders that one process at a time works in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from labeler.files import try_lock
from labeler.storage import LOCK, local_path

_TRIES = 100  # each fails only where another process removes the folder at that moment


@contextmanager
def lock_folder(folder: str) -> Iterator[bool]:
    """Lock a folder, which is made where it is missing, for this process; yield whether no other one has it locked.

    The lock is the operating system's, on a file in the folder that is removed at the end: it is released when the
    process ends, however it does. Where there is no such lock (addresses of other file systems than the local one, some
    network drives, folders that may not be written to) every process is told that no other one has it.
    """
    path = local_path(folder)
    stream, is_free = (None, True) if path is None else _locked(path / LOCK)
    try:
        yield is_free
    finally:
        if stream is not None:
            with suppress(OSError):
                if _is_at(stream, Path(stream.name)):
                    Path(stream.name).unlink()
            stream.close()


def _locked(path: Path) -> tuple[IO[bytes] | None, bool]:
    """The file at ``path``, open and locked, or None; and whether no other process has it locked."""
    for _ in range(_TRIES):
        try:
            stream = _open_lock(path)
        except FileNotFoundError:  # the folder was removed at this moment
            continue
        if stream is None:
            return None, True
        try:
            if not try_lock(stream):
                stream.close()
                return None, False
        except OSError:  # the file system knows no locks
            stream.close()
            return None, True
        with suppress(OSError):
            if _is_at(stream, path):
                return stream, True
        stream.close()  # the process that had it locked has removed it meanwhile
    return None, False


def _open_lock(path: Path) -> IO[bytes] | None:
    """The file that is locked, open; None where it cannot be made.

    Raises:
        FileNotFoundError: its folder was removed after it had been made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except FileNotFoundError:
        raise
    except OSError:
        with suppress(OSError):
            return path.open("rb")  # one of another user, which can be locked all the same
    return None


def _is_at(stream: IO[bytes], path: Path) -> bool:
    return os.path.samestat(os.fstat(stream.fileno()), path.stat())
