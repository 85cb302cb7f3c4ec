"""What strategies came to, as a line chart for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from labeler.learning_curve.chart import plot

if TYPE_CHECKING:
    from labeler.simulation.comparison import Comparison


def chart(found: Comparison) -> str:
    """The macro-F1 of each strategy after each round, as a letter of its own (:func:`letters`).

    Where several would stand in one place, that of the best one does. Labels go along a logarithmic axis.
    """
    marks = letters(found.figures)
    points = [
        (float(size), float(figure), marks[strategy])
        for strategy in reversed(found.strategies)
        for size, figure in zip(found.sizes, found.figures[strategy][0], strict=True)
    ]
    ends = round(found.sizes[0]), round(found.sizes[-1])
    return plot(points, ends, "labels")


def letters(strategies: Iterable[str]) -> dict[str, str]:
    """A letter for each strategy: the first of its name that no other one has, or else a digit."""
    marks: dict[str, str] = {}
    for number, strategy in enumerate(sorted(strategies), start=1):
        free = [letter for letter in strategy if letter.isalnum() and letter not in marks.values()]
        marks[strategy] = free[0] if free else str(number)
    return marks
