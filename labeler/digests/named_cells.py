"""The cells of a row as fields, by the names of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any


def named_cells(names: Sequence[str]) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """What makes a row's cells fields. Of columns of one name, the first that has something counts."""
    if len(set(names)) == len(names):
        return lambda cells: dict(zip(names, cells, strict=False))

    def first_of_each(cells: Sequence[Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, cell in zip(names, cells, strict=False):
            if not str(fields.get(name) or "").strip():
                fields[name] = cell
        return fields

    return first_of_each


def repeated_names(source: str, names: Sequence[str]) -> list[str]:
    """A sentence for each name that several columns have."""
    counts = Counter(column.casefold() for column in names if column)
    return [
        f"{source}: {count} columns are called {column!r}; in each row, the first of them that has something counts"
        for column, count in counts.items()
        if count > 1
    ]
