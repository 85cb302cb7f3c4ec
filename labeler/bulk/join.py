"""Joining part files into one file."""

from __future__ import annotations

import shutil
from typing import IO

from labeler.errors import InputError
from labeler.storage import list_files, open_file, write_file


def join_parts(folder: str, suffix: str, target: str) -> None:
    """Write the part files of a folder, in their order, as one file ``target``, which appears whole or not at all.

    Raises:
        InputError: Parquet parts have different columns, or ``target`` cannot be written.
    """
    parts = list_files([folder])
    with write_file(target) as out:
        if suffix == "parquet":
            _join_parquet(parts, out)
            return
        for number, part in enumerate(parts):
            with open_file(part) as stream:
                if suffix == "csv" and number:
                    stream.readline()  # the header
                shutil.copyfileobj(stream, out, 1 << 20)


def _join_parquet(parts: list[str], out: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with open_file(parts[0]) as stream:
        schema = pq.read_schema(stream)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for part in parts:
            with open_file(part) as stream:
                file = pq.ParquetFile(stream, pre_buffer=False)
                if not file.schema_arrow.equals(schema):
                    raise InputError(
                        "the papers come in files with different columns, which do not go into one",
                        "write the labels to a folder (-o labels/)",
                    )
                for group in range(file.num_row_groups):
                    writer.write_table(pa.Table.from_batches(file.iter_batches(row_groups=[group]), schema))
