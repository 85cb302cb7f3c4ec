"""Tables inside JSON: columns (as pandas writes them), names of columns beside rows, and rows without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from labeler.digests.fields import NAMES, has_paper_fields, known_name
from labeler.papers.ids import arxiv_id, doi, known_id
from labeler.patterns import pattern

Rows = list[dict[str, Any]]

_NAMES_OF_COLUMNS = ("columns", "header", "headers", "fields", "column_names")
_ROWS = ("data", "rows", "values", "records")
_LANGUAGE = pattern(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?|#?text|value|rendered")
_SAMPLE = 50  # rows that unnamed columns are recognised by
_SHORTEST_ABSTRACT = 80  # letters, on average
_SHORTEST_TITLE = 12


def rows_of_object(document: Mapping[str, Any]) -> Rows | None:
    """The rows of a table that an object is: its columns, or names of columns beside rows. None if it is no table."""
    names = next((known for key in _NAMES_OF_COLUMNS if (known := _names(document.get(key)))), None)
    rows = next((rows for key in _ROWS if isinstance(rows := document.get(key), list)), None)
    if names and rows is not None and all(isinstance(row, list) for row in rows):
        return [dict(zip(names, row, strict=False)) for row in rows]
    return _rows_of_columns(document)


def rows_of_lists(items: Sequence[Any]) -> Rows | None:
    """The rows of a table that is a list of rows, with the names of columns first or without names.

    Unnamed columns are recognised by their texts: abstracts are the longest, titles come before them. None if it is no
    table, or if no column looks like titles or abstracts.
    """
    if not items or not all(isinstance(row, list) and len(row) == len(items[0]) for row in items):
        return None
    if not all(_is_scalar(cell) for row in items for cell in row):
        return None
    if all(isinstance(cell, str) and len(cell) < 60 for cell in items[0]) and has_paper_fields(items[0]):
        return [dict(zip(items[0], row, strict=True)) for row in items[1:]]
    title, abstract = _text_columns(items)
    if title is None and abstract is None:
        return None
    return [_named(row, title, abstract) for row in items]


def identified(key: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a paper that stands under ``key``, with the identifier that the key is, if it is one."""
    is_identifier = arxiv_id(key) or (key.strip().startswith("10.") and doi(key)) or known_id(key)
    return {"paperid": key, **fields} if is_identifier else fields


def _names(value: Any) -> list[str] | None:
    """The names of columns in a list of names or of objects with a name; None where none is a title or an abstract."""
    if not isinstance(value, list):
        return None
    names = [item.get("name") if isinstance(item, Mapping) else item for item in value]
    return list(map(str, names)) if has_paper_fields(map(str, names)) else None


def _rows_of_columns(document: Mapping[str, Any]) -> Rows | None:
    texts = [value for name, value in document.items() if known_name(str(name))[0] in _TEXTS]
    if not texts or not all(map(_is_column, texts)):
        return None
    kind = dict if isinstance(texts[0], dict) else list
    columns: dict[str, Any] = {str(name): value for name, value in document.items() if isinstance(value, kind)}
    if len(columns) != len(document):  # other values beside: then title and abstract must both be columns
        columns = {name: value for name, value in columns.items() if len(value) == len(texts[0])}
        if len(texts) < 2 or len(texts[0]) < 2 or not all(isinstance(value, kind) for value in texts):
            return None
    if any(len(value) != len(texts[0]) for value in columns.values()):
        return None
    return _rows_by_key(columns, list(texts[0])) if kind is dict else _rows_by_position(columns)


def _rows_by_position(columns: Mapping[str, list[Any]]) -> Rows:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _rows_by_key(columns: Mapping[str, Mapping[str, Any]], keys: list[str]) -> Rows | None:
    """The rows of columns that are objects with the same keys; None where the keys are languages, or name parts."""
    if any(list(value) != keys for value in columns.values()) or (keys and all(map(_LANGUAGE.fullmatch, keys))):
        return None
    if len(columns) == 1 and not all(key.strip().isdigit() for key in keys):
        return None
    return [dict(identified(key, {name: value[key] for name, value in columns.items()})) for key in keys]


_TEXTS = frozenset({*NAMES["title"], *NAMES["abstract"]} - {"abstractlines", "abstractinvertedindex"})


def _is_column(value: Any) -> bool:
    cells = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and all(map(_is_scalar, cells))


def _is_scalar(cell: Any) -> bool:
    return cell is None or isinstance(cell, str | int | float)


def _text_columns(rows: Sequence[Sequence[Any]]) -> tuple[int | None, int | None]:
    """The columns of titles and of abstracts, None for one that there is not."""
    lengths: list[float] = []
    for cells in zip(*islice(rows, _SAMPLE), strict=True):
        texts = [cell for cell in cells if isinstance(cell, str) and " " in cell.strip() and "://" not in cell]
        enough = len(texts) * 2 > len(cells)
        lengths.append(sum(map(len, texts)) / len(texts) if enough else 0)
    longest = max(range(len(lengths)), key=lengths.__getitem__, default=0)
    abstract = longest if lengths and lengths[longest] >= _SHORTEST_ABSTRACT and len(lengths) > 1 else None
    others = [column for column, length in enumerate(lengths) if column != abstract and length >= _SHORTEST_TITLE]
    before = [column for column in others if abstract is None or column < abstract]
    return max(before or others, key=lengths.__getitem__, default=None), abstract


def _named(row: Sequence[Any], title: int | None, abstract: int | None) -> dict[str, Any]:
    named = {"title": title, "abstract": abstract}
    fields = {name: row[column] for name, column in named.items() if column is not None}
    others = (cell for column, cell in enumerate(row) if column not in named.values())
    found = next((cell for cell in others if isinstance(cell, str) and (arxiv_id(cell) or doi(cell))), None)
    return fields if found is None else fields | {"paperid": found, "doi": found}
