"""The answers of a service that are kept: what came once is not asked for again while it is new.

Each address has a small file by its SHA-256, which says when its answer came and what the service called it (RFC 9110,
section 8.8: ETag and Last-Modified); addresses themselves, which may tell a secret of somebody, are not kept. The
answer lies beside it in a file by its own SHA-256: a file is written once, and two processes write the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labeler.errors import InputError
from labeler.files import os_message, regular_bytes, write_bytes
from labeler.json_parsing import parse_json

_KEPT = 7 * 86_400  # seconds that an answer is kept after it was used last
_UNFINISHED = 86_400  # seconds in which what came before a failure counts as new
_NAME = 32  # digits of a hash in the name of a file


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer that is kept: its file, when it came, and what the service called it."""

    file: Path
    at: float
    etag: str = ""
    modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the answer only if it has changed."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}

    def content(self) -> bytes:
        """The answer.

        Raises:
            OSError: it is not there any more, or damaged.
        """
        content = regular_bytes(self.file)
        if not self.file.stem.endswith(_hash(content)):
            raise OSError("damaged")
        return content


class Cache:
    """The answers of one service, in a folder that is made where it is missing.

    Raises:
        InputError: the folder cannot be written to.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise InputError(
                f"cannot keep what is fetched in {self.folder}: {os_message(error)}",
                "name another folder in XDG_CACHE_HOME",
            ) from error

    def find(self, url: str) -> Entry | None:
        """What is kept of an address; None where there is nothing, or nothing that can be used."""
        try:
            told = parse_json(regular_bytes(self._about(url)))
            at, name = float(told["at"]), Path(told["file"]).name
            entry = Entry(self.folder / name, at, _header(told.get("etag")), _header(told.get("modified")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return entry if entry.file.is_file() else None

    def keep(self, url: str, content: bytes, ending: str, headers: Mapping[str, str], now: float) -> Entry:
        """Keep an answer."""
        file = self.folder / f"{self.folder.name}-{_hash(content)}{ending}"
        entry = Entry(file, now, _header(headers.get("etag")), _header(headers.get("last-modified")))
        write_bytes(file, content)
        self._note(url, entry)
        return entry

    def renew(self, url: str, entry: Entry, now: float) -> Entry:
        """Note that an answer is still the one that the service gives."""
        renewed = Entry(entry.file, now, entry.etag, entry.modified)
        self._note(url, renewed)
        return renewed

    def begin(self, query: str, now: float) -> float:
        """Note that a query has begun. If it began before and came to no end, what came since then counts as new, and
        that time is returned; otherwise a time that never comes.
        """
        marker = self._marker(query)
        with suppress(OSError):
            since = marker.stat().st_mtime
            if 0 <= now - since <= _UNFINISHED:
                return since
        with suppress(OSError):
            marker.touch()
            os.utime(marker, (now, now))
        return float("inf")

    def end(self, query: str) -> None:
        """Note that a query has come to its end, and remove what has not been used for long."""
        self._marker(query).unlink(missing_ok=True)
        limit = time.time() - _KEPT
        for path in self.folder.iterdir():
            with suppress(OSError):
                if path.stat().st_mtime < limit:
                    path.unlink()

    def _note(self, url: str, entry: Entry) -> None:
        told = {"file": entry.file.name, "at": entry.at, "etag": entry.etag, "modified": entry.modified}
        with suppress(OSError):
            entry.file.touch()
        write_bytes(self._about(url), json.dumps(told).encode())

    def _about(self, url: str) -> Path:
        return self.folder / f"{_hash(url.encode())}.about"

    def _marker(self, query: str) -> Path:
        return self.folder / f"{_hash(query.encode())}.begun"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_NAME]


def _header(value: object) -> str:
    """A value that may stand in a header; empty for others."""
    return value if isinstance(value, str) and value.isascii() and value.isprintable() and len(value) < 1000 else ""
