"""Part files and what is known of each: its size and digest, how many papers it has, and the digest of their input.

While a run goes on, the record of a part lies beside it. It is written first: a part without one was not written by
that run, and one that differs from it is not whole. When a run ends, the records go into that of the whole run.
"""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from labeler.bulk.inputs import Input
from labeler.bulk.parts import RUN_RECORD
from labeler.errors import InputError, LabelerError, RefusedError
from labeler.json_parsing import parse_json
from labeler.storage import exists, file_size, join_path, open_file, read_file, write_file

# Without dictionaries, files are written faster: most values come once, others compress well.
PARQUET: dict[str, Any] = {"compression": "zstd", "use_dictionary": False}
RUN = "run"  # the key of a run's name in the record of its folder
_CHUNK = 1 << 20


class PartRecord(NamedTuple):
    """A part file: its name, size and SHA-256, the number of its papers, and the digest of the input they are from."""

    name: str
    size: int
    digest: str
    papers: int
    source: str

    @classmethod
    def of(cls, value: Any) -> PartRecord:
        """A record as it stands in a file.

        Raises:
            ValueError: it is none.
        """
        kinds = {"name": str, "size": int, "digest": str, "papers": int, "source": str}
        if not isinstance(value, dict) or {key: type(part) for key, part in value.items()} != kinds:
            raise ValueError("it is no record of a part")
        return cls(**value)


@dataclass(slots=True)
class NewPart:
    """A part that is written to ``stream``: the writer says how many ``papers``, and has the record at the end."""

    stream: Any
    papers: int = 0
    records: tuple[PartRecord, ...] = ()


@contextmanager
def new_part(target: str, given: Input, run: str = "") -> Iterator[NewPart]:
    """Write a part file of an input: it appears whole, or not at all. Its record is there before it.

    ``run`` is the name of the run in the record of the folder, if there is one.

    Raises:
        InputError: it cannot be written, or the input has changed meanwhile.
        RefusedError: another run has taken the folder.
    """
    folder, name = posixpath.split(target)
    check_run(folder, run)  # a worker may live on when its run was killed
    with write_file(target) as stream:
        counted = _Counted(stream)
        part = NewPart(counted)
        yield part
        given.check()
        check_run(folder, run)
        record = PartRecord(name, counted.size, counted.digest.hexdigest(), part.papers, given.digest)
        write_record(folder, record)
        part.records = (record,)


def check_run(folder: str, run: str) -> None:
    """Look whether a folder is still that of a run.

    Raises:
        RefusedError: another run has taken it.
    """
    if not run:
        return
    try:
        record = parse_json(read_file(join_path(folder, RUN_RECORD)))
    except (InputError, ValueError):
        record = None
    if not isinstance(record, dict) or record.get(RUN) != run:
        raise RefusedError(f"another run has taken {folder}", "its labels will be there when it has ended")


def write_record(folder: str, record: PartRecord) -> None:
    """Write the record of a part beside it."""
    with write_file(join_path(folder, record_name(record.name))) as stream:
        stream.write(json.dumps(record._asdict()).encode())


def whole_part(target: str, given: Input) -> PartRecord | None:
    """The record of a part file that is there, whole, and of this input; else None."""
    folder, name = posixpath.split(target)
    path = join_path(folder, record_name(name))
    if not exists(target) or not exists(path):
        return None
    try:
        record = PartRecord.of(parse_json(read_file(path)))
    except (LabelerError, ValueError):
        return None
    return record if (record.name, record.source) == (name, given.digest) and is_whole(folder, record) else None


def is_whole(folder: str, record: PartRecord) -> bool:
    """Whether a part file is there and as it was written."""
    path = join_path(folder, record.name)
    try:
        if not exists(path) or file_size(path) != record.size:
            return False
        return _digest(path) == record.digest
    except (LabelerError, OSError):
        return False


def adopt_part(target: str, papers: int, given: Input) -> None:
    """Give a part that an earlier version wrote the record that it would have now; an empty one is none."""
    folder, name = posixpath.split(target)
    if (size := file_size(target)) and not exists(join_path(folder, record_name(name))):
        write_record(folder, PartRecord(name, size, _digest(target), papers, given.digest))


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open_file(path) as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def record_name(part: str) -> str:
    """The name of the file with the record of a part; as others that begin so, it is no input to any program."""
    return f"_{part}.json"


class _Counted(io.BufferedIOBase):
    """A stream whose ``size`` and ``digest`` are known when all is written to it, one piece after the other."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.size = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        """Always true, which :class:`io.BufferedIOBase` needs to know."""
        return True

    def write(self, data: Any) -> int:
        """Write a piece."""
        written = memoryview(data).nbytes
        self._stream.write(data)
        self.digest.update(data)
        self.size += written
        return written

    def tell(self) -> int:
        """How much is written."""
        return self.size

    def flush(self) -> None:
        """Flush what is written to, which stays open when this is closed."""
        if not self._stream.closed:
            self._stream.flush()
