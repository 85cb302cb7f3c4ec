"""Where a digest comes from: a file or standard input, plain or gzipped, in any usual encoding."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from labeler.errors import InputError
from labeler.files import spoken

_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Record:
    """One record as its format spells it: ``where`` it stood (``line 12``) and its fields."""

    where: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that could not be used: in which file, where in it, and why."""

    source: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.source}, {self.where}: {self.why}" if self.where else f"{self.source}: {self.why}"


class Source:
    """One input. ``head`` is its beginning as text, for guessing the format; ``-`` is standard input.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == "-" else Path(name).name
        self._path = None if name == "-" else Path(name)
        try:
            self._stream = self._open()
            head = self._peek()
        except (OSError, EOFError) as error:
            reason = spoken(error) if isinstance(error, OSError) and error.errno else f"damaged ({error})"
            raise InputError(f"cannot read {name}: {reason}", "check the name") from error
        self.is_parquet = head.startswith(b"PAR1")
        self.encoding = _encoding(head)
        self.head = head.decode(self.encoding, "replace")

    @property
    def suffix(self) -> str:
        """The file's extension in lower case, with the dot, that of the content when it is gzipped; ``""`` if none."""
        if self._path is None:
            return ""
        name = self._path.with_suffix("") if self._path.suffix.lower() == ".gz" else self._path
        return name.suffix.lower()

    def text(self) -> IO[str]:
        """The whole input as text, from its beginning; what cannot be decoded reads as U+FFFD."""
        return io.TextIOWrapper(cast("Any", self._stream), encoding=self.encoding, errors="replace", newline="")

    def binary(self) -> IO[bytes]:
        """The whole input as bytes one can seek in (standard input is first copied to a temporary file)."""
        if self._stream.seekable():
            return cast("IO[bytes]", self._stream)
        spool = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as its reader)
        shutil.copyfileobj(self._stream, spool)
        spool.seek(0)
        return spool

    def _open(self) -> io.BufferedReader:
        raw = sys.stdin.buffer if self._path is None else self._path.open("rb")
        stream = io.BufferedReader(cast("Any", raw), _HEAD)
        if stream.peek(2)[:2] == b"\x1f\x8b":
            stream = io.BufferedReader(cast("Any", gzip.GzipFile(fileobj=stream)), _HEAD)
        return stream

    def _peek(self) -> bytes:
        """The first bytes; a pipe may give them in pieces, so what was read is put back in front."""
        if self._stream.seekable():
            head = self._stream.read(_HEAD)
            self._stream.seek(0)
            return head
        head = self._stream.read(_HEAD)
        self._stream = io.BufferedReader(cast("Any", _Rejoined(head, self._stream)), _HEAD)
        return head


class _Rejoined(io.RawIOBase):
    """A stream with its head put back in front."""

    def __init__(self, head: bytes, rest: io.BufferedReader) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._head[: len(buffer)] if self._head else self._rest.read1(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _encoding(head: bytes) -> str:
    """By byte order mark; else UTF-8 if the head is that, else Windows-1252 (old exports)."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for cut in range(4):  # the head may end inside a character
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "utf-8-sig"
    return "cp1252"
