"""Parquet files with title and abstract columns, read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from labeler.digests.batches import ROWS, table_records
from labeler.digests.source import Record, Refusal, Source

if TYPE_CHECKING:
    from labeler.digests.batches import Table

NAME = "parquet"
RANK = 10
ABOUT = "Parquet table with columns title and abstract (authors, date, categories, url, doi are used too)"


def looks_like(source: Source) -> bool:
    """Whether the input begins as Parquet files do."""
    return source.table_format == NAME


def records(source: Source) -> Iterator[Record | Refusal]:
    """Yield one record for each row.

    Raises:
        InputError: pyarrow is not installed, the file is damaged, or it has no column title or abstract.
    """
    if looks_like(source):  # else the format was named
        yield from table_records(source, "Parquet", _opened)


def _opened(file: IO[bytes]) -> Table:
    import pyarrow.parquet as pq

    # Without pre_buffer=False, pyarrow keeps what it has read: memory grows with the file.
    table = pq.ParquetFile(file, pre_buffer=False)
    return table.schema_arrow, table.iter_batches(batch_size=ROWS)
