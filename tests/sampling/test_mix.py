from __future__ import annotations

import numpy as np

from labeler.sampling.strategies import diverse, mix
from tests.sampling.factories import SIZES, candidates, chance, cloud, clouds, known


def test_before_any_was_judged_papers_that_differ_are_chosen() -> None:
    assert mix.select(known(judged=0), 3, chance()) == diverse.select(known(), 3, chance())


def test_while_few_were_judged_papers_that_differ_are_chosen_of_the_less_sure_half() -> None:
    found = mix.select(known(judged=99), 4, chance())
    assert 30 <= min(found) < 40  # not of the 20 least sure alone
    assert {cloud(row) for row in found} == {1, 2}


def test_then_unsure_papers_that_differ_are_chosen() -> None:
    found = mix.select(known(judged=100), 5, chance())
    assert min(found) >= 35  # of the 25 least sure
    assert {cloud(row) for row in found} == {1, 2}


def test_unsure_papers_of_every_topic_are_chosen() -> None:
    """The first topic's papers are all less sure than the second's, and ten times as many."""
    topic = np.arange(60) >= 54
    probabilities = np.column_stack([np.where(topic, 0.1, 0.5), np.where(topic, 0.9, 0.4)])
    papers = candidates(
        clouds(SIZES),
        probabilities=probabilities,
        margins=np.where(topic, 0.8, 0.1) + np.arange(60) / 1000,
        yes=np.array([60.0, 50.0]),
        judged=200,
    )
    assert {row for row in range(60) if topic[row]} & set(mix.select(papers, 2, chance()))


def test_the_most_probable_papers_of_rare_topics_come_first() -> None:
    found = mix.select(known(yes=(100.0, 90.0, 3.0)), 20, chance())
    assert found[:2] == [59, 58]
    assert len(set(found)) == 20


def test_rare_topics_take_turns_the_rarest_first() -> None:
    number = np.arange(60)
    probabilities = np.column_stack([number, 60 - number, 60 * (number == 7), np.zeros(60)]) / 60
    yes = np.array([3.0, 90.0, 1.0, 0.0])
    papers = candidates(clouds(SIZES), probabilities=probabilities, margins=np.zeros(60), yes=yes, judged=200)
    assert mix.select(papers, 30, chance())[:3] == [7, 59, 0]


def test_topics_that_are_as_frequent_as_others_are_not_rare() -> None:
    papers = known(yes=(5.0, 5.0, 4.0))
    assert min(mix.select(papers, 10, chance())) >= 10


def test_nothing_is_chosen_for_a_topic_that_was_not_learned() -> None:
    papers = known(yes=(100.0, 90.0, 0.0))
    assert papers.probabilities is not None
    papers.probabilities[:, 2] = 0.0
    assert mix.select(papers, 10, chance())[0] != 0
    assert min(mix.select(papers, 10, chance())) >= 10
