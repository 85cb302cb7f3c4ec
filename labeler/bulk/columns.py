"""Papers and labels as columns, without an object for each paper: that is what makes many papers fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.features.terms import SEPARATOR
from labeler.features.tokens import batches
from labeler.papers.needs_cleaning import printed_texts
from labeler.score.decision import DECISIONS, REASONS, DecisionArrays, Flags, decision_arrays
from labeler.score.familiarity import out_of_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.features.rows import Rows
    from labeler.features.tfidf import Floats
    from labeler.features.tokens import Ints
    from labeler.score.model import TopicModel

_DECIMALS = 4  # of a probability


def labels(papers: Iterable[tuple[str, str]], model: TopicModel, version: str, precision: float) -> pa.Table:
    """A row for each paper: ``topics``, ``scores``, ``decision``, ``reason`` and ``model``.

    Each of ``topics`` has its probability and the words behind it. ``papers`` are pairs of a title and an abstract,
    cleaned by :func:`labeler.digests.fields.readable`. ``version`` is the model's label.
    """
    texts = [
        f"{title} {SEPARATOR} {title} {SEPARATOR} {abstract}" if title and abstract else title or abstract
        for title, abstract in papers
    ]
    rows, blocks, unreadable = [], [], []
    for batch in list(batches(texts)) or [[]]:
        rows.append(model.linear.tfidf.rows_of(batch))
        blocks.append(model.linear.probabilities_of(rows[-1]))
        unreadable.append(out_of_vocabulary(model.linear.tfidf.vocabulary, rows[-1], batch))
    probabilities = np.concatenate(blocks)
    decisions = decision_arrays(probabilities, model.rule, model.bands(precision), np.concatenate(unreadable))
    return _table(rows, probabilities, decisions, model, version)


def printed(column: pa.Array) -> Flags:
    """The texts of a column (n_texts,) that :func:`printed_texts` finds printed; none where it holds no texts."""
    import pyarrow as pa

    kinds = {pa.string(): np.int32, pa.large_string(): np.int64}
    _, ends, data = column.buffers() if column.type in kinds and len(column) else (None, None, None)
    if ends is None or data is None:
        return np.zeros(len(column), bool)
    bounds = np.frombuffer(ends, kinds[column.type])[column.offset :][: len(column) + 1]
    return printed_texts(np.frombuffer(data, np.uint8), bounds)


def _table(
    rows: Sequence[Rows], probabilities: Floats, decisions: DecisionArrays, model: TopicModel, version: str
) -> pa.Table:
    import pyarrow as pa

    names = model.linear.topics
    rounded = np.round(probabilities[:, : len(names)], _DECIMALS).astype(np.float32)
    papers, columns = np.nonzero(decisions.assigned)
    order = np.lexsort((columns, -probabilities[papers, columns], papers))
    papers, columns = papers[order], columns[order]
    ends = np.searchsorted(papers, np.arange(len(decisions.assigned) + 1)).astype(np.int32)
    topics = pa.StructArray.from_arrays(
        [_strings(columns, names), _numbers(rounded[papers, columns]), _words(rows, papers, columns, model)],
        ["topic", "probability", "because"],
    )
    return pa.table(
        {
            "topics": pa.ListArray.from_arrays(_numbers(ends), topics),
            "scores": pa.StructArray.from_arrays(list(map(_numbers, rounded.T)), list(names)),
            "decision": _strings(decisions.decisions, DECISIONS),
            "reason": _strings(decisions.reasons, REASONS),
            "model": _strings(np.zeros(len(rounded), np.int8), (version,)),
        }
    )


def _words(rows: Sequence[Rows], papers: Ints, topics: Ints, model: TopicModel) -> pa.Array:
    """The words behind each topic of a paper; ``papers`` are in order, and count on from one of ``rows`` to the next.

    Rows are looked at as they were made, some at a time, while they are in the processor's caches.
    """
    import pyarrow as pa

    found, begin = [], 0
    for some in rows:
        first, last = np.searchsorted(papers, (begin, begin + len(some)))
        found.append(model.top_words.of(some, papers[first:last] - begin, topics[first:last]))
        begin += len(some)
    lengths = np.concatenate([np.diff(one.ends) for one in found])
    ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    texts = _strings(*model.top_words.named(np.concatenate([one.columns for one in found])))
    return pa.ListArray.from_arrays(_numbers(ends), texts)


# Arrow arrays are built from buffers: where Arrow converts lists or NumPy arrays itself, it first imports pandas, which
# takes as long as labelling five thousand papers.


def _numbers(values: npt.NDArray[np.float32] | npt.NDArray[np.int32]) -> pa.Array:
    import pyarrow as pa

    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def _strings(indices: npt.NDArray[Any], names: Sequence[str]) -> pa.Array:
    """A column of strings: the name at each index; an empty name is null."""
    import pyarrow as pa

    encodings = [name.encode() for name in names]
    ends = np.zeros(len(indices) + 1, np.int32)
    np.cumsum(np.array(list(map(len, encodings))).take(indices), out=ends[1:])
    validity = np.packbits(ends[1:] > ends[:-1], bitorder="little")
    data = b"".join(map(encodings.__getitem__, indices.tolist()))
    return pa.StringArray.from_buffers(len(indices), *map(pa.py_buffer, (ends, data, validity)))
