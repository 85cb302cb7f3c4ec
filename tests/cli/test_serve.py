"""The ML backend in a process of its own, connected to a real Label Studio server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from labeler.digests import read_inputs
from labeler.studio.local import Credentials
from labeler.studio.tasks import task
from tests.cli.process import COMMAND
from tests.conftest import Labeler
from tests.studio.annotating import choices, project_of

PASSWORD = "a password for tests"


def started(folder: Path, *arguments: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """A backend that has said where it listens, and what it said."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *arguments], cwd=folder, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"LABELER_SERVE_PASSWORD": PASSWORD} | environment,
    )  # fmt: skip
    assert process.stderr is not None
    line = process.stderr.readline()
    return process, line


@pytest.fixture
def connected(
    studio: Any, trained: Path, digest: Path, labeler: Labeler
) -> Iterator[tuple[int, str, subprocess.Popen[str]]]:
    """A project with three papers, and a backend that is connected to it: the project, its address, the process."""
    number = project_of(labeler("push", digest, "--count", "3").err)
    process, line = started(trained, "--connect")
    assert process.stderr is not None
    text = process.stderr.readline()
    assert f"Connected to {studio._client_wrapper._base_url}/projects/{number}" in text, line + text
    address = re.search(r"http://\S+?(?=;)", line)
    assert address is not None
    yield number, address[0], process
    process.send_signal(signal.SIGINT)
    process.wait(20)


def test_suggestions_come_when_a_task_opens_by_retrieving_and_after_training(
    connected: tuple[int, str, subprocess.Popen[str]], studio: Any, server: Credentials, trained: Path, digest: Path
) -> None:
    number, address, process = connected
    (backend,) = studio.ml.list(project=number)
    assert (backend.url, studio.projects.get(id=number).model_version) == (address, "mine@1")
    papers = read_inputs([str(digest)]).papers[10:]
    bare = [{"data": task(paper, ["llm"], "for a test")["data"]} for paper in papers]
    ids = studio.projects.import_tasks(id=number, request=bare, return_task_ids=True).task_ids
    headers = {"Authorization": f"Token {server.token}"}
    opened = httpx.get(f"{server.url}/api/tasks/{ids[0]}?project={number}", headers=headers, timeout=60).json()
    assert [one["model_version"] for one in opened["predictions"]] == ["mine@1"]
    assert opened["predictions"][0]["result"][0]["value"]["choices"]
    selected: Any = {"all": False, "included": ids}
    studio.actions.create(id="retrieve_tasks_predictions", project=number, selected_items=selected)
    predictions = [one for one in studio.predictions.list(project=number) if one.task in ids]
    assert sorted(one.task for one in predictions) == sorted(ids)
    assert {one.model_version for one in predictions} == {"mine@1"}

    for number_of_task in ids[:4]:
        studio.annotations.create(id=number_of_task, result=[choices("vision")])
    studio.ml.train(id=backend.id)
    end = time.monotonic() + 120
    while not (trained / "models/mine/2").exists() and time.monotonic() < end:
        answer = httpx.get(f"{address}/health", auth=("labeler", PASSWORD))
        assert answer.status_code == 200
        time.sleep(0.3)
    assert (trained / "models/mine/2").exists()
    while httpx.get(f"{address}/versions", auth=("labeler", PASSWORD)).json()["versions"] != ["mine@1", "mine@2"]:
        time.sleep(0.1)
    setup = httpx.post(f"{address}/setup", json={"access_token": "hidden-token"}, auth=("labeler", PASSWORD))
    assert setup.json() == {"model_version": "mine@2"}
    assert process.stderr is not None
    text = ""
    while "Trained mine@2" not in text:
        line = process.stderr.readline()
        assert line, text
        text += line
    process.send_signal(signal.SIGINT)
    text += process.stderr.read()
    assert not {"hidden-token", PASSWORD, server.token} & set(re.split(r"[\s\"']", text))


def test_250_tasks_are_retrieved_in_one_call(
    connected: tuple[int, str, subprocess.Popen[str]], studio: Any, digest: Path
) -> None:
    number, _, _ = connected
    paper = task(read_inputs([str(digest)]).papers[0], ["llm"], "for a test")["data"]
    bare = [{"data": {**paper, "title": f"{paper['title']} {position}"}} for position in range(250)]
    ids = studio.projects.import_tasks(id=number, request=bare, return_task_ids=True).task_ids
    selected: Any = {"all": False, "included": ids}
    studio.actions.create(id="retrieve_tasks_predictions", project=number, selected_items=selected)
    assert sum(one.task in set(ids) for one in studio.predictions.list(project=number)) == 250


