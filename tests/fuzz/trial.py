"""One mutated file, read: what may come of it, and what may not."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

from labeler.digests import FORMATS, read_inputs
from labeler.errors import InputError
from labeler.files import json_line
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import seeds

HANGS = 20  # seconds after which reading a file of some hundred kilobytes is taken to hang
_NAMES = ("a.txt", "a", "a.csv", "a.json", "a.jsonl", "a.xml", "a.html", "a.md", "a.ris", "a.bib", "a.eml", "a.gz")


class FaultError(Exception):
    """Something happened that must not."""


def content_of(number: int, format_name: str, with_shared: bool) -> tuple[bytes, str, str | None]:
    """The mutated file of a number, its name, and the format that is named for it, if one is."""
    chance, known = Random(f"{format_name} {number}"), seeds(with_shared)
    other = chance.choice(known[chance.choice([name for name in sorted(known) if known[name]])])
    content = mutated(chance.choice(known[format_name]), chance, other)
    named = chance.choice([format_name] * 3 + [reader.NAME for reader in FORMATS.builtin])
    is_guessed = format_name == "archive" or chance.random() < 0.5
    return content, chance.choice(_NAMES), None if is_guessed else named


def check(content: bytes, folder: Path, name: str, format_name: str | None) -> float:
    """Read a file, and return how many seconds that took.

    Raises:
        FaultError: it was neither read nor refused as it should be.
    """
    path = folder / name
    path.write_bytes(content)
    begin = time.perf_counter()
    try:
        with _alarm():
            reading = read_inputs([str(path)], format_name, "en")
    except InputError as error:
        _expect("\n" not in str(error).strip() and len(str(error)) < 3000, f"an error of several lines: {error!s:.300}")
    except RecursionError as error:
        raise FaultError("too deep a recursion") from error
    except Exception as error:
        raise FaultError(f"{type(error).__name__}: {error!s:.300}") from error
    else:
        _expect(reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused), "counts differ")
        _expect(all(paper.title or paper.abstract for paper in reading.papers), "a paper without words")
        for paper in reading.papers:
            json_line(paper.to_dict()).encode()
    finally:
        path.unlink()
    return time.perf_counter() - begin


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise FaultError(what)


@contextmanager
def _alarm() -> Iterator[None]:
    def raise_fault(_: int, frame: FrameType | None) -> None:
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "?"
        raise FaultError(f"it hangs at {place}")

    before = signal.signal(signal.SIGALRM, raise_fault)
    signal.alarm(HANGS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
