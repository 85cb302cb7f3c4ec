"""An index of the log by paper: the judgements of a few papers are found without reading the others.

The index tells for each identifier which lines of the log have it. It is kept in a file, which is used as long as the
log has the same size, times (of change and of metadata), inode and device as when it was read. The clock of a file
system may tick slower than a log is written, so an index that is made within seconds of a change is not kept (Git's
index has the same problem: https://git-scm.com/docs/racy-git).
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.arrays import mapped, packed
from labeler.dry_runs import is_dry
from labeler.errors import LabelerError
from labeler.files import open_regular, regular_bytes, write_bytes
from labeler.json_parsing import parse_json
from labeler.judgements.judgement import Judgement

if TYPE_CHECKING:
    import numpy.typing as npt

    Arrays = dict[str, npt.NDArray[Any]]

INDEX = "judgements.index"  # the file in the private folder of a workspace
_WORTH_KEEPING = 1 << 19  # bytes of a log; a smaller one is read in less time than a file is written
_RACY = 2.0  # seconds
_VERSION = 1  # of what the file holds
# The beginning and the end of a line as labeler writes it. Other lines are decoded as JSON.
_HEAD = re.compile(rb'\{"id": "([^"\\]*)", "paper": "([^"\\]*)", "ids": \[([^\]\\]*)\], "title": "')
_TAIL = re.compile(rb'"supersedes": (?:null|"([^"\\]*)")\}\s*$')
_TEXT = re.compile(rb'"([^"]*)"')
_TAIL_LENGTH = 120


class LogIndex:
    """The index of the log at ``log``. With a ``folder``, which is made when it is first needed, it is kept there.

    Raises:
        OSError: the log cannot be read.
    """

    def __init__(self, log: Path, folder: Callable[[], Path] | None = None) -> None:
        self._log = log
        self._stamp = _stamp(log)
        self._arrays = self._kept(folder) or self._made(folder)

    def __bool__(self) -> bool:
        return bool(len(self._arrays["keys"]))

    @property
    def keys(self) -> npt.NDArray[Any]:
        """The keys of all identifiers (:func:`key_of`), sorted."""
        return self._arrays["keys"]

    def judgements_of(self, identifiers: Iterable[str]) -> list[Judgement]:
        """The judgements of all papers that have one of the identifiers, or share another one with such a paper.

        All versions of a judgement are among them, and some judgements of other papers may be.

        Raises:
            OSError: the log cannot be read.
        """
        found: dict[int, Judgement | None] = {}
        waiting = {key_of(identifier) for identifier in identifiers}
        asked: set[int] = set()
        with open_regular(self._log) as stream:
            while waiting:
                asked |= waiting
                judgements = []
                for line in self._lines(waiting) - found.keys():
                    stream.seek(int(self._arrays["begins"][line]))
                    found[line] = judgement = _parsed(stream.readline())
                    judgements.append(judgement)
                waiting = {key for judgement in judgements if judgement for key in _keys_of(judgement)} - asked
        by_id = {judgement.id: judgement for _, judgement in sorted(found.items(), reverse=True) if judgement}
        return list(by_id.values())

    def _lines(self, keys: Iterable[int]) -> set[int]:
        """The numbers of the lines that have one of the keys."""
        import numpy as np

        wanted = np.array(sorted(keys), np.uint32)
        known = self._arrays["keys"]
        begins, ends = (np.searchsorted(known, wanted, side=side).tolist() for side in ("left", "right"))
        lines = self._arrays["lines"]
        return {line for begin, end in zip(begins, ends, strict=True) for line in lines[begin:end].tolist()}

    def _kept(self, folder: Callable[[], Path] | None) -> Arrays | None:
        """The arrays of the file; None where there is none, it is damaged, or it is of another state of the log."""
        if folder is None or self._stamp[0] < _WORTH_KEEPING:
            return None
        try:
            _, arrays = mapped(folder() / INDEX)
            return arrays if arrays["state"].tolist() == [_VERSION, _checksum(arrays), *self._stamp] else None
        except (OSError, LookupError, ValueError, LabelerError):
            return None

    def _made(self, folder: Callable[[], Path] | None) -> Arrays:
        """The arrays from the log. They are kept where that is worth it, and nobody changes the log meanwhile."""
        import numpy as np

        arrays = _indexed(regular_bytes(self._log))
        is_recent = time.time() - max(self._stamp[1:3]) / 1e9 < _RACY
        is_small = self._stamp[0] < _WORTH_KEEPING
        if folder is None or is_dry() or is_small or is_recent or _stamp(self._log) != self._stamp:
            return arrays
        state = np.array([_VERSION, _checksum(arrays), *self._stamp], np.int64)
        with suppress(OSError, LabelerError):  # without a place for it, the log is read each time
            write_bytes(folder() / INDEX, b"".join(packed(arrays | {"state": state})))
        return arrays


def key_of(identifier: str) -> int:
    """The key of an identifier: its CRC-32. Two identifiers may have the same one, so what is found is compared."""
    return zlib.crc32(identifier.encode("utf-8", "replace"))


def _keys_of(judgement: Judgement) -> set[int]:
    """The keys of a judgement: of its paper's identifiers, of its own id, and of the one that it supersedes."""
    versions = [judgement.id, *([judgement.supersedes] if judgement.supersedes else [])]
    return {
        key_of(text) for text in (judgement.paper, *judgement.ids, *(f"judgement:{version}" for version in versions))
    }


def _indexed(data: bytes) -> Arrays:
    """The arrays of the index: ``begins`` of lines, and the ``keys`` with the ``lines`` that have them."""
    import numpy as np

    begins, keys, lines = [], [], []
    begin = 0
    for number, line in enumerate(data.split(b"\n")):
        begins.append(begin)
        begin += len(line) + 1
        found = _line_keys(line)
        keys += found
        lines += [number] * len(found)
    order = np.argsort(np.array(keys, np.uint32), kind="stable")
    return {
        "begins": np.array(begins, np.int64),
        "keys": np.array(keys, np.uint32)[order],
        "lines": np.array(lines, np.int32)[order],
    }


def _line_keys(line: bytes) -> list[int]:
    """The keys of a line; none where it is no judgement."""
    head, tail = _HEAD.match(line), _TAIL.search(line[-_TAIL_LENGTH:])
    if head is None or tail is None:
        judgement = _parsed(line)
        return sorted(_keys_of(judgement)) if judgement else []
    crc = zlib.crc32
    keys = {crc(head[2]), crc(b"judgement:" + head[1]), *map(crc, _TEXT.findall(head[3]))}
    if tail[1]:
        keys.add(crc(b"judgement:" + tail[1]))
    return list(keys)


def _parsed(line: bytes) -> Judgement | None:
    try:
        return Judgement.from_dict(parse_json(line)) if line.strip() else None
    except (ValueError, AttributeError):
        return None


def _checksum(arrays: Arrays) -> int:
    checksum = 0
    for name in ("begins", "keys", "lines"):
        checksum = zlib.crc32(arrays[name].tobytes(), checksum)
    return checksum


def _stamp(path: Path) -> list[int]:
    """What changes when a file changes: its size, its times of change and of metadata, its inode and its device."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev]
