"""What a push is to change, without a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.digests import read_inputs
from labeler.features.background import NO_BACKGROUND
from labeler.flows.push_plan import Plan, plan_of
from labeler.papers import Paper
from labeler.studio.project_tasks import ProjectTask
from labeler.suggest.advice import Adviser
from labeler.suggest.queue import Picking, narrowed
from labeler.suggest.sought import COUNT, Sought
from labeler.topics import Mode, Scheme, Topic, load_scheme
from tests.paths import SAMPLES


@pytest.fixture
def papers(digest: Path) -> list[Paper]:
    return read_inputs([str(digest)]).papers


def picking(sought: Sought | None = None) -> Picking:
    scheme = load_scheme(SAMPLES / "topics.toml")
    return Picking(scheme, Adviser(None, None), NO_BACKGROUND, "random", 0.5, 1, sought=sought)


def as_tasks(plan: Plan, first: int = 1) -> list[ProjectTask]:
    return [ProjectTask(n, one.paper, {}, one.asked) for n, one in enumerate(plan.picks, first)]


def test_the_queue_is_filled_up_and_no_more(papers: list[Paper]) -> None:
    first = plan_of(papers, [], [], picking(), 5)
    assert (len(first.picks), first.waiting, first.remaining) == (5, 0, 19)
    again = plan_of(papers, [], as_tasks(first), picking(), 5)
    assert (len(again.picks), again.waiting, again.in_project, again.remaining) == (0, 5, 5, 19)
    assert len(plan_of(papers, [], as_tasks(first), picking(), None).picks) == 19


def test_where_papers_are_screened_those_that_repeat_another_are_asked_too() -> None:
    words = " ".join(f"Bird {number} sings in valley {number * 7}" for number in range(12))
    papers = [Paper.make(f"Songs, {part}", f"{words} {part}") for part in ("protocol", "results")]
    found = plan_of(papers, [], [], picking(), 5)
    assert (len(found.picks), found.near_duplicates) == (1, 1)
    screened = replace(picking(), scheme=Scheme(Mode.MULTI, (Topic("included", "Included"),)))
    found = plan_of(papers[1:], papers[:1], [], screened, 5)
    assert (len(found.picks), found.near_duplicates) == (1, 0)


def test_what_is_sought_has_a_queue_of_its_own(papers: list[Paper]) -> None:
    """A full queue keeps nobody from asking for papers of a rare topic; asking twice adds nothing."""
    waiting = as_tasks(plan_of(papers[:12], [], [], picking(), None))
    sought = Sought(words="text model")
    found, narrow = narrowed(papers, picking(sought))
    first = plan_of(found, [], waiting, narrow, 3)
    new = {one.id for one in found} - {task.paper.id for task in waiting if task.paper}
    assert len(first.picks) == min(3, len(new))
    assert [one.paper for one in first.picks] == [one for one in found if one.id in new][:3]
    assert {one.asked["strategy"] for one in first.picks} == {"search"}
    assert {one.asked["search"] for one in first.picks} == {"text model"}
    assert not any(one.audit for one in first.picks)
    assert all("text model" in one.reason for one in first.picks)
    tasks = [*waiting, *as_tasks(first, 100)]
    assert plan_of(found, [], tasks, narrow, 3).picks == []
    assert first.waiting == 12


def test_where_nobody_says_how_many_some_are_sent(papers: list[Paper]) -> None:
    found, narrow = narrowed(papers, picking(Sought(words="learning to generate text, images and speech")))
    assert len(plan_of(found, [], [], narrow, None).picks) == min(COUNT, len(found))
