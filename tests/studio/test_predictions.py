"""Predictions of one version in place of earlier ones, on a real server."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from labeler.errors import RefusedError, ServerError
from labeler.papers import Paper
from labeler.studio.interface import interface
from labeler.studio.local import Credentials
from labeler.studio.predictions import ORDER_ALONE, remove_duplicates, renew_predictions
from labeler.studio.project import Project
from labeler.studio.projects import create_project
from labeler.studio.server import Server
from labeler.studio.tasks import blind, prediction, task
from tests.judgements.factories import scheme
from tests.studio.faulty import Fault, faulty


@pytest.fixture
def project(server: Credentials, studio: Any, request: pytest.FixtureRequest) -> Project:
    return create_project(
        Server(server.url, server.token), request.node.name[:30], "A test", interface(scheme()), ["llm"]
    )


@pytest.fixture
def tasks(project: Project) -> list[int]:
    papers = [Paper.make(f"Title {number}", "An abstract.") for number in range(6)]
    return project.import_tasks([task(paper, ["llm"], "why") for paper in papers])


def there(project: Project) -> Counter[str]:
    return Counter(version for _, _, version in project.predictions())


@pytest.mark.quick
def test_new_ones_take_the_place_of_earlier_ones_of_ours(project: Project, tasks: list[int]) -> None:
    renew_predictions(project, ORDER_ALONE, {number: blind(0.5, ORDER_ALONE) for number in tasks})
    project.import_predictions([{"task": tasks[0], **prediction(["llm"], 0.5, "someone else's")}])
    renew_predictions(project, "mine@1", {number: prediction(["llm"], 0.5, "mine@1") for number in tasks[:4]})
    renew_predictions(project, "mine@1", {number: prediction([], 0.5, "mine@1") for number in tasks[4:]}, existing=4)
    assert there(project) == {"mine@1": 6, "someone else's": 1}
    assert project.model_version == "mine@1"


def test_what_does_not_fit_the_interface_is_not_sent(project: Project, tasks: list[int]) -> None:
    with pytest.raises(RefusedError, match="does not fit the interface"):
        renew_predictions(project, "mine@1", {tasks[0]: prediction(["birds"], 0.5, "mine@1")})
    with pytest.raises(RefusedError, match="does not fit the interface"):
        renew_predictions(project, "mine@1", {tasks[0]: blind(7.0, "mine@1")})
    assert there(project) == {}


def test_where_there_is_none_nothing_is_done(project: Project) -> None:
    renew_predictions(project, "mine@1", {})
    assert project.model_version == ""


@pytest.mark.parametrize("kind", ["lost", "cut", 500])
def test_an_answer_that_is_lost_doubles_nothing(
    project: Project, tasks: list[int], server: Credentials, kind: int | str
) -> None:
    with faulty(server.url, Fault("POST .*/import/predictions", kind, times=1)) as url:
        project.server = Server(url, server.token)
        renew_predictions(project, "mine@1", {number: blind(0.5, "mine@1") for number in tasks})
    project.server = Server(server.url, server.token)
    assert Counter(number for _, number, _ in project.predictions()) == dict.fromkeys(tasks, 1)


def test_a_server_that_never_takes_them_is_told(project: Project, tasks: list[int], server: Credentials) -> None:
    with faulty(server.url, Fault("POST .*/import/predictions", 500)) as url:
        project.server = Server(url, server.token)
        with pytest.raises(ServerError, match="while sending predictions"):
            renew_predictions(project, "mine@1", {number: blind(0.5, "mine@1") for number in tasks})


def test_a_server_that_drops_them_without_a_word_is_told(
    project: Project, tasks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Project, "import_predictions", lambda *_: 0)
    with pytest.raises(ServerError, match="did not take 6 predictions"):
        renew_predictions(project, "mine@1", {number: blind(0.5, "mine@1") for number in tasks})


def test_of_doubled_predictions_the_first_stays(project: Project, tasks: list[int]) -> None:
    every = [{"task": number, **blind(0.5, "mine@1")} for number in tasks]
    project.import_predictions(every + every[:2])
    first = min(number for number, owner, _ in project.predictions() if owner == tasks[0])
    assert remove_duplicates(project, "mine@1") == 2
    assert Counter(number for _, number, _ in project.predictions()) == dict.fromkeys(tasks, 1)
    assert first in {number for number, _, _ in project.predictions()}
