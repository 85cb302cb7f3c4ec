"""Parts put together to one file."""

from __future__ import annotations

import shutil
from typing import IO

from labeler.bulk.places import files_of, opened, written


def joined(folder: str, suffix: str, target: str) -> None:
    """Write the parts in a folder, in their order, as one file, which is there whole or not at all."""
    parts = files_of([folder])
    with written(target) as out:
        if suffix == "parquet":
            _join_parquet(parts, out)
            return
        for number, part in enumerate(parts):
            with opened(part) as stream:
                if suffix == "csv" and number:
                    stream.readline()  # the header
                shutil.copyfileobj(stream, out, 1 << 20)


def _join_parquet(parts: list[str], out: IO[bytes]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for part in parts:
        with opened(part) as stream:
            file = pq.ParquetFile(stream, pre_buffer=False)
            writer = writer or pq.ParquetWriter(out, file.schema_arrow, compression="zstd")
            for group in range(file.num_row_groups):
                writer.write_table(pa.Table.from_batches(file.iter_batches(row_groups=[group]), file.schema_arrow))
    if writer is not None:
        writer.close()
