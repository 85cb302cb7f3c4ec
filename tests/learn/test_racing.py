from __future__ import annotations

import numpy as np
import pytest

from labeler.learn.racing import selection_metric, still_racing
from labeler.measure.metrics import macro_f1, micro_f1
from labeler.topics import Mode


def scores_right_in(share: float, papers: int, seed: int, topics: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose largest is right for about this share of papers, and the answers."""
    rng = np.random.default_rng(seed)
    truth = np.arange(papers) % topics
    said = np.where(rng.random(papers) < share, truth, (truth + 1) % topics)
    return np.eye(topics)[said], np.eye(topics)[truth]


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_a_recipe_that_is_clearly_behind_drops_out_and_one_that_may_be_the_best_does_not(mode: Mode) -> None:
    shares = (0.9, 0.5, 0.89)
    (best, answers), *others = (scores_right_in(share, 400, seed) for seed, share in enumerate(shares))
    assert still_racing([best, *(scores for scores, _ in others)], answers, mode, [0, 0, 0]) == [0, 2]


def test_the_fewer_papers_the_less_is_clear() -> None:
    for papers, left in ((20, [0, 1]), (2000, [0])):
        (best, answers), (other, _) = (scores_right_in(share, papers, 1) for share in (0.8, 0.72))
        assert still_racing([best, other], answers, Mode.SINGLE, [0, 0]) == left


def test_recipes_that_say_the_same_all_race_on_but_for_a_handicap() -> None:
    scores, answers = scores_right_in(0.8, 200, 0)
    assert still_racing([scores, scores], answers, Mode.SINGLE, [0, 0]) == [0, 1]
    assert still_racing([scores, scores], answers, Mode.SINGLE, [0, 1e-6]) == [0]


def test_of_two_topics_all_race_on_and_so_does_one_alone() -> None:
    (best, answers), (other, _) = (scores_right_in(share, 400, 0, 2) for share in (0.9, 0.1))
    assert still_racing([best, other], answers, Mode.SINGLE, [0, 0]) == [0, 1]
    assert still_racing([best], answers, Mode.MULTI, [0]) == [0]


def test_the_metric_is_the_mean_of_macro_and_micro_f1() -> None:
    scores, answers = scores_right_in(0.7, 300, 0)
    answers[::7] = np.nan
    assigned = scores == 1
    expected = (macro_f1.score(answers, assigned) + micro_f1.score(answers, assigned)) / 2
    assert selection_metric(scores, answers, Mode.SINGLE) == pytest.approx(expected)
    assert selection_metric(scores, 0 * answers, Mode.SINGLE) == 0
