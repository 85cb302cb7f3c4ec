"""Records of Arrow's batches, in which the readers of Parquet and Arrow have their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from labeler.digests.fields import distinct, has_paper_fields
from labeler.digests.source import Record, Source
from labeler.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1000  # of a batch that is made Python objects at once


def check_names(source: Source, names: Sequence[str]) -> None:
    """Look whether some column holds titles or abstracts.

    Raises:
        InputError: none does.
    """
    if not has_paper_fields(names):
        raise InputError(
            f"{source.name} has no column title or abstract, only: {', '.join(names)}", "rename the columns"
        )


def damaged(source: Source, kind: str, error: Exception) -> InputError:
    """The error for a file in which pyarrow found something wrong, which it may say in several lines."""
    told = " ".join(str(error).split())
    return InputError(f"{source.name} is a damaged {kind} file: {told}", "fetch or export it again")


def records_of(batches: Iterable[pa.RecordBatch]) -> Iterator[Record]:
    """One record for each row."""
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
