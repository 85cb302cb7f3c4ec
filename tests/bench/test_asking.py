from __future__ import annotations

import numpy as np
import pytest

from labeler import TopicClassifier, choose
from tests.bench.asking import Pool, curve, inside, needed, table
from tests.bench.quality.splits import Split
from tests.learn.factories import TINY, text_of

TOPICS = ("robots", "speech", "vision")


def split(each: int = 30) -> Split:
    """Made up papers; the last ten of each topic are asked."""
    parts = []
    for numbers in (range(each), range(each, each + 10)):
        texts = [text_of([topic], 1000 + number) for topic in TOPICS for number in numbers]
        parts += [texts, np.kron(np.eye(3), np.ones((len(numbers), 1)))]
    return Split("made", "single", TOPICS, *parts)


def test_labels_needed_lie_on_a_straight_line_between_two_counts() -> None:
    counts = [50, 100, 150]
    assert needed(np.array([0.5, 0.7, 0.6]), counts, 0.6) == pytest.approx(75)
    assert needed(np.array([0.5, 0.7, 0.6]), counts, 0.4) == 50
    assert needed(np.array([0.5, 0.7, 0.6]), counts, 0.7) == pytest.approx(100)
    assert needed(np.array([0.5, 0.7, 0.6]), counts, 0.8) == float("inf")


def test_a_table_holds_other_strategies_to_random_ones() -> None:
    runs = {"random": [np.array([0.4, 0.5, 0.6])] * 2, "mix": [np.array([0.5, 0.7, 0.8])] * 2}
    text = table("made", runs, [100, 250, 500])
    assert "| labels for random's 0.600 (500) |" in text
    assert "| mix | 0.500 ± 0.000 | 0.700 ± 0.000 | 0.800 ± 0.000 | 175 (0.35; seeds 175 to 175) |" in text


def test_papers_for_choices_come_from_the_learning_part() -> None:
    part = inside(split())
    assert (len(part.learn), len(part.test)) == (68, 22)
    assert {*part.learn, *part.test} == {*split().learn}
    assert (part.learn_truth.shape, part.test_truth.shape) == ((68, 3), (22, 3))


def test_what_is_looked_up_gives_what_is_computed() -> None:
    made = split()
    pool = Pool(made, TINY)
    texts = [text for first in (0, 30, 60) for text in made.learn[first : first + 7]]
    answers = [topic for topic in TOPICS for _ in range(7)]
    rest = sorted({*made.learn} - {*texts})

    def both() -> tuple[object, list[int]]:
        fitted = TopicClassifier(self_training=False, background=TINY).fit(texts, answers, unlabeled=rest)
        return fitted.predict_proba(made.test), choose(None, rest, 5, background=TINY)

    probabilities, chosen = both()
    with pool.at_hand():
        looked_up, again = both()
    assert looked_up == pytest.approx(probabilities, abs=0.02)  # main directions are found by chance
    assert again == chosen


def test_a_curve_rises_as_labels_come_in() -> None:
    figures = curve(Pool(split(), TINY), "mix", 0, [6, 30])
    assert figures.shape == (2,)
    assert figures[1] >= 0.9
