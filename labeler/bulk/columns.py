"""Papers and labels as columns, without an object for each paper: that is what makes many papers fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.features.terms import SEPARATOR
from labeler.features.tokens import batches, encoded
from labeler.papers.needs_cleaning import printed_texts
from labeler.publish.judged import with_verdict
from labeler.score.decision import DECISIONS, REASONS, DecisionArrays, Flags, decision_arrays
from labeler.score.familiarity import out_of_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.judgements.verdicts import Verdict
    from labeler.score.model import TopicModel

_DECIMALS = 4  # of a probability


def labels(
    papers: Iterable[tuple[str, str]],
    model: TopicModel,
    version: str,
    precision: float,
    verdicts: Mapping[int, Verdict] | None = None,
) -> pa.Table:
    """A row for each paper: ``topics`` with their probabilities, ``scores``, ``decision``, ``reason`` and ``model``.

    ``papers`` are pairs of a title and an abstract, cleaned by :func:`labeler.digests.fields.readable`. ``version`` is
    the model's label. With ``verdicts`` of people, by the numbers of papers, each topic also has ``by``: who gave it.
    """
    texts = [
        f"{title} {SEPARATOR} {title} {SEPARATOR} {abstract}" if title and abstract else title or abstract
        for title, abstract in papers
    ]
    blocks, unreadable = [], []
    for batch in list(batches(texts)) or [[]]:
        rows = model.linear.tfidf.rows_of(*encoded(batch))
        blocks.append(model.linear.probabilities_of(rows))
        unreadable.append(out_of_vocabulary(model.linear.tfidf.vocabulary, rows, batch))
    probabilities = np.concatenate(blocks)
    decisions = decision_arrays(probabilities, model.rule, model.bands(precision), np.concatenate(unreadable))
    if verdicts is None:
        return _table(decisions, model.topics, model, version)
    topics = tuple(dict.fromkeys((*model.topics, *(topic for verdict in verdicts.values() for topic in verdict.yes))))
    return _table(_with_verdicts(decisions, topics, verdicts), topics, model, version, verdicts)


def printed(column: pa.Array) -> Flags:
    """The texts of a column (n_texts,) that :func:`printed_texts` finds printed; none where it holds no texts."""
    import pyarrow as pa

    kinds = {pa.string(): np.int32, pa.large_string(): np.int64}
    _, ends, data = column.buffers() if column.type in kinds and len(column) else (None, None, None)
    if ends is None or data is None:
        return np.zeros(len(column), bool)
    bounds = np.frombuffer(ends, kinds[column.type])[column.offset :][: len(column) + 1]
    return printed_texts(np.frombuffer(data, np.uint8), bounds)


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
    decisions: DecisionArrays,
    topics: Sequence[str],
    model: TopicModel,
    version: str,
    verdicts: Mapping[int, Verdict] | None = None,
) -> pa.Table:
    """The table of labels; ``topics`` are the columns of ``decisions``, of which the model knows the first ones."""
    import pyarrow as pa

    rounded = np.round(decisions.probabilities[:, : len(topics)], _DECIMALS).astype(np.float32)
    rows, columns = np.nonzero(decisions.assigned)
    order = np.lexsort((columns, -decisions.probabilities[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    ends = np.searchsorted(rows, np.arange(len(decisions.assigned) + 1)).astype(np.int32)
    fields = {"topic": _strings(columns, topics), "probability": _numbers(rounded[rows, columns])}
    if verdicts is not None:
        fields["by"] = _annotators(rows, columns, topics, verdicts)
    scores = list(map(_numbers, rounded[:, : len(model.topics)].T))
    return pa.table(
        {
            "topics": pa.ListArray.from_arrays(
                _numbers(ends), pa.StructArray.from_arrays(list(fields.values()), list(fields))
            ),
            "scores": pa.StructArray.from_arrays(scores, list(model.topics)),
            "decision": _strings(decisions.decisions, DECISIONS),
            "reason": _strings(decisions.reasons, REASONS),
            "model": _strings(np.zeros(len(rounded), np.int8), (version,)),
        }
    )


def _annotators(
    rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], topics: Sequence[str], verdicts: Mapping[int, Verdict]
) -> pa.Array:
    """A column of lists: for each pair of paper and topic the annotators who gave it, null where the model did."""
    import pyarrow as pa

    lengths = np.zeros(len(rows), np.int32)
    names: list[str] = []
    for position in np.flatnonzero(np.isin(rows, list(verdicts))).tolist():
        by = verdicts[int(rows[position])].yes.get(topics[columns[position]], ())
        lengths[position] = len(by)
        names += by
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    validity = pa.py_buffer(np.packbits(lengths > 0, bitorder="little"))
    values = _strings(np.arange(len(names)), names)
    kind = pa.list_(pa.string())
    return pa.ListArray.from_buffers(kind, len(rows), [validity, pa.py_buffer(ends)], children=[values])


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
