"""A Label Studio server of one's own: started, found again, stopped."""

from __future__ import annotations

import json
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.errors import ServerError
from labeler.studio import local as local_module
from labeler.studio.local import Credentials, LocalStudio
from tests.conftest import STUDIO_PROGRAM, Labeler


@pytest.fixture
def local(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStudio]:
    """A server for this workspace, not started yet."""
    if not STUDIO_PROGRAM.exists():
        pytest.skip("the Label Studio server is not installed in .venv-studio")
    monkeypatch.setenv("LABELER_STUDIO_PROGRAM", str(STUDIO_PROGRAM))
    found = LocalStudio(workspace / ".labeler" / "studio", str(STUDIO_PROGRAM))
    yield found
    found.stop()


def test_it_starts_is_used_by_push_and_stops(
    local: LocalStudio, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    assert json.loads(labeler("studio", "status", "--json").out)["running"] is False
    assert labeler("studio", "env").code == 4
    started = labeler("studio", "start")
    assert started.code == 0, started.err
    known = local.credentials()
    assert known is not None
    assert known.url in started.err
    assert known.email in started.err
    assert known.password not in started.err + started.out
    assert known.token not in started.err + started.out
    assert "was running" in labeler("studio", "start").err
    pushed = labeler("push", digest, "--count", "3")
    assert (pushed.code, known.url in pushed.err) == (0, True), pushed.err
    env = labeler("studio", "env").out.splitlines()
    assert env == [f"export LABEL_STUDIO_URL={known.url}", f"export LABEL_STUDIO_API_KEY={known.token}"]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (local.folder, *local.folder.iterdir())}
    assert (modes["studio"], modes["credentials.json"], modes["login.txt"]) == (0o700, 0o600, 0o600)
    told = json.loads(labeler("studio", "status", "--json").out)
    assert (told["running"], told["url"]) == (True, known.url)
    assert labeler("studio", "stop").err == "Label Studio was stopped.\n"
    assert labeler("studio", "stop").err == "Label Studio was not running.\n"
    down = labeler("pull")
    assert (down.code, "cannot be reached" in down.err) == (5, True)
    assert labeler("studio", "start").code == 0
    again = local.credentials()
    assert again == known, "the same address and data"
    assert json.loads(labeler("status", "--json").out)["tasks"] == 3


def test_it_answers_on_loopback_alone(local: LocalStudio) -> None:
    known, _ = local.start(print)
    port = int(known.url.rpartition(":")[2])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((str(address), port), timeout=2)


def test_a_port_that_another_program_has_is_left_to_it(local: LocalStudio) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        local.folder.mkdir(parents=True)
        record = {"url": f"http://127.0.0.1:{taken}", "email": "a@example.org", "password": "p", "token": "0" * 40}
        (local.folder / "credentials.json").write_text(json.dumps(record))
        known, _ = local.start(print)
        assert known.url != record["url"]
        assert local.answers()


def test_another_server_that_takes_the_port_while_ours_starts_is_not_taken_for_it(
    local: LocalStudio, server: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(server.url.rpartition(":")[2])
    monkeypatch.setattr("labeler.studio.local._PORTS", range(taken, taken + 60))
    first = iter([True])  # as if the port had been free a moment ago
    free = local_module._free
    monkeypatch.setattr(local_module, "_free", lambda port: next(first, False) if port == taken else free(port))
    said: list[str] = []
    known, _ = local.start(said.append)
    assert known.url != server.url
    assert local.answers()
    assert any("Another program has taken that address" in line for line in said)


def test_a_process_that_got_the_number_of_ours_is_not_stopped(tmp_path: Path) -> None:
    import os

    local = LocalStudio(tmp_path)
    (tmp_path / "pid").write_text(str(os.getpid()))
    assert local.pid() is None
    assert not local.stop()


@pytest.mark.parametrize(("program", "word"), [("/nowhere/label-studio", "there is no program"), ("/bin/false", "")])
def test_a_program_that_cannot_be_started_is_told(tmp_path: Path, program: str, word: str) -> None:
    with pytest.raises(ServerError) as caught:
        LocalStudio(tmp_path / "studio", program).start(print)
    assert word in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": 1}'])
def test_credentials_that_are_harmed_count_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials.json").write_text(text)
    assert LocalStudio(tmp_path).credentials() is None
    assert not LocalStudio(tmp_path).answers()
