"""A Label Studio server of one's own: started, found again, stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from labeler.errors import ServerError
from labeler.studio import local as local_module
from labeler.studio.database import FILE_NAME, UNFINISHED
from labeler.studio.local import Credentials, LocalStudio
from tests.cli.process import start_process
from tests.conftest import STUDIO_PROGRAM, Labeler, copy_studio, rewrite_credentials

ANEW = "The first start of Label Studio did not finish; it begins again with a new database."


@pytest.fixture
def local(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStudio]:
    """A server for this workspace, not started yet."""
    if not STUDIO_PROGRAM.exists():
        pytest.skip("the Label Studio server is not installed in .venv-studio")
    monkeypatch.setenv("LABELER_STUDIO_PROGRAM", str(STUDIO_PROGRAM))
    found = LocalStudio(workspace / ".labeler" / "studio", str(STUDIO_PROGRAM))
    yield found
    found.stop()


@pytest.fixture
def second(local: LocalStudio, ready_studio: Path) -> LocalStudio:
    """A server for this workspace that has run before."""
    copy_studio(ready_studio, local.folder)
    return local


def processes(local: LocalStudio) -> list[int]:
    """The servers that work in a folder, however many."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [number for number in numbers if local_module._is_in(number, local.folder)]


def reset_token(known: Credentials) -> None:
    """What the button in Label Studio does: our user has another key."""
    headers = {"Authorization": f"Token {known.token}"}
    httpx.post(f"{known.url}/api/current-user/reset-token/", headers=headers).raise_for_status()


