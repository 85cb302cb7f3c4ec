"""What was said of a topic that was split: a no to it is one to its parts, a yes says nothing of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.judgements import Judgement, labels_of
from labeler.judgements.labels import current_judgements
from labeler.judgements.splits import carried, may_apply
from labeler.topics import Mode, Scheme, Topic
from tests.judgements.factories import judgement

PARTS = (Topic("shape", "Shape", split_from="vision"), Topic("track", "Tracking", split_from="vision"))
LLM = Topic("llm", "Language models")
SPLIT = Scheme(Mode.MULTI, (LLM, *PARTS))
OLD, NEW = ("llm", "vision"), ("llm", "shape", "track")


def said(yes: str, number: int = 0, **values: Any) -> Judgement:
    return judgement(yes, number=number, **{"offered": OLD, "annotator": f"person {number}"} | values)


def migrated(log: list[Judgement], scheme: Scheme = SPLIT) -> list[Judgement]:
    found = [*log, *carried(current_judgements(log), {}, scheme)]
    assert carried(current_judgements(found), {}, scheme) == []
    return found


def test_who_denied_a_topic_denied_its_parts() -> None:
    papers = {"title": "A"}, {"title": "B"}, {"title": "C"}, {"title": "D"}
    yes, no, none = said("vision llm", 1, **papers[0]), said("llm", 2, **papers[1]), said("", 3, **papers[2])
    without = said("llm", 4, offered=("llm",), **papers[3])
    found = carried([yes, no, none, without], {}, SPLIT)
    assert [(one.supersedes, one.yes, one.no, one.offered) for one in found] == [
        (no.id, ("llm",), ("shape", "track"), ("llm", "shape", "track")),
        (none.id, (), ("llm", "shape", "track"), ("llm", "shape", "track")),
    ]
    assert carried([yes, *found, without], {}, SPLIT) == []
    merged = carried([said("agents", 1, offered=("agents", "vision"))], {"agents": "llm"}, SPLIT)
    assert [(one.yes, one.no) for one in merged] == [(("llm",), ("shape", "track"))]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["vision", ""], None),  # tied: nobody knows which part it may be
        (["vision", "vision llm", ""], None),
        (["vision", "", ""], False),
        ([""], False),
    ],
)
def test_parts_of_a_topic_that_may_apply_are_not_denied_by_who_was_outvoted(
    answers: list[str], expected: bool | None
) -> None:
    log = migrated([said(yes, number) for number, yes in enumerate(answers)])
    for item in labels_of(log, SPLIT).papers:
        assert item.yes.isdisjoint(("shape", "track"))
        assert (expected is False) == ({"shape", "track"} <= item.no) == bool({"shape", "track"} & item.no)
    again = [*log, said("shape", 9, offered=NEW)]
    assert "shape" in labels_of(again, SPLIT).papers[0].yes or expected is False


def test_a_verdict_says_whether_the_topic_applied() -> None:
    log = [said("vision", 1), said("", 2), said("", 3, role="adjudicator")]
    assert not may_apply("vision", log, Mode.MULTI)
    assert len(carried(log, {}, SPLIT)) == 2
    for unsure in (log[:2], [*log[:2], said("", 3, role="adjudicator", unsure=True)]):
        assert may_apply("vision", unsure, Mode.MULTI)
    assert not may_apply("vision", [said("vision", 1, unsure=True)], Mode.MULTI)
    assert not may_apply("vision", [], Mode.MULTI)


@pytest.mark.parametrize(
    ("answers", "yes", "tied"),
    [
        (["vision", "llm"], None, True),
        (["vision", "vision", "llm"], None, False),
        (["vision", "llm", "llm"], "llm", False),
        (["vision", "llm", "shape"], "shape", False),
        (["vision", "llm", "shape", "track"], None, True),
        (["vision", "llm", "llm", "shape"], None, True),
        (["vision"], None, False),
    ],
)
def test_in_single_mode_a_vote_for_the_topic_is_one_for_the_part_that_people_chose_since(
    answers: list[str], yes: str | None, tied: bool
) -> None:
    single = Scheme(Mode.SINGLE, SPLIT.topics)
    log = [said(one, n, offered=NEW if one in ("shape", "track") else OLD) for n, one in enumerate(answers)]
    labels = labels_of(migrated(log, single), single)
    assert [set(item.yes) for item in labels.papers] == ([{yes}] if yes else [])
    assert bool(labels.ties) == tied


def test_below_a_topic_that_stays_above_its_parts_a_no_that_was_outvoted_says_nothing() -> None:
    tree = Scheme(Mode.MULTI, (LLM, Topic("vision", "Vision"), *(one._replace(parent="vision") for one in PARTS)))
    log = [said("vision", 1), said("vision", 2), said("", 3)]
    assert migrated(log, tree) == log
    (item,) = labels_of(log, tree).papers
    assert (item.yes, item.no) == ({"vision"}, {"llm"})
    (item,) = labels_of([*log, said("", 4), said("", 5)], tree).papers
    assert {"vision", "shape", "track"} <= item.no


@given(st.lists(st.tuples(st.sampled_from(["", "llm", "vision", "llm vision"]), st.integers(0, 3)), max_size=8))
def test_what_was_denied_is_denied_and_what_was_not_stays_open(answers: list[tuple[str, int]]) -> None:
    log = [said(yes, n, title=f"Paper {paper}") for n, (yes, paper) in enumerate(answers)]
    before = {item.paper.title: item for item in labels_of(log, Scheme(Mode.MULTI, (LLM, Topic("vision", "V")))).papers}
    after = {item.paper.title: item for item in labels_of(migrated(log), SPLIT).papers}
    for title, item in before.items():
        assert ("vision" in item.no) == ("shape" in after[title].no if title in after else False)
        assert title not in after or (item.yes & {"llm"}) == after[title].yes
