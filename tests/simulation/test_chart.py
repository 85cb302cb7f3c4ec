from __future__ import annotations

from labeler.simulation.chart import chart, letters
from tests.simulation.test_comparison import comparison


def test_every_strategy_is_a_letter_and_the_best_is_seen_where_they_meet() -> None:
    text = chart(comparison(random=[0.2, 0.4, 0.6, 0.8], mix=[0.2, 0.5, 0.7, 0.8]))
    *lines, _, axis = text.split("\n")
    assert sum(line.count("m") for line in lines) == 4
    assert sum(line.count("r") for line in lines) == 2
    assert axis.split() == ["20", "160", "labels"]
    assert all(len(line) <= 79 for line in text.split("\n"))


def test_no_two_strategies_have_one_letter() -> None:
    assert letters(["random", "diverse", "margin", "mix"]) == {
        "diverse": "d", "margin": "m", "mix": "i", "random": "r",
    }  # fmt: skip
    assert letters(["a", "aa"]) == {"a": "a", "aa": "2"}
