r"""Formulas of LaTeX in texts, read as text: ``$O(n^2)$`` is O(n²), ``$\alpha \le \frac{1}{2}$`` is α ≤ 1/2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from labeler.papers.formula_reader import Run, runs_of
from labeler.papers.latex_symbols import LETTERS, OPERATORS

_LONGEST = 600  # characters of a formula
_MATHEMATICAL = re.compile(r"[\\^_]")
_BARE = re.compile(r"(?<=[\w)\]])[\^_]\{[^{}$\\]{1,40}\}|\\([A-Za-z]{2,})(?![A-Za-z])")


class Formula(NamedTuple):
    """A formula in a text, from ``start`` to ``end``, its signs of LaTeX included; ``runs`` are None where it was not
    understood."""

    start: int
    end: int
    runs: tuple[Run, ...] | None


def formulas(text: str) -> list[Formula]:
    """The formulas of a text, in their order. Amounts of money (``$5 and $10``) are none."""
    if "$" not in text and "\\" not in text and "{" not in text:
        return []
    found: list[Formula] = []
    end = 0
    for start, stop, inner in _marked(text):
        found += _bare(text, end, start)
        found.append(Formula(start, stop, runs_of(inner)))
        end = stop
    return found + _bare(text, end, len(text))


def _marked(text: str) -> Iterator[tuple[int, int, str]]:
    r"""Where formulas begin and end that stand between ``$``, ``$$``, ``\(`` or ``\[``, and what is inside."""
    place = 0
    while (found := re.compile(r"\$\$?|\\[(\[\\$]").search(text, place)) is not None:
        opening, place = found[0], found.end()
        if opening in ("\\\\", "\\$"):
            continue
        closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening, opening)
        end = text.find(closing, place, place + _LONGEST)
        while end > 0 and text[end - 1] == "\\" and closing[0] == "$":
            end = text.find(closing, end + 1, place + _LONGEST)
        inner = text[place:end] if end >= 0 else ""
        after = text[end + len(closing) : end + len(closing) + 1]
        if inner.strip() and (opening != "$" or "$" not in inner) and (opening != "$" or _is_math(inner, after)):
            yield found.start(), end + len(closing), inner
            place = end + len(closing)


def _is_math(inner: str, after: str) -> bool:
    """Whether what is between two dollar signs is a formula, and no text between two amounts of money.

    The rule is the one of pandoc's extension ``tex_math_dollars``; commands and indices are always mathematical.
    """
    return bool(_MATHEMATICAL.search(inner)) or (inner == inner.strip() and not after.isdigit())


def _bare(text: str, start: int, end: int) -> list[Formula]:
    """Indices and names of symbols that stand outside formulas."""
    found = []
    for match in _BARE.finditer(text, start, end):
        if match[1] is None or match[1] in LETTERS or match[1] in OPERATORS:
            found.append(Formula(match.start(), match.end(), runs_of(match[0])))
    return found
