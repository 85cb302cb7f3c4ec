"""Parquet files with title and abstract columns, read in batches."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.batches import ROWS, check_names, damaged, records_of
from labeler.digests.source import Record, Refusal, Source
from labeler.errors import InputError

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
    if not looks_like(source):  # the format was named
        return
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError("reading Parquet needs pyarrow", "pip install 'labeler[parquet]'") from error
    try:
        # Without pre_buffer=False, pyarrow keeps what it has read: memory grows with the file.
        table = pq.ParquetFile(source.binary(), pre_buffer=False)
        check_names(source, table.schema_arrow.names)
        yield from records_of(table.iter_batches(batch_size=ROWS))
    except (pa.ArrowException, OSError, UnicodeDecodeError, MemoryError) as error:
        raise damaged(source, "Parquet", error) from error
