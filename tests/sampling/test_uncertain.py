from __future__ import annotations

import numpy as np
import pytest

from labeler.sampling.candidates import Candidates
from labeler.sampling.uncertain import by_topic_in_turns, for_rare_topics


def candidates(
    probabilities: list[list[float]], margins: list[float], yes: list[float], judged: int = 50
) -> Candidates:
    count = len(margins)
    return Candidates(
        np.zeros((count, 2), np.float32),
        np.array([str(number) for number in range(count)]),
        np.arange(count),
        np.array(probabilities),
        np.array(margins),
        np.array(yes),
        judged,
    )


def test_topics_take_turns_and_each_gives_its_least_sure_paper_first() -> None:
    told = candidates([[0.9, 0.1]] * 4 + [[0.2, 0.8]] * 2, [0.4, 0.1, 0.3, 0.2, 0.9, 0.7], [20, 20])
    assert by_topic_in_turns(told).tolist() == [1, 5, 3, 4, 2, 0]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_papers_for_rare_topics_are_the_most_probable_ones_in_turn(count: int) -> None:
    told = candidates([[0.9, 0.0, 0.5], [0.8, 0.3, 0.1], [0.1, 0.2, 0.4]], [0.1] * 3, [40, 1, 3])
    assert for_rare_topics(told, count) == [1, 0, 2][:count]


def test_where_no_topic_is_rare_nothing_is_chosen_for_it() -> None:
    assert for_rare_topics(candidates([[0.5, 0.5]] * 3, [0.1] * 3, [30, 25]), 2) == []
