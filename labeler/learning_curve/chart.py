"""A learning curve as a line chart for the terminal."""

from __future__ import annotations

import numpy as np

from labeler.learning_curve.measured import LearningCurve
from labeler.learning_curve.projection import Projection

_WIDE, _HIGH = 56, 11  # cells
_MEASURED, _PROJECTED, _BOUND = "o", "*", "."


def chart(curve: LearningCurve, projection: Projection, farthest: int) -> str:
    """The measured points (o), the projection up to ``farthest`` papers (*) and its 90 % interval (.).

    Papers go along a logarithmic axis, so that each doubling is as wide as the one before.
    """
    begin = float(curve.sizes.min())
    places = np.geomspace(curve.papers, farthest, max(2, _place(curve.papers, begin, farthest, turned=True)))
    said = [(float(size), projection.at(round(size))) for size in places]
    shown = [*curve.figures[0], *(bound for _, one in said for bound in (one.low, one.high))]
    low, high = min(shown), max(*shown, min(shown) + 0.01)
    cells = [[" "] * _WIDE for _ in range(_HIGH)]

    def put(size: float, figure: float, mark: str) -> None:
        row = round((high - figure) / (high - low) * (_HIGH - 1))
        cells[row][_place(size, begin, farthest)] = mark

    for size, one in said:
        put(size, one.low, _BOUND)
        put(size, one.high, _BOUND)
    for size, one in said:
        put(size, one.value, _PROJECTED)
    for size, figure in zip(curve.sizes, curve.figures[0], strict=True):
        put(float(size), float(figure), _MEASURED)
    labels = [f"{high - row * (high - low) / (_HIGH - 1):.2f}" if row % 2 == 0 else "" for row in range(_HIGH)]
    lines = [f"{label:>5} |{''.join(row)}".rstrip() for label, row in zip(labels, cells, strict=True)]
    return "\n".join([*lines, f"      +{'-' * _WIDE}", _axis(begin, curve.papers, farthest)])


def _place(size: float, begin: float, farthest: float, turned: bool = False) -> int:
    """The column of a size; ``turned``, how many columns there are from it to the end."""
    share = np.log(size / begin) / np.log(farthest / begin)
    place = round(float(np.clip(share, 0, 1)) * (_WIDE - 1))
    return _WIDE - place if turned else place


def _axis(begin: float, papers: int, farthest: int) -> str:
    """The line of numbers of papers below the chart."""
    line = [" "] * (_WIDE + 16)
    for size in (round(begin), papers, farthest):
        text = f"{size:,}"
        at = 7 + _place(size, begin, farthest) - len(text) // 2
        line[at : at + len(text)] = text
    return "".join(line).rstrip() + " judged papers"
