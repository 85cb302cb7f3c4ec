"""Servers that repeat themselves, drip, or answer with values of other types: every command comes to an end."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from labeler.studio import pace
from labeler.studio.pace import keep_pace
from labeler.studio.server import EndlessError, everything
from tests.conftest import Labeler
from tests.studio.hostile import PROJECT, TASK, WORKSPACE, honest, served

COMMANDS = [("pull",), ("push",), ("status",), ("topics", "migrate")]


def numbered(*numbers: int) -> list[Any]:
    return [SimpleNamespace(id=number) for number in numbers]


def test_a_list_has_each_thing_once() -> None:
    assert [item.id for item in everything(numbered(1, 2, 3, 3, 2, 4))] == [1, 2, 3, 4]
    assert everything([]) == []


def test_a_list_that_repeats_itself_comes_to_an_end() -> None:
    def pages() -> Any:
        while True:
            yield from numbered(1, 2, 3)

    with pytest.raises(EndlessError):
        everything(pages())


def test_an_answer_that_drips_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_GRACE", 0.2)
    with served(honest, drip=0.01) as url, httpx.Client(timeout=60) as client:
        keep_pace(client)
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"{url}/api/projects")


def test_an_answer_that_is_too_long_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_LARGEST", 5000)
    with served(lambda _: "x" * 6000) as url, httpx.Client(timeout=60) as client:
        keep_pace(client)
        with pytest.raises(httpx.ReadTimeout):
            client.get(url)


def test_one_connection_serves_many_requests_however_long_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_GRACE", 0.0)
    monkeypatch.setattr(pace, "_SLOWEST", 1)
    monkeypatch.setattr(pace, "_LARGEST", 60_000)
    with served(lambda _: "x" * 5000) as url, httpx.Client(timeout=60) as client:
        keep_pace(client)
        assert [client.get(url).status_code for _ in range(30)] == [200] * 30


@pytest.fixture
def pushed(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that has a project on a server, of which the key is known."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)
    (workspace / "annotations/workspace.id").write_text(WORKSPACE)
    return workspace


def run(labeler: Labeler, command: tuple[str, ...], digest: Path) -> str:
    """What a command says of a server, having come to an end with the right exit code and in one line."""
    outcome = labeler(*command, *([digest] if command == ("push",) else []))
    if command == ("status",):
        assert (outcome.code, outcome.err) == (0, "")
        return outcome.out
    assert outcome.code in (0, 4, 5, 6), outcome.err
    assert outcome.code == 0 or outcome.err.count("\n") == 1, outcome.err
    return outcome.err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("endless", ["/api/projects", "/api/tasks"])
def test_a_server_that_repeats_a_page_is_told(
    pushed: Path,
    digest: Path,
    labeler: Labeler,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    endless: str,
) -> None:
    def answer(path: str) -> Any:
        page = honest(path)
        if not path.startswith(endless) or path.startswith("/api/projects/1"):
            return page
        return {**page, "count": 10**9, "total": 10**9, "next": f"{url}{path}&again"}

    with served(answer) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        told = run(labeler, command, digest)
    if endless == "/api/projects":
        assert "gave an answer that is not Label Studio's" in told


@pytest.mark.parametrize("value", [None, "x", ["x"], {"a": 1}, 1e308])
@pytest.mark.parametrize(("of", "key"), [*(("project", key) for key in PROJECT), *(("task", key) for key in TASK)])
def test_a_value_of_another_type_is_no_fault_of_ours(
    pushed: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, of: str, key: str, value: Any
) -> None:
    monkeypatch.setitem(PROJECT if of == "project" else TASK, key, value)
    with served(honest) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        for command in COMMANDS[:3]:
            run(labeler, command, digest)
