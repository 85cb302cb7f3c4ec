"""Papers and labels as columns, without an object for each paper: that is what makes many papers fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.terms import SEPARATOR
from labeler.features.tokens import batches
from labeler.papers.needs_cleaning import printed_texts
from labeler.publish.judged import with_verdict
from labeler.score.decision import DECISIONS, REASONS, DecisionArrays, Flags, decision_arrays
from labeler.score.familiarity import out_of_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.features.rows import Rows
    from labeler.features.tfidf import Floats
    from labeler.features.tokens import Ints
    from labeler.judgements.verdicts import Verdict
    from labeler.score.cross_lists import CrossLists
    from labeler.score.model import TopicModel

_DECIMALS = 4  # of a probability


def text_columns(schema: pa.Schema) -> list[str]:
    """The names of the columns that hold text."""
    import pyarrow as pa

    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]


def labels(
    papers: Iterable[tuple[str, str]],
    model: TopicModel,
    version: str,
    precision: float,
    verdicts: Mapping[int, Verdict] | None = None,
) -> pa.Table:
    """A row for each paper: ``topics``, ``scores``, ``decision``, ``reason`` and ``model``.

    Each of ``topics`` has its probability and the words behind it; ``also`` are further ones that a paper is likely
    listed under, where the model knows of lists. ``papers`` are pairs of a title and an abstract,
    cleaned by :func:`labeler.digests.fields.readable`. ``version`` is the model's label. With ``verdicts`` of people,
    by the numbers of papers, each topic also has ``by``: who gave it.
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
    topics, also = model.topics, None
    if model.cross_lists is not None:
        also = _also(model.cross_lists, decisions, topics, verdicts or ())
    if verdicts is not None:
        topics = tuple(dict.fromkeys((*topics, *(topic for verdict in verdicts.values() for topic in verdict.yes))))
        decisions = _with_verdicts(decisions, topics, verdicts)
    pairs = _pairs(decisions.assigned, decisions.probabilities)
    fields = {
        "topic": _strings(pairs.topics, topics),
        "probability": _numbers(_rounded(decisions.probabilities[pairs.papers, pairs.topics])),
        "because": _words(rows, pairs, probabilities, model),
    }
    if verdicts is not None:
        fields["by"] = _annotators(pairs, topics, verdicts)
    table = _table(pairs, fields, decisions, model, version)
    return table if also is None else table.append_column("also", also)


def printed(column: pa.Array) -> Flags:
    """The texts of a column (n_texts,) that :func:`printed_texts` finds printed; none where it holds no texts."""
    import pyarrow as pa

    kinds = {pa.string(): np.int32, pa.large_string(): np.int64}
    _, ends, data = column.buffers() if column.type in kinds and len(column) else (None, None, None)
    if ends is None or data is None:
        return np.zeros(len(column), bool)
    bounds = np.frombuffer(ends, kinds[column.type])[column.offset :][: len(column) + 1]
    return printed_texts(np.frombuffer(data, np.uint8), bounds)


class _Pairs(NamedTuple):
    """Papers and topics that go together (n_pairs,): those of paper i from ``ends[i]`` on, the most probable first."""

    papers: Ints
    topics: Ints
    ends: npt.NDArray[np.int32]


def _pairs(chosen: Flags, probabilities: Floats) -> _Pairs:
    papers, topics = np.nonzero(chosen)
    order = np.lexsort((topics, -probabilities[papers, topics], papers))
    papers, topics = papers[order], topics[order]
    ends = np.searchsorted(papers, np.arange(len(chosen) + 1)).astype(np.int32)
    return _Pairs(papers, topics, ends)


def _with_verdicts(decisions: DecisionArrays, topics: Sequence[str], verdicts: Mapping[int, Verdict]) -> DecisionArrays:
    """The decisions, those of people where there is a verdict; the columns are ``topics``, the model's ones first."""
    count, known = decisions.assigned.shape
    assigned = np.zeros((count, len(topics)), bool)
    probabilities = np.full((count, len(topics)), np.nan)
    assigned[:, :known], probabilities[:, :known] = decisions.assigned, decisions.probabilities[:, :known]
    kinds, reasons = decisions.decisions.copy(), decisions.reasons.copy()
    for row, verdict in verdicts.items():
        said = [topics[column] for column in np.flatnonzero(assigned[row])]
        found, kind, reason = with_verdict(said, DECISIONS[kinds[row]], REASONS[reasons[row]], verdict)
        assigned[row] = [topic in found for topic in topics]
        kinds[row], reasons[row] = DECISIONS.index(kind), REASONS.index(reason)
    return DecisionArrays(assigned, kinds, reasons, probabilities)


