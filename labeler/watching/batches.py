"""The papers of batches, as JSON lines on the disk: digests that every command reads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from labeler.errors import InputError
from labeler.files import json_line, os_message, read_bytes, sha256, write_bytes
from labeler.json_parsing import JsonError, parse_json
from labeler.papers import Paper

_DIGITS = 12  # of a hash


class BatchFiles:
    """The files of batches in a folder, which need not exist yet. New ones go to the folder ``scratch``, if given."""

    def __init__(self, folder: Path, scratch: Path | None = None) -> None:
        self.folder, self._new = folder, scratch or folder
        self._read: dict[str, list[Paper]] = {}

    def path(self, name: str) -> Path:
        """The file of a batch."""
        new = self._new / f"{name}.jsonl"
        return new if new.exists() else self.folder / new.name

    def write(self, date: str, papers: Sequence[Paper]) -> str:
        """Write the papers of a batch made on a day, and return its name: the day, and a hash of what is in it.

        Raises:
            InputError: the file cannot be written.
        """
        data = "".join(json_line(paper.to_dict()) + "\n" for paper in papers).encode()
        name = f"{date}-{sha256(data)[:_DIGITS]}"
        try:
            self._new.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write {self._new}: {os_message(error)}", "check its permissions") from error
        write_bytes(self._new / f"{name}.jsonl", data)
        self._read[name] = list(papers)
        return name

    def papers(self, name: str) -> list[Paper]:
        """The papers of a batch; none where its file is gone."""
        if name not in self._read:
            found: list[Paper] = []
            with suppress(InputError):
                for line in read_bytes(self.path(name)).splitlines():
                    with suppress(JsonError, ValueError, TypeError, AttributeError):
                        found.append(Paper.from_dict(parse_json(line)))
            self._read[name] = found
        return self._read[name]
