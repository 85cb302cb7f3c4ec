"""The cells of a table of judged papers: labels in any usual notation, 0 and 1, and cells that say nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from labeler.json_parsing import parse_json
from labeler.topics import Scheme

# What programs write where a value is missing: https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html
# "None" is Python's; a person who writes "none" says that no topic applies.
_MISSING = frozenset(
    {"nan", "-nan", "n/a", "#n/a", "#n/a n/a", "#na", "na", "<na>", "nat", "null", "nil", "1.#ind", "-1.#ind"}
    | {"1.#qnan", "-1.#qnan", "#null!", "(null)", "\\n"}
    | {"#name?", "#value!", "#ref!", "#div/0!", "#num!"}
)
# Where reviews are screened, 1 and 0 are also written as these words.
_YES = frozenset({"1", "1.0", "true", "yes", "y", "x", "+", "✓", "✔", "☑", "include", "included", "relevant"})
_NO = frozenset({"0", "0.0", "-0.0", "false", "no", "n", "☐", "exclude", "excluded", "irrelevant"})
_OPEN = frozenset({"", "-1", "-1.0", "?", "maybe", "unclear"})  # not judged, beside 0 and 1
_CHOICES = ("choices", "taxonomy", "labels")  # as Label Studio writes several labels into one cell
_NAMES = ("label", "name", "display_name")  # of labels that are objects
_SEPARATORS, _COMMAS = re.compile(r"([;；|｜\n\t])"), re.compile("([,，、])")
_MOST_SIGNS = 12  # separators of one kind in the name of a topic
_BRACKETS = {"[": "]", "(": ")", "{": "}"}
_BETWEEN_QUOTES = re.compile(r"""(?<=['"])\s+(?=['"])""")  # as numpy prints an array: ['a' 'b']


def is_missing(cell: Any, scheme: Scheme) -> bool:
    """Whether a cell is no answer: a missing value, or the text that programs write for one."""
    if isinstance(cell, str):
        text = cell.strip()
        return (text == "None" or text.casefold() in _MISSING) and scheme.find(text) is None
    return cell is None or (isinstance(cell, float) and cell != cell) or str(cell) in ("<NA>", "NaT")


def labels_in(cell: Any, scheme: Scheme, separator: str = "") -> list[str] | None:
    """The labels of a cell, none for an empty one; None where the cell is no answer.

    Labels stand in a list, in a text that spells a list (with or without quotes), or in a text with the separators
    ``;``, ``|``, ``,`` or line breaks. With a ``separator``, texts are divided at it alone, but not inside the name of
    a topic.
    """
    if is_missing(cell, scheme):
        return None
    parts = _parts(cell, scheme, separator)
    answers = [part for part in parts if not is_missing(part, scheme)]
    return None if parts and not answers else [label for part in answers if (label := _spelled(part, scheme))]


@dataclass(frozen=True, slots=True)
class Flags:
    """What the cells of a column of 0 and 1 mean: yes or no to ``topic``.

    Where all that is written says yes (1, x), an empty cell is one that does not name the topic; beside written noes it
    is not judged (``empty_is_open``).
    """

    topic: str
    empty_is_open: bool

    def answer(self, cell: Any) -> tuple[bool | None, bool]:
        """Whether a cell says yes or no, None where it says neither; and whether the topic is open, not judged.

        Raises:
            ValueError: the cell says something else.
        """
        text = _flag_text(cell)
        if text in _YES or text in _NO:
            return text in _YES, False
        if text in _OPEN:
            return None, bool(text) or self.empty_is_open
        raise ValueError(f"neither 0 nor 1: {cell!r}")


def flags_note(column: str, flags: Flags, cells: Iterable[Any], scheme: Scheme) -> str:
    """How the cells of a column of 0 and 1 are read, as they are written there."""
    words: dict[str, list[str]] = {"yes": [], "no": [], "unknown": [], "not named": []}
    for text in sorted({"" if cell is None or cell != cell else str(cell).strip() for cell in cells}):
        with suppress(ValueError):
            applies, is_open = flags.answer(text)
            kind = "unknown" if is_open else {True: "yes", False: "no", None: "not named"}[applies]
            words[kind].append(text or "an empty cell")
    said = "; ".join(f"{', '.join(texts)}: {kind}" for kind, texts in words.items() if texts)
    return f"column {column!r} answers for {scheme.name(flags.topic)!r} ({said})"


def flags_of(column: str, cells: Iterable[Any], scheme: Scheme) -> Flags | None:
    """The flags of a column whose cells are 0 and 1 (yes and no, true and false, x and empty), else None.

    Its topic is the one that is called like the column, or that has the cells' word for yes as an alias (``1``), or the
    only one of the scheme.
    """
    texts = {_flag_text(cell) for cell in cells}
    written = texts & (_YES | _NO)
    if not written or not texts <= _YES | _NO | _OPEN:
        return None
    topic = scheme.find(column)
    if topic is None and not any(map(scheme.find, written & _NO)):  # with the alias 0, these are two topics
        named = {scheme.find(text) for text in written & _YES | {"1"}} - {None}
        topic = next(iter(named)) if len(named) == 1 else None
        topic = topic or (scheme.ids[0] if len(scheme.ids) == 1 else None)
    return None if topic is None else Flags(topic, bool(written & _NO))


def _flag_text(cell: Any) -> str:
    text = str(cell).strip().casefold()
    return "?" if cell is None or text == "none" or text in _MISSING else text


def _parts(cell: Any, scheme: Scheme, separator: str = "") -> list[Any]:
    """The parts of a cell, each a label or a missing value; none for an empty cell."""
    if separator and isinstance(cell, str):
        return _split_at(cell, scheme, re.compile(f"({re.escape(separator)})"))
    cell = _from_text(cell.strip(), scheme) if isinstance(cell, str) else cell
    if isinstance(cell, Mapping):
        cell = next((cell[key] for key in _CHOICES if isinstance(cell.get(key), list)), str(cell) if cell else [])
    if isinstance(cell, list | tuple):
        inner = (part if isinstance(part, list | tuple) else [part] for part in cell)
        return [_named(part) for parts in inner for part in parts]
    return sorted(cell, key=str) if isinstance(cell, set) else [cell]


def _named(part: Any) -> Any:
    """The name of a part that is an object, such as ``{"name": "Robotics", "score": 0.9}``; else the part."""
    return next((part[key] for key in _NAMES if key in part), part) if isinstance(part, Mapping) else part


def _from_text(text: str, scheme: Scheme) -> Any:
    """The list that a text spells, or its parts."""
    if not text or scheme.find(text):
        return [text] if text else []
    if _BRACKETS.get(text[0]) != text[-1]:
        return _split(text, scheme)
    with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        if isinstance(value := _parse(_BETWEEN_QUOTES.sub(", ", text)), list | tuple | set | Mapping):
            return value
    parts = _split(text[1:-1], scheme)
    if any(scheme.find(_spelled(part, scheme)) or is_missing(part, scheme) for part in parts):
        return parts
    parts = [label for part in parts for label in _COMMAS.split(part)[::2]]
    return parts if len(parts) > 1 else [text]


def _parse(text: str) -> Any:
    """The value that a text is in JSON or Python syntax."""
    try:
        return parse_json(text)
    except ValueError:
        return ast.literal_eval(text)


def _split(text: str, scheme: Scheme) -> list[str]:
    """The labels between separators; the name of a topic may have some."""
    parts = _split_at(text, scheme, _SEPARATORS)
    return [label for part in parts for label in ([part] if scheme.find(part) else _split_at_commas(part, scheme))]


def _split_at_commas(text: str, scheme: Scheme) -> list[str]:
    """The labels between commas, or the whole text where none of them is a topic.

    A topic whose name has commas is found before shorter ones.
    """
    labels = _split_at(text, scheme, _COMMAS)
    is_list = len(labels) < 2 or any(scheme.find(_spelled(label, scheme)) for label in labels)
    return labels if is_list else [text.strip()]


def _split_at(text: str, scheme: Scheme, separator: re.Pattern[str]) -> list[str]:
    """The labels between separators (a group of the pattern); the longest name of a topic that has some is one."""
    pieces = separator.split(text)  # what stands between separators has even positions
    labels, start = [], 0
    while start < len(pieces):
        ends = range(min(len(pieces), start + 2 * _MOST_SIGNS + 1), start, -2)
        end = next((end for end in ends if scheme.find("".join(pieces[start:end]))), start + 1)
        labels.append("".join(pieces[start:end]).strip())
        start = end + 1
    return [label for label in labels if label]


def _spelled(part: Any, scheme: Scheme) -> str:
    """A part of a cell as a label: whole numbers without decimals, and no quotes around what is no topic with them."""
    if isinstance(part, float) and part.is_integer():
        part = int(part)
    label = str(part).strip()
    quoted = len(label) > 2 and label[0] == label[-1] and label[0] in "'\"" and scheme.find(label) is None
    return label[1:-1].strip() if quoted else label
