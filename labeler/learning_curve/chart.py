"""A learning curve as a line chart for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

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
    places = np.geomspace(curve.papers, farthest, max(2, _WIDE - _place(curve.papers, begin, farthest)))
    said = [(float(size), projection.at(round(size))) for size in places]
    points = [(size, bound, _BOUND) for size, one in said for bound in (one.low, one.high)]
    points += [(size, one.value, _PROJECTED) for size, one in said]
    points += [(*point, _MEASURED) for point in zip(curve.sizes.tolist(), curve.figures[0].tolist(), strict=True)]
    return plot(points, (round(begin), curve.papers, farthest), "judged papers")


def plot(points: Sequence[tuple[float, float, str]], ticks: Sequence[int], noun: str) -> str:
    """Points (size, figure, mark) over a logarithmic axis of sizes; of two in one place the later one is seen.

    The axis goes from the smallest size to the last of the ``ticks``, the sizes that are named below it with their
    ``noun``.
    """
    figures = [figure for _, figure, _ in points]
    low, high = min(figures), max(*figures, min(figures) + 0.01)
    begin, end = min(size for size, _, _ in points), ticks[-1]
    cells = [[" "] * _WIDE for _ in range(_HIGH)]
    for size, figure, mark in points:
        cells[round((high - figure) / (high - low) * (_HIGH - 1))][_place(size, begin, end)] = mark
    labels = [f"{high - row * (high - low) / (_HIGH - 1):.2f}" if row % 2 == 0 else "" for row in range(_HIGH)]
    lines = [f"{label:>5} |{''.join(row)}".rstrip() for label, row in zip(labels, cells, strict=True)]
    return "\n".join([*lines, f"      +{'-' * _WIDE}", _axis(begin, ticks, noun)])


def _place(size: float, begin: float, end: float) -> int:
    """The column of a size."""
    share = np.log(size / begin) / np.log(end / begin)
    return round(float(np.clip(share, 0, 1)) * (_WIDE - 1))


def _axis(begin: float, ticks: Sequence[int], noun: str) -> str:
    """The line of numbers below the chart."""
    line = [" "] * (_WIDE + 16)
    for size in ticks:
        text = f"{size:,}"
        at = 7 + _place(size, begin, ticks[-1]) - len(text) // 2
        line[at : at + len(text)] = text
    return f"{''.join(line).rstrip()} {noun}"
