from __future__ import annotations

from labeler.measure.estimates import Estimate
from labeler.simulation.verdict import difference_sentence, sentences_of
from tests.simulation.test_comparison import comparison


def test_the_best_strategy_stands_beside_random_papers_and_worse_ones_are_named() -> None:
    found = comparison(random=[0.2, 0.4, 0.6, 0.8], mix=[0.3, 0.5, 0.7, 0.8], margin=[0.1, 0.3, 0.5, 0.8])
    reached, better, worse = sentences_of(found, 0.6)
    assert reached == "mix would have reached a macro-F1 of 0.600 with 57 labels, random with 80."
    assert better.endswith("is 0.083 higher than of random (95 %: +0.083 to +0.083), beyond chance.")
    assert worse.startswith("Over all rounds the mean macro-F1 of margin is 0.083 lower than of random")


def test_a_target_may_be_more_than_all_papers_reach() -> None:
    found = comparison(random=[0.2, 0.4, 0.6, 0.8], mix=[0.3, 0.5, 0.7, 0.8])
    assert "with more than 160 labels, random with more than 160." in sentences_of(found, 0.95)[0]


def test_random_papers_alone_are_beside_nothing() -> None:
    assert sentences_of(comparison(random=[0.2, 0.4, 0.6, 0.8]), 0.6) == []


def test_a_difference_whose_interval_holds_zero_may_be_chance() -> None:
    said = difference_sentence("mix", Estimate(0.01, -0.004, 0.02))
    assert said.endswith("is +0.010 beside random (95 %: -0.004 to +0.020): the difference is not beyond chance.")
