"""Parquet: a row a paper, with what JSON lines say of it. Very many papers are written by :mod:`labeler.bulk`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any

from labeler.errors import InputError
from labeler.files import json_line
from labeler.publish.labelled import LabelledPaper

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "parquet"
SUFFIXES = (".parquet",)
BINARY = True
ABOUT = "Parquet, for programs and very many papers"
_AT_ONCE = 4096  # rows of a group


def write(papers: Iterable[LabelledPaper], out: IO[bytes], names: Mapping[str, str]) -> None:
    """All papers, some thousand at a time; topics by id.

    Raises:
        InputError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise InputError("writing Parquet needs pyarrow", "pip install 'labeler[parquet]'") from error

    waiting = iter(papers)
    first = list(islice(waiting, 1))
    schema = _schema(tuple(first[0].scores if first else names), bool(first) and first[0].also is not None)
    remaining = chain(first, waiting)
    with ParquetWriter(out, schema, compression="zstd") as writer:
        while some := list(islice(remaining, _AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(list(map(_row, some)), schema))


def _row(item: LabelledPaper) -> dict[str, Any]:
    """The record as JSON lines have it, without what no table can hold (halves of characters)."""
    row: dict[str, Any] = json.loads(json_line(item.to_dict()))
    return row


def _schema(topics: Sequence[str], with_also: bool) -> pa.Schema:
    """The columns, in the order of JSON lines; ``scores`` has a field for each of the ``topics``.

    ``with_also`` asks for the column of cross-lists.
    """
    import pyarrow as pa

    text, number = pa.string(), pa.float32()
    texts = pa.list_(text)
    given = pa.struct({"topic": text, "probability": number, "because": texts, "precision": number, "by": texts})
    kinds = {
        "id": text, "ids": texts, "title": text, "abstract": text, "authors": texts, "date": text, "url": text,
        "categories": texts, "source": text, "flags": texts, "venue": text, "language": text, "keywords": texts,
        "notes": texts, "curator": text, "topics": pa.list_(given),
        "scores": pa.struct(dict.fromkeys(topics or ["none"], number)),  # a file has no structure without a field
        "decision": text, "reason": text, "model": text, "torn": texts,
    }  # fmt: skip
    if with_also:
        kinds["also"] = pa.list_(pa.struct({"topic": text, "probability": number}))
    return pa.schema(kinds)
