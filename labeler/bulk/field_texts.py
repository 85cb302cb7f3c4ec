"""The titles and abstracts of a batch, as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.bulk.columns import printed
from labeler.digests.fields import columns_of, is_weak, says_enough

if TYPE_CHECKING:
    import pyarrow as pa


def field_texts(batch: pa.RecordBatch, field: str) -> tuple[list[str], list[bool]]:
    """The texts of a field, and which of them are printed ones (:func:`labeler.bulk.columns.printed`).

    Where several columns can hold the field, a row has the text of the first one that is not blank.
    """
    texts, is_printed = [""] * len(batch), np.ones(len(batch), bool)
    for name in columns_of(batch.schema.names, field):
        column = batch.column(name)
        is_printed &= printed(column)
        others = _texts(column)
        if is_weak(name):
            others = [other if says_enough(other) else "" for other in others]
        texts = [text if text and not text.isspace() else other for text, other in zip(texts, others, strict=True)]
        if all(texts):
            break
    return texts, is_printed.tolist()


def _texts(column: pa.Array) -> list[str]:
    values: list[Any] = column.to_pylist()
    if any(type(value) is not str for value in values):
        values = [" ".join(map(str, value)) if isinstance(value, list) else _text(value) for value in values]
    return values


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
