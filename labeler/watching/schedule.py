"""When watches are due, the lock of the one process that is at work, and the sign that it lives."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from labeler.appending import now
from labeler.config import Workspace
from labeler.errors import InputError
from labeler.files import json_line, os_message, read_bytes, try_lock, write_text
from labeler.json_parsing import JsonError, parse_json
from labeler.watching.settings import Watch

RETRY = 600.0  # seconds after which what failed is tried again, unless the watch is due before
ENDED = "ended"  # what a process does that has done all there was to do
_LOCK, _HEARTBEAT = "lock", "heartbeat.json"


def folder_of(workspace: Workspace) -> Path:
    """The folder of what watches know, which may not be there yet."""
    return workspace.private / "watch"


@contextmanager
def at_work(workspace: Workspace) -> Iterator[bool]:
    """Lock the watches of a workspace for this process; yield whether no other one is at work.

    The lock is the operating system's, and is released when the process ends, however it does.

    Raises:
        InputError: the folder cannot be written to.
    """
    path = folder_of(workspace) / _LOCK
    try:
        workspace.make_private()
        path.parent.mkdir(exist_ok=True)
        stream = path.open("ab")
    except OSError as error:
        raise InputError(f"cannot write {path}: {os_message(error)}", "check its permissions") from error
    with stream:
        try:
            is_free = try_lock(stream)
        except OSError:  # the file system knows no locks
            is_free = True
        yield is_free


def beat(workspace: Workspace, doing: str) -> None:
    """Write that this process lives, and what it is doing. That it cannot be written stops nothing."""
    sign = {"at": now(), "process": os.getpid(), "doing": doing}
    with suppress(InputError, OSError):
        write_text(folder_of(workspace) / _HEARTBEAT, json_line(sign) + "\n")


def last_beat(workspace: Workspace) -> Mapping[str, Any] | None:
    """The last sign of life of a process that has not ended by itself; None where there is none that can be read."""
    with suppress(InputError, JsonError):
        found = parse_json(read_bytes(folder_of(workspace) / _HEARTBEAT))
        return found if isinstance(found, dict) and found.get("doing") != ENDED else None
    return None


class Schedule:
    """When each watch is due next. A watch that has not run is due at once.

    Both clocks count: the one that never jumps, and that of the calendar, which goes on while a machine sleeps. A
    calendar that jumps ahead makes a watch run early, one that jumps back changes nothing.
    """

    def __init__(self) -> None:
        self._ran: dict[str, tuple[float, float, bool]] = {}

    def note(self, name: str, has_failed: bool) -> None:
        """Note that the watch of a name has run just now."""
        self._ran[name] = (time.monotonic(), time.time(), has_failed)

    def wait(self, watch: Watch) -> float:
        """The seconds until a watch is due; 0 where it is."""
        if watch.name not in self._ran:
            return 0.0
        steady, calendar, has_failed = self._ran[watch.name]
        every = min(RETRY, watch.every) if has_failed else watch.every
        return max(0.0, every - max(time.monotonic() - steady, time.time() - calendar))

    def due(self, watches: Sequence[Watch]) -> list[Watch]:
        """The watches that are due."""
        return [watch for watch in watches if not self.wait(watch)]
