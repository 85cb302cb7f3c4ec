"""Outputs in a dry run: everything is made as ever, and goes nowhere but into a sentence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any


@dataclass
class WouldWrite:
    """What would be written: the file (None: standard output), its size, and whether it takes the place of another."""

    file: str | None
    replaces: bool
    bytes: int = 0

    @property
    def sentence(self) -> str:
        """It in words."""
        size = f"{self.bytes:,} byte{'' if self.bytes == 1 else 's'}"
        if self.file is None:
            return f"Would print {size} on standard output."
        return f"Would write {self.file} ({size}){', in place of the one that is there' if self.replaces else ''}."

    def to_dict(self) -> dict[str, Any]:
        """It for programs."""
        return {"file": self.file, "bytes": self.bytes, "replaces": self.replaces}


@contextmanager
def written_nowhere(path: str | Path | None, binary: bool) -> Iterator[tuple[IO[Any], WouldWrite]]:
    """A stream in the place of an output, and what would be written, which is complete when the block has ended.

    It is a file without a name: some formats go back and forth in what they write.

    Raises:
        InputError: the output could not be written.
    """
    from labeler.files import checked_place

    place = None if path is None else checked_place(Path(path))
    would = WouldWrite(None if path is None else str(path), place is not None and place.exists())
    with TemporaryFile("w+b") as stream:
        if binary:
            yield stream, would
        else:
            text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
            yield text, would
            text.flush()
            text.detach()
        would.bytes = stream.seek(0, io.SEEK_END)
