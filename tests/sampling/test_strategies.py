from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labeler.sampling.candidates import Candidates
from labeler.sampling.strategies import STRATEGIES, diverse, margin, mix, random
from tests.sampling.making import candidates, clouds

SIZES = [30, 20, 10]


def chance(seed: int = 0) -> np.random.RandomState:
    return np.random.RandomState(seed)


def told(judged: int = 200, yes: Any = (70.0, 70.0, 60.0)) -> Candidates:
    """Sixty papers in three clouds; the model is the less sure the higher a paper's number."""
    share = np.linspace(0.99, 0.4, sum(SIZES))
    probabilities = np.column_stack([share, 0.9 - share * 0.9, 0.1 - share * 0.1])
    return candidates(
        clouds(SIZES),
        probabilities=probabilities,
        margins=np.linspace(1, 0, sum(SIZES)),
        yes=np.array(yes),
        judged=judged,
    )


def cloud(row: int) -> int:
    return int(np.searchsorted(np.cumsum(SIZES), row, side="right"))


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("count", [0, 1, 7, 60])
def test_every_strategy_gives_as_many_as_wanted_each_once(name: str, count: int) -> None:
    for known in (told(), told(judged=20), candidates(clouds(SIZES))):
        found = STRATEGIES[name](known, count, chance())
        assert len(found) == len(set(found)) == count
        assert all(type(row) is int for row in found)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_gives_all_if_there_are_fewer(name: str) -> None:
    assert sorted(STRATEGIES[name](told(), 100, chance())) == list(range(60))


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_same_seed_gives_the_same(name: str) -> None:
    assert STRATEGIES[name](told(), 12, chance(3)) == STRATEGIES[name](told(), 12, chance(3))


def test_random_differs_with_the_seed() -> None:
    assert random(told(), 12, chance(1)) != random(told(), 12, chance(2))


def test_margin_takes_what_the_model_is_least_sure_of() -> None:
    assert margin(told(), 4, chance()) == [59, 58, 57, 56]


@pytest.mark.parametrize("strategy", [margin, mix])
def test_without_a_model_papers_that_differ_are_asked(strategy: Any) -> None:
    blank = candidates(clouds(SIZES))
    assert strategy(blank, 3, chance()) == diverse(blank, 3, chance())
    assert [cloud(row) for row in diverse(blank, 3, chance())] == [0, 1, 2]


def test_mix_asks_papers_that_differ_before_any_was_judged() -> None:
    assert mix(told(judged=0), 3, chance()) == diverse(told(), 3, chance())


def test_mix_asks_papers_that_differ_of_the_less_sure_half_while_few_were_judged() -> None:
    found = mix(told(judged=99), 4, chance())
    assert 30 <= min(found) < 40  # not of the 20 least sure alone
    assert {cloud(row) for row in found} == {1, 2}


def test_mix_then_asks_unsure_papers_that_differ() -> None:
    found = mix(told(judged=100), 5, chance())
    assert min(found) >= 35  # of the 25 least sure
    assert {cloud(row) for row in found} == {1, 2}


def test_mix_asks_of_every_topic_the_unsure_papers() -> None:
    """The first topic's papers are all less sure than the second's, and ten times as many."""
    topic = np.arange(60) >= 54
    probabilities = np.column_stack([np.where(topic, 0.1, 0.5), np.where(topic, 0.9, 0.4)])
    known = candidates(
        clouds(SIZES),
        probabilities=probabilities,
        margins=np.where(topic, 0.8, 0.1) + np.arange(60) / 1000,
        yes=np.array([60.0, 50.0]),
        judged=200,
    )
    assert {row for row in range(60) if topic[row]} & set(mix(known, 2, chance()))


def test_mix_asks_for_rare_topics_those_most_probable_papers_first() -> None:
    found = mix(told(yes=(100.0, 90.0, 3.0)), 20, chance())
    assert found[:2] == [59, 58]
    assert len(set(found)) == 20


def test_mix_takes_turns_between_rare_topics_the_rarest_first() -> None:
    number = np.arange(60)
    probabilities = np.column_stack([number, 60 - number, 60 * (number == 7), np.zeros(60)]) / 60
    yes = np.array([3.0, 90.0, 1.0, 0.0])
    known = candidates(clouds(SIZES), probabilities=probabilities, margins=np.zeros(60), yes=yes, judged=200)
    assert mix(known, 30, chance())[:3] == [7, 59, 0]


def test_topics_that_are_as_frequent_as_others_are_not_rare() -> None:
    known = told(yes=(5.0, 5.0, 4.0))
    assert min(mix(known, 10, chance())) >= 10


def test_a_topic_that_cannot_be_learned_is_not_asked_for() -> None:
    known = told(yes=(100.0, 90.0, 0.0))
    assert known.probabilities is not None
    known.probabilities[:, 2] = 0.0
    assert mix(known, 10, chance())[0] != 0
    assert min(mix(known, 10, chance())) >= 10
