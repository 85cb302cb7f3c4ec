"""Papers and labels as columns: no object a paper is made on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.features.terms import APART
from labeler.features.tokens import batches, encoded
from labeler.score.decision import DECISIONS, REASONS, Flags, Verdicts, verdicts
from labeler.score.familiarity import out_of_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.features.tfidf import Floats
    from labeler.score.model import TopicModel

_PLACES = 4  # of a probability
_LINE_BREAK, _BLANK, _HYPHEN, _DELETE = b"\n -\x7f"


def labels(papers: Iterable[tuple[str, str]], model: TopicModel, version: str, precision: float) -> pa.Table:
    """A row for each paper: its ``topics`` with probabilities, ``scores``, ``decision``, ``reason`` and ``model``.

    Its title and its abstract are as clean as their words need (:func:`labeler.digests.fields.readable`).
    """
    texts = [
        f"{title} {APART} {title} {APART} {abstract}" if title and abstract else title or abstract
        for title, abstract in papers
    ]
    found, strange = [], []
    for some in list(batches(texts)) or [[]]:
        rows = model.linear.tfidf.rows_of(*encoded(some))
        found.append(model.linear.probabilities_of(rows))
        strange.append(out_of_vocabulary(model.linear.tfidf.vocabulary, rows, some))
    probabilities = np.concatenate(found)
    told = verdicts(probabilities, model.rule, model.bands(precision), np.concatenate(strange))
    return _table(probabilities, told, model, version)


def seen(column: pa.Array) -> Flags:
    """Which texts of a column (n,) surely hold nothing that is not printed, but line breaks after whole words.

    To look at the bytes of all together takes a fraction of the time that looking at each text takes.
    """
    import pyarrow as pa

    kinds = {pa.string(): np.int32, pa.large_string(): np.int64}
    _, ends, data = column.buffers() if column.type in kinds and len(column) else (None, None, None)
    if ends is None or data is None:
        return np.zeros(len(column), bool)
    bounds = np.frombuffer(ends, kinds[column.type])[column.offset :][: len(column) + 1]
    run = np.frombuffer(data, np.uint8)
    odd = np.flatnonzero((run < _BLANK) | (run == _DELETE))
    before = run[odd - 1]
    odd = odd[(run[odd] != _LINE_BREAK) | (before <= _BLANK) | (before == _HYPHEN)]
    told = np.ones(len(column) + 2, bool)  # one more on either side, for what lies before and after the texts
    told[np.searchsorted(bounds, odd, side="right")] = False
    return told[1:-1]


def _table(probabilities: Floats, told: Verdicts, model: TopicModel, version: str) -> pa.Table:
    import pyarrow as pa

    names = model.linear.topics
    rounded = np.round(probabilities[:, : len(names)], _PLACES).astype(np.float32)
    rows, columns = np.nonzero(told.assigned)
    order = np.lexsort((columns, -probabilities[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    ends = np.searchsorted(rows, np.arange(len(told.assigned) + 1)).astype(np.int32)
    topics = pa.StructArray.from_arrays(
        [_named(columns, names), _numbers(rounded[rows, columns])], ["topic", "probability"]
    )
    return pa.table(
        {
            "topics": pa.ListArray.from_arrays(_numbers(ends), topics),
            "scores": pa.StructArray.from_arrays(list(map(_numbers, rounded.T)), list(names)),
            "decision": _named(told.decisions, DECISIONS),
            "reason": _named(told.reasons, REASONS),
            "model": _named(np.zeros(len(rounded), np.int8), (version,)),
        }
    )


# Columns are put together from their bytes. What Arrow makes out of lists or arrays, it makes after it has loaded
# pandas, in the time in which five thousand papers are labelled.


def _numbers(values: npt.NDArray[np.float32] | npt.NDArray[np.int32]) -> pa.Array:
    import pyarrow as pa

    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def _named(places: npt.NDArray[Any], names: Sequence[str]) -> pa.Array:
    """A column of names by their places; an empty name is null."""
    import pyarrow as pa

    written = [name.encode() for name in names]
    ends = np.zeros(len(places) + 1, np.int32)
    np.cumsum(np.array(list(map(len, written))).take(places), out=ends[1:])
    held = np.packbits(ends[1:] > ends[:-1], bitorder="little")
    data = b"".join(map(written.__getitem__, places.tolist()))
    return pa.StringArray.from_buffers(len(places), *map(pa.py_buffer, (ends, data, held)))
