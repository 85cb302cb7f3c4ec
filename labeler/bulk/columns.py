"""Papers and labels as columns: no object a paper is made on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.features.terms import APART
from labeler.features.tokens import batches, encoded
from labeler.score.decision import DECISIONS, REASONS, Flags, Verdicts, verdicts
from labeler.score.familiarity import unread

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
        strange.append(unread(model.linear.tfidf.vocabulary, rows, some))
    probabilities = np.concatenate(found)
    told = verdicts(probabilities, model.rule, model.bands(precision), np.concatenate(strange))
    return _table(probabilities, told, model, version)


def seen(column: pa.Array) -> Flags:
    """Which texts of a column (n,) surely hold nothing that is not printed, but line breaks after whole words.

    To look at the bytes of all together takes a tenth of the time that looking at each text takes.
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
        [_named(columns, names), pa.array(rounded[rows, columns])], ["topic", "probability"]
    )
    return pa.table(
        {
            "topics": pa.ListArray.from_arrays(pa.array(ends), topics),
            "scores": pa.StructArray.from_arrays([pa.array(column) for column in rounded.T], list(names)),
            "decision": _named(told.decisions, DECISIONS),
            "reason": _named(told.reasons, REASONS),
            "model": _named(np.zeros(len(rounded), np.int8), (version,)),
        }
    )


def _named(places: Any, names: Sequence[str]) -> pa.Array:
    """A column of names by their places; an empty name is null."""
    import pyarrow as pa

    given = pa.array([name or None for name in names], pa.string())
    return given.take(pa.array(places))
