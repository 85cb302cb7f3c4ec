"""Arrow files: Feather, and the streams in which Hugging Face keeps data sets, read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from labeler.digests.batches import table_records
from labeler.digests.source import Record, Refusal, Source

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.digests.batches import Table

NAME = "arrow"
RANK = 10
ABOUT = "Arrow or Feather table with columns title and abstract (the same are used as of Parquet)"


def looks_like(source: Source) -> bool:
    """Whether the input begins as Arrow's files and streams do."""
    return source.table_format == NAME


def records(source: Source) -> Iterator[Record | Refusal]:
    """Yield one record for each row.

    Raises:
        InputError: pyarrow is not installed, the file is damaged, or it has no column title or abstract.
    """
    if looks_like(source):  # else the format was named
        yield from table_records(source, "Arrow", _opened)


def _opened(file: IO[bytes]) -> Table:
    import pyarrow as pa

    start = file.read(6)
    file.seek(0)
    if start.startswith(b"FEA1"):
        from pyarrow import feather

        table = feather.read_table(file)
        return table.schema, map(_checked, table.to_batches())
    if start == b"ARROW1":
        table = pa.ipc.open_file(_mapped(file))
        return table.schema, map(_checked, map(table.get_batch, range(table.num_record_batches)))
    stream = pa.ipc.open_stream(_mapped(file))
    return stream.schema, map(_checked, stream)


def _checked(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch whose values lie within it: what a damaged file says of their places would end the process."""
    batch.validate(full=True)
    return batch


def _mapped(stream: IO[bytes]) -> Any:
    """A local file mapped into memory, where a batch takes up no more of it than is looked at; others as they are."""
    import pyarrow as pa

    name = getattr(stream, "name", None)
    return pa.memory_map(name) if isinstance(name, str) else stream
