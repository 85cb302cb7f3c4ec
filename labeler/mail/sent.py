"""The log of mail: what was sent to whom, and what was not. It only grows, and one process at a time sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from labeler.appending import append_lines, open_to_append, parse_lines

BEGUN, SENT, REFUSED, WAITING = "begun", "sent", "refused", "waiting"


@dataclass
class SentLog:
    """The log, which this process has locked. ``messages`` tell of lines that cannot be read, and of a repair."""

    stream: IO[bytes]
    messages: list[str]
    _sent: set[str] = field(default_factory=set)
    _dates: dict[str, datetime] = field(default_factory=dict)

    def has(self, message_id: str) -> bool:
        """Whether the message was sent."""
        return message_id in self._sent

    def begin(self, message_id: str, more: Mapping[str, Any]) -> datetime:
        """The date of a message: when sending it was begun first, which is noted with ``more`` where it is now.

        Raises:
            OSError: the log cannot be written.
        """
        if message_id not in self._dates:
            self.note(message_id, BEGUN, more)
        return self._dates[message_id].astimezone()

    def note(self, message_id: str, state: str, more: Mapping[str, Any]) -> None:
        """Append what became of a message, before anything else is done.

        Raises:
            OSError: the log cannot be written.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        record = {"at": at, "message": message_id, "state": state, **more}
        append_lines(self.stream, [record])
        self.take(record)

    def take(self, record: Mapping[str, Any]) -> None:
        """Take in a line of the log."""
        if record["state"] == SENT:
            self._sent.add(record["message"])
        elif record["state"] == BEGUN:
            self._dates.setdefault(record["message"], datetime.fromisoformat(record["at"]))


@contextmanager
def open_log(path: Path) -> Iterator[SentLog]:
    """The log at ``path``, locked until the block ends.

    Raises:
        InputError: it cannot be written, or another process keeps it locked.
    """
    with open_to_append(path, "the message it tells of may be sent again, with the same Message-ID") as (stream, told):
        stream.seek(0)
        read = parse_lines(stream.read(), path.name, _record)
        log = SentLog(stream, [*told, *read.faults])
        for record in read.values:
            log.take(record)
        yield log


def _record(value: Any) -> Mapping[str, Any]:
    """A line of the log.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in ("at", "message", "state")):
        raise ValueError("no record of a message")
    datetime.fromisoformat(value["at"])
    return value
