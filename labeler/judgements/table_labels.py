"""The labels in columns of a table, counted, before there are topics that they could be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from labeler.judgements.cells import flags_of, labels_in
from labeler.judgements.from_table import ABSENT, cell_of
from labeler.topics import Mode, Scheme, Topic

_COMMAS = re.compile("[,，、]")


class TableLabels(NamedTuple):
    """How many rows have each label (``counts``), and the largest number of labels in a row (``most``)."""

    counts: Counter[str]
    most: int


def labels_of_table(
    rows: Iterable[Mapping[str, Any]], columns: Iterable[str], scheme: Scheme, separator: str = ""
) -> TableLabels | None:
    """The labels in the columns of rows; None where no row has one of the columns.

    A column of 0 and 1 has one label: what it is called. Labels are divided at commas where that leaves fewer different
    ones, or where all parts stand in other labels, too: else commas may be parts of a name. With a ``separator`` they
    are divided at that alone.
    """
    rows, known = list(rows), False
    labels: list[list[str]] = [[] for _ in rows]
    for column in columns:
        cells = [cell_of(row, column) for row in rows]
        known |= any(cell is not ABSENT for cell in cells)
        flags = flags_of(column, (cell for cell in cells if cell is not ABSENT), _one_topic(column))
        for row, cell in enumerate(cells):
            if cell is ABSENT:
                continue
            if flags is None:
                labels[row] += labels_in(cell, scheme, separator) or []
            elif flags.answer(cell)[0]:
                labels[row].append(column)
    if not known:
        return None
    different = {label for row in labels for label in row}
    parts = {label: [label] for label in different} if separator else _parts(different, scheme)
    unique = [dict.fromkeys(part for label in row for part in parts[label] if part) for row in labels]
    return TableLabels(Counter(label for row in unique for label in row), max(map(len, unique), default=0))


def _parts(labels: Iterable[str], scheme: Scheme) -> dict[str, list[str]]:
    """What each of these different labels is divided into: itself, or what stands between its commas."""
    divided = {
        label: [label] if scheme.find(label) else [part.strip() for part in _COMMAS.split(label)] for label in labels
    }
    counts = Counter(part for parts in divided.values() for part in dict.fromkeys(parts))
    fewer = len(counts) < len(divided)
    return {
        label: parts if fewer or all(counts[part] > 1 for part in parts) else [label]
        for label, parts in divided.items()
    }


def _one_topic(name: str) -> Scheme:
    return Scheme(Mode.MULTI, (Topic("topic", name),))
