"""The log of mail: what was sent to whom, and what was not. It only grows, and one process at a time sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

from labeler.appending import append_lines, now, open_to_append, parse_lines, read_lines

BEGUN, SENT, REFUSED, WAITING = "begun", "sent", "refused", "waiting"
_TEXTS = ("at", "state", "to", "digest", "message")  # of each line


class Letter(NamedTuple):
    """A digest for one person: the name of the digest, the address, and the id of the message that brings it."""

    digest: str
    to: str
    message_id: str
    papers: int

    @property
    def key(self) -> tuple[str, str]:
        """What is sent once: the message id changes with the name of the list."""
        return self.digest, self.to.casefold()


@dataclass
class SentLog:
    """The log, which this process has locked. ``messages`` tell of lines that cannot be read, and of a repair."""

    stream: IO[bytes]
    messages: list[str]
    _sent: set[tuple[str, str]] = field(default_factory=set)
    _begun: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)

    def has(self, letter: Letter) -> bool:
        """Whether it was sent."""
        return letter.key in self._sent

    def begin(self, letter: Letter) -> tuple[str, datetime]:
        """The message id and the date: those with which sending was begun first, which is noted where it is now.

        Raises:
            OSError: the log cannot be written.
        """
        if letter.key not in self._begun:
            self.note(letter, BEGUN)
        message_id, date = self._begun[letter.key]
        return message_id, date.astimezone()

    def note(self, letter: Letter, state: str, reason: str = "") -> None:
        """Append what became of a letter, before anything else is done.

        Raises:
            OSError: the log cannot be written.
        """
        record = {
            "at": now(),
            "state": state,
            "to": letter.to,
            "digest": letter.digest,
            "message": letter.message_id,
            "papers": letter.papers,
            **({"reason": reason} if reason else {}),
        }
        append_lines(self.stream, [record])
        self.take(record)

    def take(self, record: Mapping[str, Any]) -> None:
        """Take in a line of the log."""
        key = record["digest"], record["to"].casefold()
        if record["state"] == SENT:
            self._sent.add(key)
        elif record["state"] == BEGUN:
            self._begun.setdefault(key, (record["message"], datetime.fromisoformat(record["at"])))


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


def sent_so_far(path: Path) -> SentLog:
    """The log at ``path`` as it is, to be looked at and not to be written. It need not exist.

    Raises:
        InputError: it cannot be read.
    """
    read = read_lines(path, _record)
    log = SentLog(BytesIO(), read.faults)
    for record in read.values:
        log.take(record)
    return log


def _record(value: Any) -> Mapping[str, Any]:
    """A line of the log.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in _TEXTS):
        raise ValueError("no record of a message")
    datetime.fromisoformat(value["at"])
    return value
