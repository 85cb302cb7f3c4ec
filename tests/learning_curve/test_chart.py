from __future__ import annotations

import numpy as np

from labeler.learning_curve.chart import chart
from labeler.learning_curve.measured import LearningCurve
from tests.learning_curve.factories import held_out


def curve(means: list[float]) -> LearningCurve:
    return LearningCurve.of(("a",), held_out(np.array(means), papers=533), 533)


def test_points_rise_to_the_right_and_numbers_of_papers_stand_below() -> None:
    one = curve([0.2, 0.6, 1.0, 1.4])
    text = chart(one, one.projection(), 2132)
    lines = text.split("\n")
    places = [(line.index("o"), row) for row, line in enumerate(lines) if "o" in line]
    assert len(places) == 4
    assert places == sorted(places, reverse=True)  # the higher the line, the farther right
    assert "*" in text
    assert lines[-1].split() == ["86", "533", "2,132", "judged", "papers"]
    assert all(len(line) <= 79 for line in lines)


def test_a_flat_curve_can_be_drawn() -> None:
    one = curve([0.7, 0.7, 0.7, 0.7])
    assert chart(one, one.projection(), 800).count("o") == 4
