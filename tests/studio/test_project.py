"""The project of a workspace on a real server: found by its description, with what it offered when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from labeler.errors import ServerError
from labeler.papers import Paper
from labeler.studio.interface import interface
from labeler.studio.local import Credentials
from labeler.studio.project import Project
from labeler.studio.projects import create_project, find_projects
from labeler.studio.server import Server
from labeler.studio.tasks import blind, task
from tests.judgements.factories import scheme
from tests.studio.annotating import choices, draft

PAPER = Paper.make("A title", "An abstract.", ids=["arxiv:2503.00001"])


@pytest.fixture
def project(server: Credentials, studio: Any, request: pytest.FixtureRequest) -> Project:
    return create_project(
        Server(server.url, server.token), request.node.name[:30], "A test", interface(scheme()), ["llm"]
    )


def test_what_was_offered_when_is_kept_in_the_project(project: Project) -> None:
    before = datetime.now(UTC)
    project.set_up(interface(scheme("multi", "One", "Two")), ["t0", "t1"])
    (again,) = find_projects(project.server, project.workspace)
    assert again.offered_at(datetime(2030, 1, 1, tzinfo=UTC)) == ("t0", "t1")
    assert again.offered_at(datetime(2020, 1, 1, tzinfo=UTC)) == ("llm",)
    assert abs((again.offers[-1].since - before).total_seconds()) < 60
    project.set_up(interface(scheme("multi", "One", "Two")), ["t0", "t1"])
    assert len(project.offers) == 2


def test_tasks_are_listed_with_what_became_of_them(project: Project, studio: Any) -> None:
    fresh, answered, skipped = project.import_tasks([task(PAPER, ["llm"], "why", None, {"audit": True})] * 3)
    studio.projects.import_tasks(id=project.id, request=[{"data": {
        "title": "", "abstract": "", "meta_html": "", "reason": ""}}])  # fmt: skip
    studio.annotations.create(id=answered, result=[choices("llm")])
    studio.annotations.create(id=skipped, result=[], was_cancelled=True)
    project.import_predictions([{"task": fresh, **blind(0.5, "mine@1")}])
    tasks = {one.id: one for one in project.tasks()}
    assert (tasks[fresh].open, tasks[fresh].untouched, tasks[fresh].versions) == (True, True, {"mine@1"})
    assert (tasks[answered].open, tasks[answered].untouched, tasks[answered].done) == (False, False, True)
    assert (tasks[skipped].open, tasks[skipped].untouched) == (False, False)
    assert (tasks[fresh].paper, tasks[fresh].asked) == (PAPER, {"audit": True})
    assert [one.paper for number, one in tasks.items() if number not in (fresh, answered, skipped)] == [None]
    assert (project.annotations(), project.task_count()) == (2, 4)
    project.delete_untouched([tasks[fresh], tasks[fresh], replace(tasks[fresh], id=999_999)])
    assert project.task_count() == 3


def test_the_tab_in_the_order_of_the_queue_is_made_once(project: Project, studio: Any) -> None:
    project.show_in_order()
    project.show_in_order()
    (tab,) = studio.views.list(project=project.id)
    assert tab.data["ordering"] == ["tasks:predictions_score"]


def test_the_tab_shows_title_and_reason_and_hides_what_nobody_reads(project: Project, studio: Any) -> None:
    project.import_tasks([task(PAPER, ["llm"], "why")])
    project.show_in_order()
    (tab,) = studio.views.list(project=project.id)
    hidden = set(tab.data["hiddenColumns"]["explore"])
    response = project.server.send("reading the columns", "GET", f"api/dm/columns?project={project.id}", None)
    columns = {one["id"]: one for one in response["columns"]}
    there = {f"tasks:{one['parent']}.{name}" if one.get("parent") else f"tasks:{name}"
             for name, one in columns.items() if not one.get("children")}  # fmt: skip
    assert hidden <= there, "columns that the server has"
    data = {f"tasks:data.{name}" for name in task(PAPER, ["llm"], "why")["data"]}
    assert data - hidden == {"tasks:data.title", "tasks:data.reason", "tasks:data.date"}
    assert {"tasks:total_annotations", "tasks:cancelled_annotations", "tasks:annotators"} <= there - hidden


def test_duplicates_that_somebody_has_begun_with_meanwhile_stay(
    project: Project, studio: Any, server: Credentials
) -> None:
    numbers = project.import_tasks([task(PAPER, ["llm"], "why")] * 5)
    read = {one.id: one for one in project.tasks()}
    assert all(one.untouched for one in read.values())
    _, answered, skipped, begun, other = numbers
    studio.annotations.create(id=answered, result=[choices("llm")])
    studio.annotations.create(id=skipped, result=[], was_cancelled=True)
    draft(server, begun, choices("llm"))
    project.update_task(other, data=task(PAPER, ["llm"], "another paper by now")["data"])
    project.delete_untouched(read.values())
    assert {one.id for one in project.tasks()} == {answered, skipped, begun, other}


def test_a_number_that_is_of_another_project_by_now_is_left_alone(
    project: Project, studio: Any, server: Credentials, request: pytest.FixtureRequest
) -> None:
    other = create_project(project.server, request.node.name[:20], "Other", interface(scheme()), ["llm"])
    (number,) = other.import_tasks([task(PAPER, ["llm"], "why")])
    (listed,) = other.tasks()
    project.delete_untouched([listed])
    assert [one.id for one in other.tasks()] == [number]
    other.delete_untouched([listed])
    assert other.tasks() == []


def test_how_many_are_to_judge_a_paper_is_read(project: Project) -> None:
    one, two = project.import_tasks([task(PAPER, ["llm"], "why")] * 2)
    project.update_task(two, overlap=3)
    assert {listed.id: listed.overlap for listed in project.tasks()} == {one: 1, two: 3}


def test_a_version_that_the_server_does_not_take_is_told(project: Project) -> None:
    with pytest.raises(ServerError, match="Model version doesn't exist"):
        project.use_model("nobody@1")


def test_objections_of_the_server_are_told_and_none_where_all_fits(project: Project, studio: Any) -> None:
    (number,) = project.import_tasks([task(PAPER, ["llm"], "why")])
    studio.annotations.create(id=number, result=[choices("llm")])
    assert project.objection(interface(scheme())) == ""
    assert "llm (1 annotation)" in project.objection(interface(scheme("multi", "One")))
    assert project.objection("<View>")
