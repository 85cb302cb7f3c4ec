"""The project of a workspace on a real server: found by its description, with what it offered when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.errors import ServerError
from labeler.papers import Paper
from labeler.studio.interface import interface
from labeler.studio.local import Credentials
from labeler.studio.project import (
    Held,
    Offer,
    Project,
    doubles,
    find_projects,
    make_project,
    open_project,
    paper_in,
)  # fmt: skip
from labeler.studio.server import GoneError, Server
from labeler.studio.tasks import NO_TITLE, blind, task
from tests.judgements.making import scheme
from tests.studio.annotating import choices

PAPER = Paper.make("A title", "An abstract.", ids=["arxiv:2503.00001"])


@pytest.fixture
def project(server: Credentials, studio: Any, request: pytest.FixtureRequest) -> Project:
    return make_project(
        Server(server.url, server.token), request.node.name[:30], "A test", interface(scheme()), ["llm"]
    )


def test_a_project_is_found_by_its_workspace(project: Project, server: Credentials) -> None:
    (found,) = find_projects(project.server, project.workspace)
    assert (found.id, found.offers) == (project.id, project.offers)
    assert find_projects(project.server, "another") == []
    with pytest.raises(GoneError):
        open_project(project.server, 999_999, "x")


def test_what_was_offered_when_is_kept_in_the_project(project: Project) -> None:
    before = datetime.now(UTC)
    project.set_up(interface(scheme("multi", "One", "Two")), ["t0", "t1"])
    (again,) = find_projects(project.server, project.workspace)
    assert again.offered_at(datetime(2030, 1, 1, tzinfo=UTC)) == ("t0", "t1")
    assert again.offered_at(datetime(2020, 1, 1, tzinfo=UTC)) == ("llm",)
    assert abs((again.offers[-1].since - before).total_seconds()) < 60
    project.set_up(interface(scheme("multi", "One", "Two")), ["t0", "t1"])
    assert len(project.offers) == 2


def test_tasks_are_held_with_what_became_of_them(project: Project, studio: Any) -> None:
    fresh, answered, skipped = project.import_tasks([task(PAPER, ["llm"], "why", None, {"audit": True})] * 3)
    studio.projects.import_tasks(id=project.id, request=[{"data": {
        "title": "", "abstract": "", "meta_html": "", "reason": ""}}])  # fmt: skip
    studio.annotations.create(id=answered, result=[choices("llm")])
    studio.annotations.create(id=skipped, result=[], was_cancelled=True)
    project.import_predictions([{"task": fresh, **blind(0.5, "mine@1")}])
    held = {one.id: one for one in project.tasks()}
    assert (held[fresh].open, held[fresh].untouched, held[fresh].versions) == (True, True, {"mine@1"})
    assert (held[answered].open, held[answered].untouched, held[answered].done) == (False, False, True)
    assert (held[skipped].open, held[skipped].untouched) == (False, False)
    assert (held[fresh].paper, held[fresh].asked) == (PAPER, {"audit": True})
    assert [one.paper for number, one in held.items() if number not in (fresh, answered, skipped)] == [None]
    assert (project.annotations(), project.task_count()) == (2, 4)
    project.delete_tasks([fresh, fresh, 999_999])
    assert project.task_count() == 3


def test_the_tab_in_the_order_of_the_queue_is_made_once(project: Project, studio: Any) -> None:
    project.show_in_order()
    project.show_in_order()
    (tab,) = studio.views.list(project=project.id)
    assert tab.data["ordering"] == ["tasks:predictions_score"]


def test_a_version_that_the_server_does_not_take_is_told(project: Project) -> None:
    with pytest.raises(ServerError, match="Model version doesn't exist"):
        project.use_model("nobody@1")


def test_objections_of_the_server_are_told_and_none_where_all_fits(project: Project, studio: Any) -> None:
    (number,) = project.import_tasks([task(PAPER, ["llm"], "why")])
    studio.annotations.create(id=number, result=[choices("llm")])
    assert project.objection(interface(scheme())) == ""
    assert "llm (1 annotation)" in project.objection(interface(scheme("multi", "One")))
    assert project.objection("<View>")


def test_a_task_without_a_title_is_a_paper_without_one() -> None:
    paper = paper_in({"title": NO_TITLE, "abstract": "Words.", "ids": ""})
    assert (paper.title, paper.abstract) == ("", "Words.")
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        paper_in({"title": NO_TITLE})


moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.lists(st.tuples(moments, st.lists(st.from_regex(r"[a-z][a-z0-9._-]{0,8}", fullmatch=True))), max_size=4))
def test_descriptions_are_read_as_they_were_written(offers: list[tuple[datetime, list[str]]]) -> None:
    from labeler.studio.project import _description, _offers_in, _workspace_in

    given_ = tuple(Offer(since.replace(microsecond=0), tuple(topics)) for since, topics in offers)
    text = _description("0123abcd", given_)
    assert _workspace_in(text) == "0123abcd"
    assert _offers_in(text) == given_
    assert _offers_in(text.replace("T", "t at ")) is not None


untouched = st.booleans()


@given(st.lists(st.lists(untouched, min_size=1, max_size=4), max_size=4))
def test_of_doubles_one_stays_and_all_that_was_touched(groups: list[list[bool]]) -> None:
    tasks, numbers = [], []
    for group in groups:
        numbers.append([len(tasks) + place for place in range(len(group))])
        tasks += [
            Held(number, PAPER, {}, {}, draft=not fresh) for number, fresh in zip(numbers[-1], group, strict=True)
        ]
    gone = set(doubles(tasks, numbers))
    for group in numbers:
        left = [tasks[number] for number in group if number not in gone]
        touched = [tasks[number] for number in group if not tasks[number].untouched]
        assert left
        assert all(one in left for one in touched)
        assert len(left) == max(1, len(touched))
