"""The projects of a workspace on a real server: found by their description, opened, and made once."""

from __future__ import annotations

from typing import Any

import pytest

from labeler.papers import Paper
from labeler.studio.interface import interface
from labeler.studio.local import Credentials
from labeler.studio.project import Project
from labeler.studio.projects import create_project, create_single_project, find_projects, open_project
from labeler.studio.server import GoneError, Server
from labeler.studio.tasks import task
from tests.judgements.factories import scheme
from tests.studio.annotating import elsewhere

PAPER = Paper.make("A title", "An abstract.", ids=["arxiv:2503.00001"])


@pytest.fixture
def project(server: Credentials, studio: Any, request: pytest.FixtureRequest) -> Project:
    return create_project(
        Server(server.url, server.token), request.node.name[:30], "A test", interface(scheme()), ["llm"]
    )


@pytest.mark.quick
def test_a_project_is_found_by_its_workspace(project: Project, server: Credentials) -> None:
    (found,) = find_projects(project.server, project.workspace)
    assert (found.id, found.offers) == (project.id, project.offers)
    assert find_projects(project.server, "another") == []
    with pytest.raises(GoneError):
        open_project(project.server, 999_999, "x")


def test_the_first_of_two_projects_stays_and_the_empty_second_one_goes(server: Credentials, studio: Any) -> None:
    reached, own = Server(server.url, server.token), "made0once"
    first = create_project(reached, own, "A test", interface(scheme()), ["llm"])
    assert create_single_project(reached, own, "A test", interface(scheme()), ["llm"]).id == first.id
    assert [one.id for one in find_projects(reached, own)] == [first.id]
    assert studio.projects.get(id=first.id).title == "A test"


def test_a_second_project_that_holds_papers_stays_and_is_worked_with(server: Credentials, studio: Any) -> None:
    reached, own = Server(server.url, server.token), "made0twice"
    empty = create_project(reached, own, "A test", interface(scheme()), ["llm"])
    full = create_project(reached, own, "A test", interface(scheme()), ["llm"])
    full.import_tasks([task(PAPER, ["llm"], "why")])
    assert [one.id for one in find_projects(reached, own)] == [full.id, empty.id]
    assert create_single_project(reached, own, "A test", interface(scheme()), ["llm"]).id == full.id
    assert [one.id for one in find_projects(reached, own)] == [full.id]


def test_when_a_project_was_made_tells_it_apart_at_every_address(project: Project, server: Credentials) -> None:
    moved = open_project(Server(elsewhere(server), server.token), project.id, project.workspace)
    assert moved.created_at == project.created_at != ""
    assert moved.url != project.url
    other = create_project(project.server, "another0one", "A test", interface(scheme()), ["llm"])
    assert other.created_at != project.created_at


def test_the_project_of_a_review_is_found_apart(project: Project) -> None:
    made = create_project(project.server, project.workspace, "Review", interface(scheme(), review=True), ["llm"], True)
    assert [one.id for one in find_projects(project.server, project.workspace)] == [project.id]
    (found,) = find_projects(project.server, project.workspace, review=True)
    assert (found.id, found.review, project.review) == (made.id, True, False)
    found.set_up(interface(scheme("multi", "One", "Two"), review=True), ["t0", "t1"])
    (again,) = find_projects(project.server, project.workspace, review=True)
    assert again.offers[-1].topics == ("t0", "t1")
