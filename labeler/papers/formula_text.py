"""Formulas in plain text: symbols as characters, indices as small digits where Unicode has them."""

from __future__ import annotations

from collections.abc import Iterable

from labeler.papers.formula_reader import Run
from labeler.papers.formulas import formulas

_HIGHER = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWER = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


def readable(text: str) -> str:
    """The text, in which formulas read as text; one that is not understood stands as it was written."""
    found = formulas(text)
    if not found:
        return text
    pieces, end = [], 0
    for formula in found:
        written = text[formula.start : formula.end]
        pieces += [text[end : formula.start], written if formula.runs is None else formula_text(formula.runs)]
        end = formula.end
    return "".join([*pieces, text[end:]])


def formula_text(runs: Iterable[Run]) -> str:
    """A formula in one line: ``x²``, ``x_i``, ``2^(n log n)``."""
    return "".join(_shifted(run.text, run.shift[-1:]) for run in runs)


def _shifted(text: str, sign: str) -> str:
    if not sign or not text.strip():
        return text
    small = _HIGHER if sign == "^" else _LOWER
    if all(character in small for character in text):
        return "".join(small[character] for character in text)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"
