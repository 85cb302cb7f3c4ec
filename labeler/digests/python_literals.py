"""Dictionaries and lists as Python prints them, which programs that only print their papers leave behind."""

from __future__ import annotations

import ast
from typing import Any

from labeler.json_parsing import JsonError, parse_json
from labeler.patterns import pattern

_BEGINS = pattern(r"[\s\[({]*(?:'|\{\s*\}|u'|\"[^\"\n]*\":\s*(?:'|None|nan|True|False|datetime|Timestamp|array))")
_NAMES = {"true": True, "false": False}  # other names, such as nan, are None
_LONGEST = 1 << 26  # characters; Python's parser needs a hundred times as much memory


def begins_python(text: str) -> bool:
    """Whether a text begins as a dictionary or list does that Python prints, and not as JSON does."""
    return text.lstrip()[:1] in ("{", "[", "(") and _BEGINS.match(text) is not None


def parse_python(text: str) -> Any:
    """The value of a printed dictionary or list. Nothing is run: what is no literal is None, as ``nan`` is.

    A call, such as ``Timestamp('2026-01-12')`` or ``array([1, 2])``, has the value of its first argument.

    Raises:
        ValueError: the text is no such value.
    """
    if len(text) > _LONGEST:
        raise ValueError("too long for a printed dictionary")
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(f"no printed dictionary ({error})") from error


def spelled_object(text: str) -> Any:
    """The value that a cell of a table spells in JSON or Python, as pandas writes it; None where it is none."""
    try:
        return parse_json(text)
    except JsonError:
        pass
    try:
        return parse_python(text)
    except ValueError:
        return None


def _value(node: ast.expr) -> Any:  # noqa: PLR0911  (one return for each form)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(_value(key)): _value(value) for key, value in pairs if key is not None}
    if isinstance(node, ast.Name):
        return _NAMES.get(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(number := _value(node.operand), int | float):
        return -number if isinstance(node.op, ast.USub) else number
    if isinstance(node, ast.Call):
        values = [_value(item) for item in node.args]
        is_date = len(values) >= 3 and all(isinstance(item, int) for item in values[:3])  # datetime.date(2026, 1, 12)
        return "-".join(f"{item:02}" for item in values[:3]) if is_date else values[0] if values else None
    if isinstance(node, ast.Attribute):
        return None
    raise ValueError("no printed dictionary")
