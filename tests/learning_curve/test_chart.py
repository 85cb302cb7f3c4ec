from __future__ import annotations

import numpy as np

from labeler.learning_curve.chart import chart
from labeler.learning_curve.measured import LearningCurve


def curve(figures: list[float]) -> LearningCurve:
    drawn = np.tile(np.array(figures), (51, 1)) + np.linspace(-0.02, 0.02, 51)[:, None]
    drawn[0] = figures
    return LearningCurve(533, np.array([86.0, 144.0, 240.0, 400.0]), drawn, ("a",), drawn[:, :, None])


def test_points_rise_to_the_right_and_numbers_of_papers_stand_below() -> None:
    one = curve([0.5, 0.6, 0.7, 0.8])
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
