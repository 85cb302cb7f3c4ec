"""JSON that other programs and people wrote: its values, whatever is in it, and one kind of error."""

from __future__ import annotations

import json
from typing import Any

from labeler.files import replace_surrogates

DEEPEST = 100  # lists and objects of JSON, one inside the other; Python's own recursion ends at 1000


class JsonError(ValueError):
    """A text that is not JSON, or JSON that cannot be used: nested too deep, or with a number that is too long.

    ``line`` and ``column`` tell where, from 1; they are 0 where that is not known. ``has_more`` says that the text has
    a value, and more behind it, as JSON lines have.
    """

    def __init__(self, reason: str, line: int = 0, column: int = 0, has_more: bool = False) -> None:
        super().__init__(reason)
        self.line, self.column, self.has_more = line, column, has_more


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text, whatever is in it: what other programs and people wrote is parsed by this alone.

    NaN and infinity, which JSON does not have, are read as Python writes them. Half a surrogate pair becomes U+FFFD.

    Raises:
        JsonError: it is no JSON, is nested deeper than ``DEEPEST``, or has a number of very many digits.
    """
    try:
        text = text if isinstance(text, str) else text.decode("utf-8-sig")
        return _usable(json.loads(text), text)
    except (ValueError, RecursionError) as error:
        raise _json_error(error) from error


def parse_next_json(text: str, position: int) -> tuple[Any, int]:
    """The JSON value that begins at ``position`` of a text, and where it ends.

    Raises:
        JsonError: as for :func:`parse_json`.
    """
    try:
        value, end = json.JSONDecoder().raw_decode(text, position)
        return _usable(value, text[position:end]), end
    except (ValueError, RecursionError) as error:
        raise _json_error(error) from error


def _usable(value: Any, text: str) -> Any:
    """The value of a JSON text, without halves of surrogate pairs.

    Raises:
        RecursionError: it is nested so deep that what goes through it by recursion may fail.
    """
    if text.count("[") + text.count("{") > DEEPEST and is_deep(value):
        raise RecursionError
    if "\\ud" in text or "\\uD" in text:
        value = json.loads(replace_surrogates(json.dumps(value, ensure_ascii=False)))
    return value


def is_deep(value: Any) -> bool:
    """Whether lists and objects of a JSON value are nested deeper than ``DEEPEST``."""
    level = [value]
    for _ in range(DEEPEST):
        inner = (item.values() if isinstance(item, dict) else item for item in level if isinstance(item, list | dict))
        level = [part for parts in inner for part in parts if isinstance(part, list | dict)]
        if not level:
            return False
    return True


def _json_error(error: ValueError | RecursionError) -> JsonError:
    if isinstance(error, json.JSONDecodeError):
        return JsonError(error.msg, error.lineno, error.colno, error.msg == "Extra data")
    if isinstance(error, UnicodeDecodeError):
        return JsonError(f"not UTF-8 at byte {error.start + 1}")
    return JsonError("nested too deep" if isinstance(error, RecursionError) else "a number too long")
