"""Which columns of a digest are taken for titles and abstracts, and which columns of text are left out: to be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from labeler.digests.bibliographic import is_no_text
from labeler.digests.fields import NESTED, UNUSUAL, columns_of, known_name, normal_name, stands_for_field
from labeler.papers.placeholders import is_no_abstract, is_no_title, is_nothing

_ROWS = 100  # that are looked at
_WORDS = 3  # of a text, on the average; codes, names and numbers have fewer
_SHOWN = 5
_EXPORTED = frozenset({"annotation_id", "lead_time"})  # of JSON_MIN and CSV (https://labelstud.io/guide/export)
_EMPTY = {"title": is_no_title, "abstract": is_no_abstract}


class TextColumns:
    """The columns of the first records of an input called ``name``. Of those whose names the format fixes
    (``is_fixed``), there is nothing to tell.
    """

    def __init__(self, name: str, *, is_fixed: bool = False) -> None:
        self._name, self._is_fixed = name, is_fixed
        self._rows = 0
        self._words: dict[str, int] = {}
        self._filled: dict[str, set[str]] = {field: set() for field in _EMPTY}
        self._has_more = self._is_export = False

    def see(self, fields: Mapping[str, Any]) -> None:
        """Look at the fields of a record."""
        if self._is_fixed or self._rows >= _ROWS:
            return
        self._rows += 1
        self._is_export |= fields.keys() >= _EXPORTED or (
            isinstance(fields.get("annotations"), list) and isinstance(fields.get("data"), Mapping)
        )
        for name, value in fields.items():
            self._words[str(name)] = self._words.get(str(name), 0) + _words_in(value)
            self._has_more |= str(name) in NESTED and isinstance(value, Mapping)
        for field, filled in self._filled.items():
            given = (name for name in columns_of(list(map(str, fields)), field) if _says(fields.get(name), field))
            filled.update(next(([name] for name in given), []))

    def note(self) -> str | None:
        """What there is to tell; None where titles and abstracts are where they are expected."""
        if self._is_export:
            return f"{self._name} is an export of Label Studio; `labeler import` brings its judgements in"
        if self._has_more:
            return None
        texts = [name for name, words in self._words.items() if words >= _WORDS * self._rows]
        return note_on(self._name, list(self._words), texts, self._filled)


def note_on(
    name: str, columns: Iterable[str], texts: Iterable[str], filled: Mapping[str, Collection[str]] | None = None
) -> str | None:
    """What to tell of an input's ``columns``, of which ``texts`` hold text; None where there is nothing to tell.

    ``filled`` are the columns that some paper's title or abstract is from, by field, where the records were looked at.
    """
    columns = list(columns)
    spelled = {field: columns_of(columns, field) for field in _EMPTY}
    used = {
        field: [column for column in found if filled and column in filled[field]] or found[:1]
        for field, found in spelled.items()
    }
    taken = {column for found in used.values() for column in found}
    could_be = {column for found in spelled.values() for column in found}  # where the first of them is empty
    others = [
        column
        for column in texts
        if not (stands_for_field(column) or is_no_text(normal_name(column)) or column in could_be)
    ]
    unusual = any(known_name(column)[0] in UNUSUAL for column in taken)
    if not (unusual or (others and not all(used.values()))) or not taken:
        return None
    told = [_from_columns(field, found) if found else f"no {field}" for field, found in used.items()]
    shown = ", ".join(map(repr, others[:_SHOWN])) + (f" and {len(others) - _SHOWN} more" if others[_SHOWN:] else "")
    left = f"; not used: {shown}" if others else ""
    missing = " or ".join(field for field, found in used.items() if not found)
    hint = f". If one of these is the {missing}, call it {missing!r}" if others and missing else ""
    return f"{name}: {', '.join(told)}{left}{hint}"


def _from_columns(field: str, columns: list[str]) -> str:
    first, *more = map(repr, columns)
    return f"{field} from the column {first}" + "".join(f" or, where that is empty, {column}" for column in more)


def _says(value: Any, field: str) -> bool:
    """Whether a value of a record is a title or an abstract, and not one of the words that stand for nothing."""
    return not is_nothing(value) and not (isinstance(value, str) and _EMPTY[field](value))


def _words_in(value: Any) -> int:
    """How many words a value has; Chinese and others that write without blanks have one for two signs."""
    if not isinstance(value, str):
        return 0
    return len(value.split()) if value.isascii() else max(len(value.split()), sum(map(str.isalpha, value)) // 8)
