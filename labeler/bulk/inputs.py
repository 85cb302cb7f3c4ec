"""The bytes that a partition is labelled from, and their digest: by it a later run knows whether they are the same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from labeler.bulk.parts import Partition, footer_begin
from labeler.errors import InputError
from labeler.files import os_message
from labeler.storage import is_in_archive, local_path, open_file
from labeler.temporary import temporary_folder

_CHUNK = 1 << 18
_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class Input:
    """The input of a partition, open: ``digest`` is the SHA-256 of all bytes that its papers are read from.

    ``copy`` is where they lie on this machine, if they come from elsewhere.
    """

    source: str
    digest: str
    copy: Path | None = None
    state: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        """What is read."""
        return str(self.copy or self.source)

    def check(self) -> None:
        """Look whether the file is still the one that the digest was taken of.

        Raises:
            InputError: it has changed, or is gone.
        """
        if self.copy is None and _state(self.source) != self.state:
            raise _changed(self.source)


@contextmanager
def open_input(partition: Partition) -> Iterator[Input]:
    """Take the digest of a partition's bytes, for the length of the context.

    A local file is read once by its digest, and then from the memory in which the system keeps what was just read. One
    of another place, or a member of an archive, is copied to this machine, and its digest is taken on the way: it is
    fetched once.

    Raises:
        InputError: the file has changed since the partition was planned, or while it was read.
    """
    if local_path(partition.source) is not None and not is_in_archive(partition.source):
        state = _state(partition.source)
        try:
            given = Input(partition.source, _digest(partition), state=state)
        except OSError as error:
            raise InputError(f"cannot read {partition.source}: {os_message(error)}", "copy it again") from error
        try:
            yield given
        except InputError:
            given.check()  # what looks like damage may be a change
            raise
        given.check()
        return
    with ExitStack() as stack:
        try:
            copy = stack.enter_context(temporary_folder()) / "input"
            given = Input(partition.source, _digest(partition, copy), copy)
        except OSError as error:
            hint = "is there room in the folder for temporary files?"
            raise InputError(f"cannot copy {partition.source}: {os_message(error)}", hint) from error
        yield given


def _digest(partition: Partition, path: Path | None = None) -> str:
    """The digest of the footer and of the row groups of a partition of Parquet; of another file, of all its bytes.

    They are copied to the same places of the file at ``path``.
    """
    digest = hashlib.sha256()
    with open_file(partition.source) as stream, path.open("wb") if path else nullcontext() as copy:
        if partition.groups is None:
            _feed(stream, None, digest, copy)
            return digest.hexdigest()
        if copy is not None:
            copy.write(_MAGIC)
        _feed(stream, (footer_begin(stream), stream.seek(0, os.SEEK_END)), digest, copy)
        if digest.hexdigest() != partition.footer:
            raise _changed(partition.source)
        _feed(stream, partition.span, digest, copy)
    return digest.hexdigest()


def _feed(stream: IO[bytes], span: tuple[int, int] | None, digest: hashlib._Hash, copy: IO[bytes] | None) -> None:
    """Give a digest, and a copy, the bytes of a span, or all."""
    left = -1
    if span is not None:
        stream.seek(span[0])
        left = span[1] - span[0]
        if copy is not None:
            copy.seek(span[0])
    while left and (piece := stream.read(_CHUNK if left < 0 else min(left, _CHUNK))):
        digest.update(piece)
        if copy is not None:
            copy.write(piece)
        left -= len(piece) if left > 0 else 0


def _state(source: str) -> tuple[int, ...]:
    """What changes when a local file does."""
    path = local_path(source)
    assert path is not None
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _changed(source: str) -> InputError:
    return InputError(f"{source} changed while it was read", "run the command again when it is complete")
