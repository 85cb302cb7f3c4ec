"""The texts of papers as HTML: the words behind a topic marked, and formulas as text that reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from labeler.pages.highlight import marked_spans
from labeler.papers.cleaning import printable
from labeler.papers.formula_reader import Run
from labeler.papers.formulas import Formula, formulas

_ELEMENTS = {"^": "sup", "_": "sub"}


class _Part(NamedTuple):
    start: int
    end: int
    marked: bool = False
    formula: Formula | None = None


def html_text(text: str, terms: Collection[str] = ()) -> Markup:
    """The text, in which the terms (words, or pairs of words) are marked.

    A formula that has one of the terms is marked whole; one that is not understood stands as it was written.
    """
    text = printable(text)
    marks, found = marked_spans(text, terms), formulas(text)
    return Markup("".join(_pieces(text, list(_merged(marks, found)))))  # noqa: S704  (all text in it is escaped)


def formula_html(runs: Iterable[Run]) -> Markup:
    """A formula with its indices higher and lower."""
    html, open_now = "", ""
    for text, shift in [*runs, Run("")]:
        shared = 0
        while shared < min(len(open_now), len(shift)) and open_now[shared] == shift[shared]:
            shared += 1
        html += "".join(f"</{_ELEMENTS[sign]}>" for sign in reversed(open_now[shared:]))
        html += "".join(f"<{_ELEMENTS[sign]}>" for sign in shift[shared:])
        html += escape(text)
        open_now = shift
    return Markup(html)  # noqa: S704  (all text in it is escaped)


def _merged(marks: list[tuple[int, int]], found: list[Formula]) -> Iterator[_Part]:
    """Marks and formulas in order; where they overlap, the formula is whole, and the rest of the mark beside it."""
    parts = [_Part(*span, True) for span in marks]
    if not found:
        return iter(parts)
    parts += [_Part(one.start, one.end, False, one) for one in found]
    waiting: list[_Part] = []
    for part in sorted(parts):
        if waiting and part.start < waiting[-1].end:
            waiting[-1:] = _divided(waiting[-1], part)
        else:
            waiting.append(part)
    return iter(waiting)


def _divided(one: _Part, other: _Part) -> list[_Part]:
    """Two parts that overlap, of which the first begins first: one of them is a mark and the other a formula."""
    formula, mark = (one, other) if one.formula else (other, one)
    parts = [_Part(mark.start, formula.start, True)] if mark.start < formula.start else []
    parts.append(formula._replace(marked=True))
    return [*parts, _Part(formula.end, mark.end, True)] if mark.end > formula.end else parts


def _pieces(text: str, parts: list[_Part]) -> Iterator[str]:
    end = 0
    for part in parts:
        if part.start > end:
            yield escape(text[end : part.start])
        yield _piece(text[part.start : part.end], part)
        end = part.end
    yield escape(text[end:])


def _piece(text: str, part: _Part) -> str:
    if part.formula is None:
        shown = escape(text)
    elif part.formula.runs is None:
        shown = f"<code>{escape(text)}</code>"
    else:
        shown = formula_html(part.formula.runs)
    return f"<mark>{shown}</mark>" if part.marked else shown
