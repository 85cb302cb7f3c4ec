"""Judged papers, and how they came to be judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labeler.evaluation.judged import JudgedSet, is_blind, is_picked
from labeler.judgements import Judgement
from labeler.papers.ids import title_id
from labeler.topics import Mode, Scheme
from labeler.topics.scheme import Topic

SCHEME = Scheme(Mode.SINGLE, (Topic("a", "A"), Topic("b", "B"), Topic("old", "Old", hidden=True)))


def judgement(number: int, yes: str | None, **fields: object) -> Judgement:
    title = f"Paper number {number}"
    identifier = title_id(title)
    values = {"at": "2026-01-01T00:00:00Z", "source": {"file": "table.csv", "row": str(number)}} | fields
    return Judgement(
        paper=identifier, ids=(identifier,), title=title, abstract="", annotator="x",
        yes=(yes,) if yes else (), offered=SCHEME.ids, **values,  # type: ignore[arg-type]
    )  # fmt: skip


def test_answers_are_those_of_the_topics_on_offer() -> None:
    found = JudgedSet.of_log([judgement(1, "a"), judgement(2, None), judgement(3, "old")], SCHEME)
    assert found.topics == ("a", "b")
    rows = {paper.title: row.tolist() for paper, row in zip(found.papers, found.truth, strict=True)}
    assert rows == {"Paper number 1": [1, 0], "Paper number 2": [0, 0], "Paper number 3": [0, 0]}
    assert set(found.sources) == {"table.csv"}


def test_papers_asked_blind_and_at_random_are_known_and_those_that_were_picked() -> None:
    audit = judgement(1, "a", asked={"strategy": "random", "audit": True, "batch": "x"})
    shown = judgement(2, "a", asked={"strategy": "random", "audit": False}, prefill="kept")
    picked = judgement(3, "b", asked={"strategy": "mix", "audit": False})
    alone = judgement(4, "b")
    assert [is_blind(one) for one in (audit, shown, picked, alone)] == [True, False, False, False]
    assert [is_picked(one) for one in (audit, shown, picked, alone)] == [False, False, True, False]
    assert not is_picked(judgement(1, "a", asked={"strategy": "ties", "review": "ties", "audit": False}))
    found = JudgedSet.of_log([audit, shown, picked, alone], SCHEME)
    by_title = sorted(zip([paper.title for paper in found.papers], found.blind, found.picked, strict=True))
    assert [(bool(blind), bool(chosen)) for _, blind, chosen in by_title] == [
        (True, False),
        (False, False),
        (False, True),
        (False, False),
    ]


def test_some_of_the_papers() -> None:
    found = JudgedSet.of_log([judgement(1, "a"), judgement(2, None)], SCHEME)
    assert found.take(np.array([1])).papers == (found.papers[1],)


def test_the_share_of_no_topic_is_not_told_where_papers_of_before_a_topic_may_fit_it() -> None:
    judged = [judgement(number, "a" if number % 3 else None) for number in range(60)]
    share = JudgedSet.of_log(judged, SCHEME).no_topic
    assert share is not None
    assert share.value == 1 / 3
    more = Scheme(SCHEME.mode, (*SCHEME.topics, Topic("new", "New")))
    assert JudgedSet.of_log(judged, more).no_topic is None, "those of no topic may be of the new one"
    later = [replace(one, offered=more.ids) for one in judged]
    known = JudgedSet.of_log(later[1:], more).no_topic
    assert known is not None
    assert JudgedSet.of_log([judged[0], *later[1:]], more).no_topic == known, "one of sixty hardly counts"
