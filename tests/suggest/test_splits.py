"""Papers of topics that were split come back to people, the most certain first, with the part that they may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from labeler.features.background import named_background
from labeler.judgements import Judgement
from labeler.judgements.splits import carried
from labeler.studio.project_tasks import ProjectTask, duplicate_tasks
from labeler.suggest.advice import Adviser
from labeler.suggest.queue import Pick, Picking
from labeler.suggest.splits import STRATEGY, advice_on, not_asked, split_picks, to_judge_again
from labeler.topics import Scheme, Topic
from labeler.topics.faults import faults
from tests.judgements.factories import judgement
from tests.paths import ROOT

SHAPE = Topic("shape", "Point clouds and depth", "Geometry of scenes from depth and point clouds", split_from="vision")
TRACK = Topic("track", "Tracking", "Following objects in videos", split_from="vision")
LLM = Topic("llm", "Language models")
OLD = ("llm", "vision")


def scheme(*topics: Topic, mode: str = "multi") -> Scheme:
    return Scheme.from_dict({"mode": mode, "topics": Scheme("multi", topics).to_dict()["topics"]})


SPLIT = scheme(LLM, SHAPE, TRACK)


def said(yes: str, number: int, **values: Any) -> Judgement:
    values = {"offered": OLD, "title": f"Paper number {number}"} | values
    return judgement(yes, number=number, **values)


def test_the_parts_of_a_topic_are_those_that_say_so() -> None:
    assert SPLIT.splits == {"vision": ("shape", "track")}
    hidden = scheme(SHAPE, TRACK._replace(hidden=True))
    assert hidden.splits == {"vision": ("shape",)}
    assert Scheme.from_dict(SPLIT.to_dict()) == SPLIT


@pytest.mark.parametrize(
    ("topics", "message"),
    [
        ([SHAPE, TRACK, Topic("vision", "Vision")], "still a topic; remove that one, or make it the parent"),
        ([SHAPE, Topic("other", "Other", aliases=("vision",))], "'vision' is split, and 'other' is called so, too"),
    ],
)
def test_a_topic_that_is_split_is_no_topic_beside_its_parts(topics: list[Topic], message: str) -> None:
    assert any(message in str(fault) for fault in faults(scheme(*topics)))
    assert not faults(SPLIT)
    above = Topic("vision", "Vision")
    assert not faults(scheme(above, SHAPE._replace(parent="vision"), TRACK._replace(parent="vision")))


def test_papers_come_back_until_somebody_was_asked_about_the_parts() -> None:
    log = [said("vision llm", 1), said("llm", 2), said("vision", 3), said("vision", 4, unsure=True)]
    log += [said("", 13, title="Paper number 3", annotator="bo"), said("vision", 5, status="withdrawn")]
    log += [said("vision", 6), *(said("", 16 + n, title="Paper number 6", annotator=who) for n, who in enumerate("bc"))]
    assert sorted((one.paper.title, one.topic, one.parts, one.others) for one in to_judge_again(log, SPLIT)) == [
        ("Paper number 1", "vision", ("shape", "track"), ("llm",)),
        ("Paper number 3", "vision", ("shape", "track"), ()),  # as many say yes as no
    ]
    log = log[:2]
    again = said("track", 21, title="Paper number 1", offered=("llm", "shape", "track"))
    assert to_judge_again([*log, again], SPLIT) == []
    assert to_judge_again(log, scheme(LLM)) == []
    single = scheme(LLM, SHAPE, TRACK, mode="single")
    assert [one.paper.title for one in to_judge_again(log, single)] == ["Paper number 1"]


def test_a_no_that_was_carried_to_the_parts_is_no_answer_about_them() -> None:
    denied = said("llm", 3, title="One paper", annotator="cy")
    log = [denied, *carried([denied], {}, SPLIT)]
    assert len(log) == 2
    assert to_judge_again(log, SPLIT) == []
    # what others had said comes later, as from another branch
    log += [said("vision", number, title="One paper", annotator=who) for number, who in ((1, "ada"), (2, "bo"))]
    assert [one.paper.title for one in to_judge_again(log, SPLIT)] == ["One paper"]
    renamed = scheme(LLM._replace(id="language", aliases=("llm",)), SHAPE, TRACK)
    renamed_since = carried(log[1:2], {"llm": "language"}, renamed)
    assert [one.paper.title for one in to_judge_again([*log, *renamed_since], renamed)] == ["One paper"]
    answer = said("", 8, title="One paper", annotator="cy", offered=("llm", "shape", "track"))
    assert to_judge_again([*log, answer], SPLIT) == []


def picking(topics: Scheme) -> Picking:
    return Picking(topics, Adviser(None, None), named_background("arxiv", ROOT), "mix", 0.1, 1)


def picks(topics: Scheme = SPLIT) -> list[Pick]:
    texts = {
        1: "Depth and geometry of scenes from point clouds.",
        2: "We follow objects that are tracked through long videos, tracking them over time.",
        3: "A survey of birds.",
    }
    log = [
        said("vision llm" if topics.mode == "multi" else "vision", n, title=f"Number {n}", abstract=text)
        for n, text in texts.items()
    ]
    return split_picks(to_judge_again(log, topics), picking(topics))


def test_definitions_say_which_part_it_may_be_and_the_surest_come_first() -> None:
    found = picks()
    suggested: Mapping[str, Any] = {one.paper.title: one.advice.topics for one in found if one.advice}
    assert suggested["Number 1"] == ("llm", "shape")
    assert suggested["Number 2"] == ("llm", "track")
    assert [one.advice.rank for one in found if one.advice] == sorted(one.advice.rank for one in found if one.advice)
    assert "it was of vision, which was split: Point clouds and depth or Tracking? Most likely" in found[0].reason
    assert (found[0].asked["strategy"], found[0].asked["split"], found[0].audit) == (STRATEGY, "vision", False)
    single = {
        one.paper.title: one.advice.topics for one in picks(scheme(LLM, SHAPE, TRACK, mode="single")) if one.advice
    }
    assert (single["Number 1"], single["Number 2"]) == (("shape",), ("track",))


def task(number: int, pick: Pick, split: str | None = None, **state: Any) -> ProjectTask:
    return ProjectTask(number, pick.paper, {}, {"split": split} if split else {}, **state)


def test_a_task_that_asks_again_stands_beside_the_one_that_was_answered() -> None:
    first, second, *_ = found = picks()
    tasks = [task(1, first, annotations=1, done=True), task(2, second, "vision"), task(3, second, annotations=1)]
    assert duplicate_tasks(tasks) == []
    assert [one.id for one in duplicate_tasks([*tasks, task(4, second, "vision")])] == [4]
    assert not_asked(found, tasks) == [first, *found[2:]]
    assert advice_on(tasks, found) == {1: second}