@pytest.mark.quick
def test_connected_twice_it_is_connected_once(
    connected: tuple[int, str, subprocess.Popen[str]], studio: Any, trained: Path
) -> None:
    number, address, _ = connected
    from labeler.config import find_workspace
    from labeler.flows.serve import TITLE, connect
    from labeler.studio.description import with_model

    connect(find_workspace(), address, "labeler", PASSWORD, "mine@1")
    assert [backend.url for backend in studio.ml.list(project=number)] == [address]
    (hook,) = studio.webhooks.list(project=str(number))
    assert (hook.url, hook.is_active) == (f"{address}/webhook", False)
    project = studio.projects.get(id=number)
    assert project.model_version == "mine@1"
    other = with_model(project.description, "mine@1 0123456789abcdef")
    for description, version in ((other, TITLE), (project.description, "mine@1")):
        studio.projects.update(id=number, description=description, model_version=TITLE)
        connect(find_workspace(), address, "labeler", PASSWORD, "mine@1")
        assert studio.projects.get(id=number).model_version == version, "only if its suggestions are of this mine@1"


def test_a_wrong_password_is_refused_by_the_backend_and_told_by_the_server(
    connected: tuple[int, str, subprocess.Popen[str]], trained: Path
) -> None:
    from labeler.config import find_workspace
    from labeler.errors import ServerError
    from labeler.flows.serve import connect

    _, address, _ = connected
    assert httpx.post(f"{address}/predict", json={"tasks": []}, auth=("labeler", "wrong")).status_code == 401
    with pytest.raises(ServerError, match="refused"):
        connect(find_workspace(), address, "labeler", "wrong", "mine@1")


def test_without_a_password_nothing_is_served(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("serve")
    assert (outcome.code, "LABELER_SERVE_PASSWORD is not set" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LABELER_SERVE_PASSWORD", "pässword"), ("LABELER_SERVE_PASSWORD", "密码"), ("LABELER_SERVE_USER", "zoë"),
     ("LABELER_SERVE_USER", "ada:x"), ("LABELER_SERVE_USER", ":")],
)  # fmt: skip
def test_what_label_studio_would_garble_is_refused_and_not_repeated(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("LABELER_SERVE_PASSWORD", "good")
    monkeypatch.setenv(name, value)
    outcome = labeler("serve")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "must be plain letters, digits and signs" in outcome.err
    assert "the user without ':'" in outcome.err
    assert value == ":" or value not in outcome.err


def test_a_password_may_hold_every_plain_sign(trained: Path) -> None:
    process, line = started(trained, LABELER_SERVE_PASSWORD="a:b c\"d'$%~", LABELER_SERVE_USER="ada")
    found = re.search(r"http://\S+?(?=;)", line)
    assert found is not None, line
    try:
        assert httpx.get(f"{found[0]}/health", auth=("ada", "a:b c\"d'$%~")).status_code == 200
        assert httpx.get(f"{found[0]}/health", auth=("labeler", "a:b c\"d'$%~")).status_code == 401
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_nothing_is_said_when_clients_leave_or_talk_rubbish(trained: Path) -> None:
    process, line = started(trained, LABELER_SERVE_PASSWORD="secret")
    found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
    assert found is not None, line
    head = (
        "POST /predict HTTP/1.1\r\nHost: x\r\nAuthorization: Basic bGFiZWxlcjpzZWNyZXQ=\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    )
    tasks = json.dumps({"tasks": [{"id": n, "data": {"title": f"Robots {n}"}} for n in range(500)]})
    rubbish = [
        head.format(1000) + '{"tas', head.format(len(tasks)) + tasks, head.format("9" * 5000), head.format(5) + "[[[[[",
        "GET\r\n\r\n", "\x00" * 999 + "\r\n\r\n",
    ]  # fmt: skip
    try:
        for text in rubbish * 3:
            for linger in (0, 1):  # 1: the connection is reset
                with socket.create_connection(("127.0.0.1", int(found[1]))) as client:
                    client.sendall(text.encode())
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", linger, 0))
        many = [socket.create_connection(("127.0.0.1", int(found[1]))) for _ in range(200)]
        answer = httpx.post(f"{found[0]}/predict", json=json.loads(tasks), auth=("labeler", "secret"), timeout=60)
        assert (answer.status_code, len(answer.json()["results"])) == (200, 500)
        for client in many:
            client.close()
    finally:
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)[1]
    assert said == "labeler: interrupted\n"


def test_a_port_that_is_taken_is_told(trained: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process, _ = started(trained, "--port", str(other.getsockname()[1]))
        assert process.stderr is not None
        rest = process.stderr.read()
        assert (process.wait(30), "is it taken?" in rest) == (5, True), rest


def test_before_anything_was_pushed_there_is_nothing_to_connect_to(studio: Any, trained: Path) -> None:
    process, line = started(trained, "--connect")
    assert process.stderr is not None
    rest = process.stderr.read()
    assert (process.wait(30), "begin with `labeler push DIGEST`" in rest) == (4, True), line + rest
