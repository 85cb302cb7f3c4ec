"""Joining part files into one file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import IO, NoReturn

from labeler.bulk.part_files import PARQUET, PartRecord, is_whole
from labeler.errors import InputError
from labeler.publish.registry import COLUMNS, writer_named
from labeler.storage import join_path, open_file, sweep_beside, write_file

_CHUNK = 1 << 20


def join_parts(folder: str, parts: Sequence[PartRecord], output: str, target: str) -> None:
    """Write part files of a folder, in the order of their names, as one file ``target``, whole or not at all.

    ``parts`` are the records of all parts, which are checked, and ``output`` is what they are written in.

    Raises:
        InputError: a part is not as it was written, Parquet parts have different columns, or ``target`` cannot be
            written.
    """
    ordered = sorted(parts)
    sweep_beside(target)
    with write_file(target) as out:
        if output == COLUMNS and len(ordered) > 1:
            _join_parquet(folder, ordered, out)
            return
        head = b"" if output == COLUMNS else getattr(writer_named(output), "HEAD", "").encode()
        for number, part in enumerate(ordered):
            _append(folder, part, head if number else b"", out)


def _append(folder: str, part: PartRecord, head: bytes, out: IO[bytes]) -> None:
    """Append a part without its ``head``."""
    size, digest = 0, hashlib.sha256()
    try:
        with open_file(join_path(folder, part.name)) as stream:
            while piece := stream.read(_CHUNK):
                digest.update(piece)
                out.write(piece[max(0, len(head) - size) :])
                size += len(piece)
    except InputError:
        _not_whole(part)
    if digest.hexdigest() != part.digest:
        _not_whole(part)


def _join_parquet(folder: str, parts: Sequence[PartRecord], out: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer, schema = None, None
    try:
        for part in parts:
            if not is_whole(folder, part):
                _not_whole(part)
            with open_file(join_path(folder, part.name)) as stream:
                file = pq.ParquetFile(stream, pre_buffer=False)
                schema = file.schema_arrow if schema is None else schema
                if not file.schema_arrow.equals(schema):
                    raise InputError(
                        "the papers come in files with different columns, which do not go into one",
                        "write the labels to a folder (-o labels/)",
                    )
                writer = writer or pq.ParquetWriter(out, schema, **PARQUET)
                for group in range(file.num_row_groups):
                    writer.write_table(pa.Table.from_batches(file.iter_batches(row_groups=[group]), schema))
    finally:
        if writer is not None:
            writer.close()


def _not_whole(part: PartRecord) -> NoReturn:
    raise InputError(f"the part {part.name} is not as it was written", "run the command again, which makes it anew")
