from __future__ import annotations

import numpy as np
import pytest

from labeler.annotators.choice import DAWID_SKENE, MAJORITY
from labeler.annotators.consensus import Consensus
from labeler.topics import Mode
from tests.annotators.factories import ratings_of
from tests.annotators.studies import blind_study, study


def gain(careless: str = "", each: int = 3, seeds: int = 10) -> list[float]:
    """How much more often labels are right than the majority's, in studies of three people and 200 papers.

    Of tied answers, each counts in part.
    """
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        answers, truth = study(rng, 200, rng.uniform(0.75, 0.97, 3), careless=careless, each=each)
        consensus = Consensus(ratings_of(answers, Mode.SINGLE))
        votes = np.where(answers == 1, 1, 0).sum(axis=1)
        best = votes == votes.max(axis=1, keepdims=True)
        right = (best / best.sum(axis=1, keepdims=True))[np.arange(200), truth]
        now = right.copy()
        for paper, said in consensus.settled().items():
            row = int(paper.split()[1])
            now[row] = said[f"t{truth[row]}"]
        found.append(now.mean() - right.mean())
    return found


def test_honest_people_are_no_worse_off() -> None:
    assert np.mean(gain()) >= -0.005


@pytest.mark.parametrize("careless", ["random", "same"])
def test_where_one_of_three_is_careless_labels_are_right_more_often(careless: str) -> None:
    assert np.mean(gain(careless)) > 0


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_papers_of_one_mind_keep_their_label(mode: Mode) -> None:
    answers, _ = study(np.random.default_rng(3), 200, np.array([0.9, 0.9, 0.9]), careless="same")
    consensus = Consensus(ratings_of(answers, mode))
    assert consensus.choice.method != MAJORITY
    settled = consensus.settled()
    assert settled
    for paper, said in settled.items():
        given = answers[int(paper.split()[1])]
        for topic, applies in said.items():
            column = given[:, int(topic[1:])]
            assert (column == applies).any() or mode == Mode.SINGLE
            assert len(set(column.tolist())) > 1 or (column == applies).all() or mode == Mode.SINGLE
        assert (given != given[0]).any()
        if mode == Mode.SINGLE:
            assert sum(said.values()) <= 1


@pytest.mark.parametrize(("papers", "people"), [(49, 3), (200, 2)])
def test_too_few_papers_or_people_leave_the_majority(papers: int, people: int) -> None:
    answers, _ = study(np.random.default_rng(0), papers, np.full(people, 0.8), careless="chance")
    consensus = Consensus(ratings_of(answers, Mode.SINGLE))
    assert (consensus.choice.method, dict(consensus.choice.agreement)) == (MAJORITY, {})
    assert consensus.settled() == {}


def test_one_who_judged_few_papers_is_no_third_person() -> None:
    answers, _ = study(np.random.default_rng(0), 200, np.full(3, 0.8))
    answers[19:, 2] = -1
    assert Consensus(ratings_of(answers, Mode.SINGLE)).choice.annotators == 2


def test_chance_does_not_choose() -> None:
    """People who are equally right: the models tell no more than the majority, in few studies if at all."""
    chosen = 0
    for seed in range(10):
        answers, _ = study(np.random.default_rng(seed), 200, np.full(4, 0.9), each=2)
        consensus = Consensus(ratings_of(answers, Mode.SINGLE))
        chosen += consensus.choice.method != MAJORITY
    assert chosen <= 1


def test_topics_that_two_of_three_do_not_see_are_found() -> None:
    answers, truth = blind_study(np.random.default_rng(0), 300, 5)
    consensus = Consensus(ratings_of(answers, Mode.MULTI))
    assert consensus.choice.method == DAWID_SKENE
    majority = answers.sum(axis=1) >= 2
    found = majority.copy()
    for paper, said in consensus.settled().items():
        for topic, applies in said.items():
            found[int(paper.split()[1]), int(topic[1:])] = applies
    errors = [int((labels != truth).sum()) for labels in (found, majority)]
    assert errors[0] < 0.9 * errors[1], errors


@pytest.mark.parametrize("careless", ["", "random", "same"])
def test_accuracies_are_recovered_where_two_of_three_judge_a_paper(careless: str) -> None:
    errors = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        answers, truth = study(rng, 200, rng.uniform(0.75, 0.97, 3), careless=careless, each=2)
        consensus = Consensus(ratings_of(answers, Mode.SINGLE))
        judged = answers.max(axis=2) >= 0
        right = [(answers[judged[:, who], who].argmax(axis=1) == truth[judged[:, who]]).mean() for who in range(3)]
        errors.append(np.abs(consensus.model.accuracy.mean(axis=0) - right).mean())
    assert np.mean(errors) <= 0.05
