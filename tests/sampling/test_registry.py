"""What all strategies have in common, and what takes the place of one that needs a model."""

from __future__ import annotations

import pytest

from labeler.errors import UsageError
from labeler.sampling.registry import DEFAULT, STRATEGIES, strategy_for, strategy_named
from tests.sampling.factories import SIZES, candidates, chance, clouds, known


def test_the_strategy_used_unless_another_is_named_is_one_of_them() -> None:
    assert DEFAULT in STRATEGIES.names


@pytest.mark.parametrize("name", STRATEGIES.names)
@pytest.mark.parametrize("count", [0, 1, 7, 60])
def test_every_strategy_gives_as_many_as_wanted_each_once(name: str, count: int) -> None:
    for papers in (known(), known(judged=20), candidates(clouds(SIZES))):
        found = strategy_for(name, papers).select(papers, count, chance())
        assert len(found) == len(set(found)) == count
        assert all(type(row) is int for row in found)


@pytest.mark.parametrize("name", STRATEGIES.names)
def test_every_strategy_gives_all_if_there_are_fewer(name: str) -> None:
    assert sorted(STRATEGIES.named(name).select(known(), 100, chance())) == list(range(60))


@pytest.mark.parametrize("name", STRATEGIES.names)
def test_the_same_seed_gives_the_same(name: str) -> None:
    select = STRATEGIES.named(name).select
    assert select(known(), 12, chance(3)) == select(known(), 12, chance(3))


def test_until_there_is_a_model_papers_that_differ_are_chosen_in_place_of_what_needs_one() -> None:
    papers = candidates(clouds(SIZES))
    for strategy in STRATEGIES.builtin:
        assert strategy_for(strategy.NAME, known()) is strategy
        replaced = strategy_for(strategy.NAME, papers).NAME
        assert replaced == ("diverse" if strategy.NEEDS == "model" else strategy.NAME)


def test_a_name_that_no_strategy_has_is_wrong_usage() -> None:
    assert strategy_named("mix") == "mix"
    with pytest.raises(UsageError, match=f"there is no strategy 'best'; known are: {', '.join(STRATEGIES.names)}"):
        strategy_named("best")
