"""Records of Arrow's batches, in which the readers of Parquet and Arrow have their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING

from labeler.digests.fields import NESTED, distinct, has_paper_fields
from labeler.digests.source import Record, Source
from labeler.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    Table = tuple[pa.Schema, Iterable[pa.RecordBatch]]

ROWS = 1000  # of a batch that is made Python objects at once


def table_records(source: Source, kind: str, opened: Callable[[IO[bytes]], Table]) -> Iterator[Record]:
    """One record for each row of a table of this ``kind``, such as Parquet.

    ``opened`` gives the schema and the batches of the source's open file, which is closed after the last one.

    Raises:
        InputError: pyarrow is not installed, the file is damaged, or it has no column title or abstract.
    """
    try:
        import pyarrow as pa

        try:
            with source.binary() as file:
                schema, batches = opened(file)
                if not has_paper_fields(names_of(schema)):
                    told = ", ".join(schema.names)
                    raise InputError(
                        f"{source.name} has no column title or abstract, only: {told}", "rename the columns"
                    )
                yield from _records(batches)
        except (pa.ArrowException, OSError, UnicodeDecodeError, MemoryError) as error:
            told = " ".join(str(error).split())  # pyarrow may say it in several lines
            raise InputError(f"{source.name} is a damaged {kind} file: {told}", "fetch or export it again") from error
    except ImportError as error:
        raise InputError(f"reading {kind} needs pyarrow", "pip install 'labeler[parquet]'") from error


def names_of(schema: pa.Schema) -> list[str]:
    """The names of columns, and those inside columns that hold whole papers, as answers of Hugging Face do."""
    inner = [field.type for field in schema if _holds_papers(field)]
    return [*schema.names, *(kind.field(place).name for kind in inner for place in range(kind.num_fields))]


def unnested(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with what stands inside columns that hold whole papers as columns of its own."""
    import pyarrow as pa

    names, columns = list[str](), []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if _holds_papers(field):
            names += [field.type.field(place).name for place in range(field.type.num_fields)]
            columns += column.flatten()
        else:
            names.append(field.name)
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, distinct(names))


def _holds_papers(field: pa.Field) -> bool:
    import pyarrow as pa

    return field.name in NESTED and pa.types.is_struct(field.type)


def _records(batches: Iterable[pa.RecordBatch]) -> Iterator[Record]:
    import pyarrow as pa

    row = 0
    for batch in batches:
        names = batch.schema.names
        if len(set(names)) < len(names):
            batch = pa.RecordBatch.from_arrays(batch.columns, distinct(names))
        for begin in range(0, len(batch), ROWS):
            for fields in batch.slice(begin, ROWS).to_pylist():
                row += 1
                yield Record(f"row {row}", fields)
