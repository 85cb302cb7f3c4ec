"""What objects show of themselves in notebooks: tables in HTML that read on light and dark pages, without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_LINE = "1px solid rgba(128,128,128,.35)"
_STYLE = "font-family:sans-serif;font-size:13px;line-height:1.45;max-width:60em;color:inherit"
_TABLE = "border-collapse:collapse;margin:.5em 0;color:inherit;font-size:inherit"
_CELL = f"text-align:left;padding:2px 14px 2px 0;border-bottom:{_LINE};background:transparent;color:inherit"
_BAR = "display:inline-block;height:.6em;margin-left:.6em;background:rgba(76,132,214,.65)"
_WIDEST = 120  # pixels of a bar


def block(title: str, lines: Iterable[str], tables: Iterable[str]) -> str:
    """A heading, lines of text below it, and tables that :func:`table` made; the texts are escaped here."""
    told = "".join(f'<div style="opacity:.85">{escape(line)}</div>' for line in lines if line)
    return f'<div style="{_STYLE}"><div style="font-weight:600">{escape(title)}</div>{told}{"".join(tables)}</div>'


def table(head: Sequence[str], rows: Iterable[Sequence[object]], bars: Sequence[int] = ()) -> str:
    """A table of texts and numbers, which are escaped here; ``bars`` (n_rows,) are drawn behind the second cell.

    Empty where there are no rows.
    """
    every = [[str(cell) for cell in row] for row in rows]
    if not every:
        return ""
    longest = max(bars, default=0)
    lines = [_row("th", head)]
    for number, row in enumerate(every):
        width = round(_WIDEST * bars[number] / longest) if longest else 0
        lines.append(_row("td", row, width))
    return f'<table style="{_TABLE}">{"".join(lines)}</table>'


def _row(tag: str, cells: Sequence[str], bar: int = 0) -> str:
    drawn = f'<span style="{_BAR};width:{bar}px"></span>' if bar else ""
    scope = ' scope="col"' if tag == "th" else ""
    shown = [
        f'<{tag}{scope} style="{_CELL}">{escape(cell)}{drawn if number == 1 else ""}</{tag}>'
        for number, cell in enumerate(cells)
    ]
    return f'<tr style="background:transparent">{"".join(shown)}</tr>'