def _table(
    pairs: _Pairs, fields: Mapping[str, pa.Array], decisions: DecisionArrays, model: TopicModel, version: str
) -> pa.Table:
    """The table of labels; ``fields`` say what is known of each of the ``pairs``."""
    import pyarrow as pa

    scores = list(map(_numbers, _rounded(decisions.probabilities[:, : len(model.topics)]).T))
    return pa.table(
        {
            "topics": pa.ListArray.from_arrays(
                _numbers(pairs.ends), pa.StructArray.from_arrays(list(fields.values()), list(fields))
            ),
            "scores": pa.StructArray.from_arrays(scores, list(model.topics)),
            "decision": _strings(decisions.decisions, DECISIONS),
            "reason": _strings(decisions.reasons, REASONS),
            "model": _strings(np.zeros(len(decisions.assigned), np.int8), (version,)),
        }
    )


def _words(rows: Sequence[Rows], pairs: _Pairs, probabilities: Floats, model: TopicModel) -> pa.Array:
    """The words behind each topic of a paper; none of a topic that the model does not know.

    Rows are looked at as they were made, some at a time, while they are in the processor's caches.
    """
    import pyarrow as pa

    known = np.flatnonzero(pairs.topics < len(model.topics))
    papers = pairs.papers[known]
    columns = model.given.columns_behind(papers, pairs.topics[known], probabilities)
    found, begin = [], 0
    for some in rows:
        first, last = np.searchsorted(papers, (begin, begin + len(some)))
        found.append(model.top_words.of(some, papers[first:last] - begin, columns[first:last]))
        begin += len(some)
    lengths = np.zeros(len(pairs.papers), np.int64)
    lengths[known] = np.concatenate([np.diff(one.ends) for one in found])
    ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    texts = _strings(*model.top_words.named(np.concatenate([one.columns for one in found])))
    return pa.ListArray.from_arrays(_numbers(ends), texts)


def _also(cross_lists: CrossLists, decisions: DecisionArrays, topics: Sequence[str], judged: Iterable[int]) -> pa.Array:
    """The cross-lists of each paper, with their probabilities; none of those that people have ``judged``."""
    import pyarrow as pa

    found = cross_lists.probabilities(decisions.probabilities, decisions.assigned)
    found[list(judged)] = 0
    pairs = _pairs(found > 0, found)
    fields = {
        "topic": _strings(pairs.topics, topics),
        "probability": _numbers(_rounded(found[pairs.papers, pairs.topics])),
    }
    structs = pa.StructArray.from_arrays(list(fields.values()), list(fields))
    return pa.ListArray.from_arrays(_numbers(pairs.ends), structs)


def _annotators(pairs: _Pairs, topics: Sequence[str], verdicts: Mapping[int, Verdict]) -> pa.Array:
    """A column of lists: for each pair of paper and topic the annotators who gave it, null where the model did."""
    import pyarrow as pa

    lengths = np.zeros(len(pairs.papers), np.int32)
    names: list[str] = []
    for position in np.flatnonzero(np.isin(pairs.papers, list(verdicts))).tolist():
        by = verdicts[int(pairs.papers[position])].yes.get(topics[pairs.topics[position]], ())
        lengths[position] = len(by)
        names += by
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    validity = pa.py_buffer(np.packbits(lengths > 0, bitorder="little"))
    values = _strings(np.arange(len(names)), names)
    kind = pa.list_(pa.string())
    return pa.ListArray.from_buffers(kind, len(lengths), [validity, pa.py_buffer(ends)], children=[values])


def _rounded(probabilities: Floats) -> npt.NDArray[np.float32]:
    return np.round(probabilities, _DECIMALS).astype(np.float32)


# Arrow arrays are built from buffers: where Arrow converts lists or NumPy arrays itself, it first imports pandas, which
# takes as long as labelling five thousand papers.


def _numbers(values: npt.NDArray[np.float32] | npt.NDArray[np.int32]) -> pa.Array:
    """A column of numbers; NaN is null."""
    import pyarrow as pa

    kind, missing = pa.from_numpy_dtype(values.dtype), np.isnan(values)
    validity = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def _strings(indices: npt.NDArray[Any], names: Sequence[str]) -> pa.Array:
    """A column of strings: the name at each index; an empty name is null."""
    import pyarrow as pa

    encodings = [name.encode() for name in names]
    ends = np.zeros(len(indices) + 1, np.int32)
    np.cumsum(np.array(list(map(len, encodings))).take(indices), out=ends[1:])
    validity = np.packbits(ends[1:] > ends[:-1], bitorder="little")
    data = b"".join(map(encodings.__getitem__, indices.tolist()))
    return pa.StringArray.from_buffers(len(indices), *map(pa.py_buffer, (ends, data, validity)))
