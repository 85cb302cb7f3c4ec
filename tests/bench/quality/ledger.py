"""The figures of runs, one JSON object a line in a file that only grows: a killed run goes on where it was."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any
from zlib import compress, decompress

import numpy as np
import numpy.typing as npt

from tests.bench.quality.splits import Guess

KEY = ("data", "papers", "method", "code", "count", "seed")
Record = dict[str, Any]


class Ledger:
    """What was run before. A record is found by what was learned from and asked, by whom, and in which version."""

    def __init__(self, path: Path) -> None:
        self.path = path
        *lines, broken = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
        self.records = {_key(record): record for record in map(_read, lines) if record}
        if broken:  # a killed run left half a line
            with path.open("a", encoding="utf-8") as stream:
                stream.write("\n")

    def get(self, **key: Any) -> Record | None:
        """The record of this run, if there is one."""
        return self.records.get(_key(key))

    def add(self, record: Record) -> None:
        """Keep the record of a run."""
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record) + "\n")
        self.records[_key(record)] = record


def packed(answer: npt.NDArray[Any]) -> str:
    """Topics given (n_papers, n_topics), or scores (n_papers,), in few characters."""
    data = np.packbits(answer).tobytes() if answer.dtype == bool else answer.astype("<f4").tobytes()
    return b64encode(compress(data, 9)).decode()


def guess_of(text: str, shape: tuple[int, ...]) -> Guess:
    """The topics that :func:`packed` wrote."""
    bits = np.frombuffer(decompress(b64decode(text)), dtype=np.uint8)
    return np.unpackbits(bits, count=int(np.prod(shape))).reshape(shape).astype(bool)


def scores_of(text: str) -> npt.NDArray[np.float64]:
    """The scores that :func:`packed` wrote."""
    return np.frombuffer(decompress(b64decode(text)), dtype="<f4").astype(np.float64)


def _read(line: str) -> Record:
    """The record in a line, empty for half a line."""
    try:
        record: Record = json.loads(line)
    except ValueError:
        return {}
    return record


def _key(record: Record) -> tuple[Any, ...]:
    return tuple(record[name] for name in KEY)