def has_table(database: Path, name: str) -> bool:
    """Whether a database that another process is making has a table by now."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None
    except sqlite3.OperationalError:  # it is not there yet, or locked
        return False


def kill_while_migrating(local: LocalStudio, starting: Future[tuple[Credentials, bool]]) -> None:
    """Kill the server that ``starting`` starts, in the middle of a migration that is no transaction."""
    while not has_table(local.folder / "data" / FILE_NAME, "fsm_annotationstate"):
        assert not starting.done(), starting.result()
        time.sleep(0.02)
    pid = local.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def check_first_start(local: LocalStudio, labeler: Labeler) -> Credentials:
    """Start the server by the command: it says where it is and who may enter, and no secret."""
    started = labeler("studio", "start")
    assert started.code == 0, started.err
    known = local.credentials()
    assert known is not None
    assert known.url in started.err
    assert known.email in started.err
    assert known.password not in started.err + started.out
    assert known.token not in started.err + started.out
    assert ANEW in started.err
    assert "was running" in labeler("studio", "start").err
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (local.folder, *local.folder.iterdir())}
    assert (modes["studio"], modes["credentials.json"], modes["login.txt"]) == (0o700, 0o600, 0o600)
    return known


@pytest.mark.slow
def test_a_first_start_that_is_killed_is_begun_again_and_the_server_is_used_by_push_and_stops(
    local: LocalStudio, digest: Path, labeler: Labeler
) -> None:
    """Both in one test, as a first start takes half a minute."""
    assert json.loads(labeler("studio", "status", "--json").out)["running"] is False
    assert labeler("studio", "env").code == 4
    database, said = local.folder / "data" / FILE_NAME, list[str]()
    with ThreadPoolExecutor() as pool:
        starting = pool.submit(local.start, said.append)
        kill_while_migrating(local, starting)
        with pytest.raises(ServerError, match="Label Studio did not start"):
            starting.result()
    before = local.credentials()
    assert (has_table(database, "organization"), ANEW in said, processes(local)) == (True, False, [])
    known = check_first_start(local, labeler)
    assert before is not None
    assert known == replace(before, url=known.url), "at another address if that was taken meanwhile"
    assert local.answers()
    assert database.with_name(FILE_NAME + UNFINISHED).exists()
    pushed = labeler("push", digest, "--count", "3")
    assert (pushed.code, known.url in pushed.err) == (0, True), pushed.err
    env = labeler("studio", "env").out.splitlines()
    assert env == [f"export LABEL_STUDIO_URL={known.url}", f"export LABEL_STUDIO_API_KEY={known.token}"]
    record = json.loads(labeler("studio", "status", "--json").out)
    assert (record["running"], record["url"]) == (True, known.url)
    assert labeler("studio", "stop").err == "Label Studio was stopped.\n"
    assert labeler("studio", "stop").err == "Label Studio was not running.\n"
    down = labeler("pull")
    assert (down.code, "cannot be reached" in down.err) == (5, True)
    again = labeler("studio", "start")
    assert (again.code, ANEW in again.err) == (0, False), "a database that was used is never put aside"
    assert local.credentials() == known, "the same address and data"
    assert json.loads(labeler("status", "--json").out)["tasks"] == 3


@pytest.mark.slow
def test_a_server_that_is_killed_at_work_keeps_its_database(
    second: LocalStudio, digest: Path, labeler: Labeler
) -> None:
    second.start(print)
    assert labeler("push", digest, "--count", "3").code == 0
    pid = second.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert second.start(print)[1]
    assert json.loads(labeler("status", "--json").out)["tasks"] == 3


@pytest.mark.slow
def test_a_server_that_ends_while_it_is_waited_for_is_started_again(second: LocalStudio) -> None:
    known, _ = second.start(print)
    pid = second.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    said: list[str] = []

    def say(line: str) -> None:
        if not said:
            os.kill(pid, signal.SIGKILL)
        said.append(line)

    assert second.start(say)[0].token == known.token
    assert said[0] == f"Label Studio runs (process {pid}), but is busy; waiting for it …"
    assert second.pid() not in (None, pid)


def test_it_answers_on_loopback_alone(second: LocalStudio) -> None:
    known, _ = second.start(print)
    port = int(known.url.rpartition(":")[2])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((str(address), port), timeout=2)


def test_a_port_that_another_program_has_is_left_to_it(second: LocalStudio) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"http://127.0.0.1:{other.getsockname()[1]}"
        rewrite_credentials(second.folder, url=taken, email="a@example.org", password="p", token="0" * 40)
        known, _ = second.start(print)
        assert known.url != taken
        assert second.answers()


def test_another_server_that_takes_the_port_while_ours_starts_is_not_taken_for_it(
    second: LocalStudio, server: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite_credentials(second.folder, url=server.url, email="a@example.org", password="p", token="0" * 40)
    taken = int(server.url.rpartition(":")[2])
    monkeypatch.setattr("labeler.studio.local._PORTS", range(taken, taken + 60))
    first = iter([True])  # as if the port had been free a moment ago
    free = local_module._free
    monkeypatch.setattr(local_module, "_free", lambda port: next(first, False) if port == taken else free(port))
    said: list[str] = []
    known, _ = second.start(said.append)
    assert known.url != server.url
    assert second.answers()
    assert any("Another program has taken that address" in line for line in said)


def test_two_that_start_it_at_once_have_one_server(second: LocalStudio, workspace: Path) -> None:
    both = [start_process("studio", "start", cwd=workspace) for _ in range(2)]
    texts = sorted(process.communicate(timeout=300)[1].decode() for process in both)
    assert [process.returncode for process in both] == [0, 0], texts
    known = second.credentials()
    assert known is not None
    (waited,) = [
        text for text in texts if "Another labeler is starting or stopping this server; waiting for it" in text
    ]
    (began,) = [text for text in texts if text != waited]
    assert f"Label Studio was running at {known.url}" in waited
    assert f"Label Studio runs at {known.url}" in began
    assert processes(second) == [second.pid()]
    assert second.answers()


def test_a_server_that_is_busy_is_waited_for_and_not_ended(
    second: LocalStudio, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, fresh = second.start(print)
    pid = second.pid()
    assert (pid is not None, fresh) == (True, True)
    assert pid is not None
    said: list[str] = []
    found: list[tuple[Credentials, bool]] = []
    os.kill(pid, signal.SIGSTOP)
    try:
        text = labeler("studio", "status").out
        assert text == (
            f"Label Studio runs (process {pid}), but does not answer at {known.url} now: is it busy, or starting?\n"
        )
        thread = threading.Thread(target=lambda: found.append(second.start(said.append)))
        thread.start()
        while not said and thread.is_alive():
            time.sleep(0.05)
        assert (said, found) == ([f"Label Studio runs (process {pid}), but is busy; waiting for it …"], [])
    finally:
        os.kill(pid, signal.SIGCONT)
    thread.join()
    assert (found, len(said), second.pid()) == ([(known, False)], 1, pid)
    monkeypatch.setattr(local_module, "_PATIENCE", 0.1)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(ServerError, match=rf"process {pid}\), but does not let us in at {known.url}"):
            second.start(print)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert second.pid() == pid, "nobody ends a server that people may be working with"


def test_after_the_key_was_reset_the_password_lets_us_in(second: LocalStudio, digest: Path, labeler: Labeler) -> None:
    before, _ = second.start(print)
    reset_token(before)
    assert labeler("push", digest, "--count", "3").code == 5
    again = labeler("studio", "start")
    assert (again.code, "was running" in again.err) == (0, True), again.err
    after = second.credentials()
    assert after is not None
    assert (after.url, after.email, after.password) == (before.url, before.email, before.password)
    assert after.token != before.token
    assert labeler("push", digest, "--count", "3").code == 0
    reset_token(after)
    assert labeler("studio", "stop").code == 0
    assert labeler("studio", "start").code == 0
    last = second.credentials()
    assert last is not None
    assert last.token not in (before.token, after.token)
    assert json.loads(labeler("status", "--json").out)["tasks"] == 3
    modes = {name: stat.S_IMODE((second.folder / name).stat().st_mode) for name in ("credentials.json", "login.txt")}
    assert set(modes.values()) == {0o600}


def test_where_neither_key_nor_password_lets_us_in_it_ends_with_one_sentence(
    second: LocalStudio, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert local_module._TRIES == 5
    monkeypatch.setattr(local_module, "_TRIES", 2)
    rewrite_credentials(second.folder, token="0" * 40, password="not the one")
    outcome = labeler("studio", "start")
    *said, last = outcome.err.splitlines()
    assert outcome.code == 5
    assert last.startswith("labeler: Label Studio at http://127.0.0.1:")
    assert f"accepts neither the key nor the password in {second.folder}" in last
    assert len([line for line in said if line.startswith("Starting Label Studio at")]) == 2
    assert "not the one" not in outcome.err
    assert processes(second) == []


def test_a_server_that_runs_and_does_not_know_us_any_more_is_left_alone(second: LocalStudio, labeler: Labeler) -> None:
    second.start(print)
    pid = second.pid()
    rewrite_credentials(second.folder, token="0" * 40, password="not the one")
    outcome = labeler("studio", "start")
    assert (outcome.code, outcome.err.count("\n")) == (5, 1)
    assert f"Label Studio runs (process {pid}), but does not let us in" in outcome.err
    assert second.pid() == pid


def test_a_workspace_that_was_moved_still_finds_its_server(
    second: LocalStudio, workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, _ = second.start(print)
    pid = second.pid()
    assert pid is not None
    moved = workspace.rename(workspace.with_name("moved"))
    monkeypatch.chdir(moved)
    found = LocalStudio(moved / ".labeler/studio", str(STUDIO_PROGRAM))
    try:
        record = json.loads(labeler("studio", "status", "--json").out)
        assert (record["process"], record["url"]) == (pid, known.url)
        assert labeler("studio", "stop").err == "Label Studio was stopped.\n"
        assert processes(found) == []
        assert labeler("studio", "start").code == 0
        assert found.answers()
    finally:
        found.stop()


def test_a_process_that_got_the_number_of_ours_is_not_stopped(tmp_path: Path) -> None:
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
