"""Which papers are asked next, and in which order they wait."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.config import find_workspace
from labeler.digests import read_inputs
from labeler.evaluation.judged import is_blind
from labeler.features.background import NO_BACKGROUND
from labeler.papers import Paper
from labeler.papers.ids import identifier_hash
from labeler.suggest.advice import adviser_of
from labeler.suggest.alike import JudgedPapers
from labeler.suggest.queue import AUDIT, Pick, Picking, alike, interleaved, pick, ranked, shown
from labeler.topics import load_scheme
from tests.judgements.factories import judgement


def picking(strategy: str = "mix", audit: float = 0.0, overlap: int = 1) -> Picking:
    workspace = find_workspace()
    scheme = load_scheme(workspace.topics)
    return Picking(scheme, adviser_of(workspace, scheme, None), NO_BACKGROUND, strategy, audit, overlap)


@pytest.fixture
def papers(digest: Path) -> list[Paper]:
    return read_inputs([str(digest)]).papers


@pytest.mark.parametrize("strategy", ["mix", "margin", "diverse", "random"])
@pytest.mark.parametrize("count", [0, 1, 7, 24, 90])
def test_as_many_as_wanted_are_picked_and_none_twice(
    trained: Path, papers: list[Paper], strategy: str, count: int
) -> None:
    picks = pick(papers, count, picking(strategy, 0.25))
    assert len({chosen.paper.id for chosen in picks}) == len(picks) == min(count, len(papers))
    assert all(chosen.reason for chosen in picks)
    assert {chosen.asked["strategy"] for chosen in picks if not chosen.audit} <= {strategy}
    assert {chosen.reason for chosen in picks if chosen.audit} <= {AUDIT}
    assert {chosen.asked["model"] for chosen in picks} <= {"mine@1"}


def test_the_same_papers_give_the_same_picks(trained: Path, papers: list[Paper]) -> None:
    assert pick(papers, 9, picking(audit=0.3)) == pick(papers, 9, picking(audit=0.3))


@pytest.mark.parametrize(("share", "audits"), [(0.0, {0}), (0.5, {4}), (1.0, {8}), (0.1, {0, 1})])
def test_the_share_of_audits_is_kept(trained: Path, papers: list[Paper], share: float, audits: set[int]) -> None:
    assert sum(chosen.audit for chosen in pick(papers, 8, picking(audit=share))) in audits


def test_small_batches_have_audits_too_in_the_long_run(workspace: Path, papers: list[Paper]) -> None:
    batches = [pick(papers[start : start + 3], 2, picking("random", 0.25)) for start in range(21)]
    assert 4 <= sum(chosen.audit for batch in batches for chosen in batch) <= 18


def test_a_random_paper_is_said_to_be_one(trained: Path, papers: list[Paper]) -> None:
    assert {chosen.reason for chosen in pick(papers, 5, picking("random"))} == {"picked at random"}


def test_more_papers_than_a_strategy_orders_follow_by_margin(
    trained: Path, papers: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.suggest.queue._RANKED", 5)
    order = ranked(papers, 24, picking("margin"))
    assert order == ranked(papers, 24, picking("margin"))
    assert sorted(order) == list(range(24))
    monkeypatch.setattr("labeler.suggest.queue._RANKED", 24)
    assert order == ranked(papers, 24, picking("margin"))


def test_beyond_what_a_strategy_orders_random_papers_stay_random(
    workspace: Path, papers: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.suggest.queue._RANKED", 4)
    order = ranked(papers, 24, picking("random"))
    assert sorted(order) == list(range(24))
    assert order[4:] != sorted(order[4:])


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_audits_stand_anywhere_and_the_others_keep_their_order(order: list[int], audits: set[int]) -> None:
    mixed = interleaved(order, audits)
    assert sorted(mixed) == list(range(12))
    assert [position for position in mixed if position not in audits] == [
        position for position in order if position not in audits
    ]


def test_it_is_told_by_what_a_paper_was_really_picked(workspace: Path, papers: list[Paper]) -> None:
    for strategy in ("mix", "margin", "diverse"):
        picks = pick(papers, 4, picking(strategy))
        assert {chosen.asked["strategy"] for chosen in picks} == {"diverse"}
        assert {chosen.reason for chosen in picks} == {"it stands for many papers like it"}
        assert {(chosen.asked["model"], chosen.asked["fingerprint"]) for chosen in picks} == {(None, None)}
    assert {chosen.asked["strategy"] for chosen in pick(papers, 4, picking("random"))} == {"random"}


def test_papers_that_differ_are_not_said_to_be_picked_for_a_doubt(trained: Path, papers: list[Paper]) -> None:
    assert {chosen.reason for chosen in pick(papers, 4, picking("diverse"))} == {"it stands for many papers like it"}
    assert all("mine@1" in chosen.reason for chosen in pick(papers, 4, picking("mix")))


def test_papers_that_were_judged_are_no_audits(trained: Path, papers: list[Paper]) -> None:
    picks = pick(papers, 24, picking(audit=1.0), judged=range(20))
    assert {chosen.paper.id for chosen in picks if chosen.audit} == {paper.id for paper in papers[20:]}
    assert len(picks) == 24


def test_what_is_shown_is_a_place_and_only_to_others_than_auditors_a_suggestion(
    trained: Path, papers: list[Paper]
) -> None:
    with_topics = next(
        chosen.advice for chosen in pick(papers, 24, picking()) if chosen.advice and chosen.advice.topics
    )
    assert shown(with_topics, False, 0.5, "mine@1")["result"]
    for nothing in (shown(with_topics, True, 0.5, "mine@1"), shown(None, False, 0.5, "mine@1")):
        assert nothing == {"model_version": "mine@1", "score": 0.5, "result": []}


@pytest.mark.parametrize("strategy", ["mix", "random"])
def test_judged_papers_are_told_beside_others_than_those_that_stand_for_all_papers(
    trained: Path, papers: list[Paper], strategy: str
) -> None:
    wanted = picking(strategy, audit=0.3)
    assert wanted.adviser.model is not None
    assert alike(pick(papers, 24, wanted), wanted) == [""] * 24
    known = JudgedPapers.of_workspace(wanted.adviser.model, find_workspace(), wanted.scheme)
    wanted = replace(wanted, judged=known)
    picks = pick(papers, 24, wanted)
    assert {blind_as_counted(chosen) for chosen in picks} == {True, False}
    for chosen, text in zip(picks, alike(picks, wanted), strict=True):
        assert bool(text) == (not blind_as_counted(chosen))


def blind_as_counted(chosen: Pick) -> bool:
    """Whether a judgement of the paper counts as one that was asked blind and at random."""
    prefill = "kept" if chosen.asked["suggested"] else "none"
    return is_blind(judgement(asked=chosen.asked, prefill=prefill))


def test_papers_that_the_model_has_learned_from_are_no_audits(trained: Path, papers: list[Paper]) -> None:
    wanted = picking(audit=1.0)
    assert wanted.adviser.model is not None
    hashes = sorted(identifier_hash(paper.ids[0]) for paper in papers[:10])
    model = replace(wanted.adviser.model, learned=np.array(hashes, dtype=np.uint64))
    picks = pick(papers, 24, replace(wanted, adviser=replace(wanted.adviser, model=model)))
    assert {chosen.paper.id for chosen in picks if chosen.audit} == {paper.id for paper in papers[10:]}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.05, 1), count=st.integers(0, 24))
def test_a_share_of_the_papers_is_for_several_people(
    workspace: Path, papers: list[Paper], share: float, count: int
) -> None:
    picks = pick(papers, count, replace(picking("random", overlap=2), share=share))
    several = [chosen.overlap for chosen in picks].count(2)
    assert abs(several - share * count) < 1
    assert {chosen.overlap for chosen in picks} <= {1, 2}
    again = pick(papers, count, replace(picking("random", overlap=2), share=share))
    assert [chosen.overlap for chosen in again] == [chosen.overlap for chosen in picks]


def test_which_papers_are_for_several_people_depends_on_chance_alone(workspace: Path, papers: list[Paper]) -> None:
    picks = pick(papers, 24, replace(picking("diverse", overlap=3), share=0.25))
    places = [place for place, chosen in enumerate(picks) if chosen.overlap == 3]
    assert len(places) == 6
    assert places != list(range(6)), "not the first of the queue"
