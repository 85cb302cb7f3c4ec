"""A push when server and network do their worst: one line, exit code 5, and the next run goes on from there."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from labeler.studio.local import Credentials, LocalStudio
from tests.cli.process import start_process, wait_until
from tests.conftest import Labeler, renew_model
from tests.studio.annotating import choices, colleague, project_of, tasks_of
from tests.studio.faulty import Fault, faulty

ROUNDS, MORE = 6, 15  # how often a push is killed at work; papers that each adds
MANY, AT_ONCE = 260, 100  # papers, and how many are sent and read in one request


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses and time-outs of a second at most."""
    monkeypatch.setattr("labeler.studio.server.TIMEOUT", 1.5)
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)
    monkeypatch.setattr("labeler.studio.server._LONGEST_PAUSE", 0.1)
    monkeypatch.setattr("labeler.flows.push._QUIET", 0.5)


def check_once(studio: Any, project: int, papers: int, version: str) -> None:
    """Exactly one task a paper and one prediction a task, of this version."""
    tasks = tasks_of(studio, project)
    predictions = list(studio.predictions.list(project=project))
    assert len(tasks) == papers
    assert Counter(one.task for one in predictions) == Counter({task.id: 1 for task in tasks.values()})
    assert {one.model_version for one in predictions} == {version}
    assert studio.projects.get(id=project).model_version == version


FAULTS = [
    (Fault("GET /api/projects", 401, body={"detail": "Invalid token."}), "does not accept the key"),
    (Fault("POST .*/import", 403), "does not allow sending papers"),
    (Fault("GET /api/tasks", 404, after=0), "has nothing there while reading the tasks"),
    (Fault("POST .*/import\\b", 409), "refused (error 409) while sending papers"),
    (Fault("POST .*/import\\b", 429, headers={"Retry-After": "0"}), "asks for fewer requests"),
    (Fault("POST .*/import\\b", 500, body={"detail": "database is locked"}), "its database was busy"),
    (Fault("POST .*/import/predictions", 502), "failed (error 502) while sending predictions"),
    (Fault("POST .*/import\\b", "lost"), "was cut while sending papers"),
    (Fault("GET /api/tasks", "cut"), "while reading the tasks"),
    (Fault("GET /api/projects/\\d+", "text"), "an answer that is not Label Studio's"),
    (Fault("GET /api/projects", "text"), "an answer that is not Label Studio's"),
    (Fault("POST .*/import\\b", "slow"), "did not answer within"),
    (Fault("DELETE .*/model-versions", 503), "failed (error 503) while removing the predictions of mine@1"),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=[f"{fault.pattern} {fault.kind}" for fault, _ in FAULTS])
def test_a_fault_is_one_line_and_the_next_push_ends_what_this_one_began(
    studio: Any, server: Credentials, trained: Path, trained_twice: Path, digest: Path, labeler: Labeler,
    monkeypatch: pytest.MonkeyPatch, impatient: None, fault: Fault, expected: str,
) -> None:  # fmt: skip
    first = labeler("push", digest, "--count", "4")
    assert first.code == 0, first.err
    renew_model(trained, trained_twice)
    with faulty(server.url, fault) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        outcome = labeler("push", digest)
    assert fault.seen
    last = outcome.err.splitlines()[-1]
    assert (outcome.code, last.startswith("labeler: "), expected in last) == (5, True, True), outcome.err
    assert server.token not in outcome.err
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    again = labeler("push", digest)
    assert again.code == 0, again.err
    check_once(studio, project_of(first.err), 24, "mine@2")


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault("GET /api/", kind, times=2, after=1) for kind in (500, 502, 429, "lost", "cut")),
        Fault("POST .*/import/predictions", "lost", times=1),
        Fault("POST .*/import/predictions", 500, times=1),
    ],
    ids=lambda fault: f"{fault.pattern} {fault.kind}",
)
def test_what_is_safe_to_ask_again_is_asked_again(
    studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler,
    monkeypatch: pytest.MonkeyPatch, impatient: None, fault: Fault,
) -> None:  # fmt: skip
    with faulty(server.url, fault) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        outcome = labeler("push", digest)
    assert outcome.code == 0, outcome.err
    check_once(studio, project_of(outcome.err), 24, "mine@1")


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_server_that_is_down_is_told(
    workspace: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, impatient: None, command: str
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    (workspace / "annotations/workspace.id").write_text("0" * 32)
    outcome = labeler(command, *([digest] if command == "push" else []))
    assert (outcome.code, outcome.err.count("\n")) == (5, 1)
    assert "cannot be reached" in outcome.err


def papers(path: Path, count: int) -> Path:
    """Invented papers, all different."""
    chance = random.Random(7)
    words = [
        f"{first}{last}" for first in ("bird", "wave", "grain", "cloud", "root") for last in ("s", "ing", "al", "er")
    ]
    lines = []
    for number in range(count):
        text = " ".join(chance.choices(words, k=60)) + f" number {number}"
        lines.append(f'{{"id": "arxiv:2511.{number:05}", "title": "Paper {number} of many", "abstract": "{text}"}}')
    path.write_text("\n".join(lines))
    return path


@pytest.mark.slow
def test_a_push_that_is_killed_at_any_moment_is_ended_by_the_next(
    studio: Any, trained: Path, trained_twice: Path, tmp_path: Path, labeler: Labeler
) -> None:
    renew_model(trained, trained_twice)
    chance, cut = random.Random(1), 0
    began = time.monotonic()
    first = labeler("push", papers(tmp_path / "digest.jsonl", MORE), "--model", "mine@2")
    whole = time.monotonic() - began
    number = project_of(first.err)
    unfinished = trained / ".labeler/push.unfinished"
    for turn in range(1, ROUNDS + 1):
        digest, model = papers(tmp_path / "digest.jsonl", MORE * (turn + 1)), f"mine@{turn % 2 + 1}"
        process = start_process("push", digest, "--model", model, cwd=trained)
        wait_until(unfinished.exists, process)
        time.sleep(chance.uniform(0, 0.8) * whole)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        cut += unfinished.exists()
        again = labeler("push", digest, "--model", model)
        assert again.code == 0, again.err
        check_once(studio, number, MORE * (turn + 1), model)
    assert cut > 0, "some were killed at work"


_READING = 0.1  # seconds of an annotator between two answers, in which the server can work for others


def annotate_until(
    stop: threading.Event, people: list[Any], tasks: list[int]
) -> tuple[list[threading.Thread], list[int]]:
    """Threads that post annotations, one a person, and the list of the annotations' ids, which grows meanwhile."""
    created: list[int] = []

    def work(person: Any) -> None:
        for task in tasks:
            if stop.is_set():
                return
            created.append(person.annotations.create(id=task, result=[choices("llm")]).id)
            time.sleep(_READING)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    return threads, created


@pytest.mark.slow
def test_nothing_is_lost_while_three_annotators_are_at_work(
    studio: Any, server: Credentials, trained: Path, tmp_path: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_TASKS_AT_ONCE", "_PAGE"):
        monkeypatch.setattr(f"labeler.studio.project.{name}", AT_ONCE)
    number = project_of(labeler("push", papers(tmp_path / "d.jsonl", MANY), "--count", "40").err)
    tasks = [task.id for task in tasks_of(studio, number).values()]
    people = [colleague(server, name) for name in ("ada", "bob", "cleo")]
    stop = threading.Event()
    threads, created = annotate_until(stop, people, tasks)
    outcome = labeler("push", tmp_path / "d.jsonl")
    stop.set()
    for thread in threads:
        thread.join()
    assert outcome.code == 0, outcome.err
    found = tasks_of(studio, number)
    assert len(found) == MANY
    predicted = Counter(one.task for one in studio.predictions.list(project=number))
    assert predicted == Counter({task.id: 1 for task in found.values()})
    assert len(created) > 10
    pulled = json.loads(labeler("pull", "--json").out)
    total = studio.projects.get(id=number).total_annotations_number
    assert pulled["added"] == total == len(set(created)) == len(created)


@contextmanager
def writing(local: LocalStudio, seconds: float) -> Iterator[None]:
    """Somebody else writes to the server's database, for longer than the server waits (5 seconds) before it retries."""
    taken = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(local.folder / "data/label_studio.sqlite3", timeout=30)) as database:
            database.execute("BEGIN IMMEDIATE")
            taken.set()
            time.sleep(seconds)
            database.rollback()

    writer = threading.Thread(target=hold)
    writer.start()
    assert taken.wait(30)
    yield
    writer.join()


def test_predictions_sent_inside_tasks_would_be_lost(
    studio: Any, local_studio: LocalStudio, trained: Path, tmp_path: Path, labeler: Labeler
) -> None:
    """What the server does to others when its database is busy: why tasks go first and predictions after."""
    number = project_of(labeler("push", papers(tmp_path / "d.jsonl", 20)).err)
    data = next(iter(studio.tasks.list(project=number))).data
    inline = {"data": data, "predictions": [{"model_version": "x@1", "result": [choices("llm")]}]}
    with writing(local_studio, 7.0):
        response = studio.projects.import_tasks(id=number, request=[inline] * 10)
    assert (response.task_count, response.prediction_count) == (10, 0)


def test_nothing_of_ours_is_lost_when_the_database_is_busy(
    studio: Any, local_studio: LocalStudio, trained: Path, tmp_path: Path, labeler: Labeler
) -> None:
    number = project_of(labeler("push", papers(tmp_path / "d.jsonl", 20)).err)
    with writing(local_studio, 7.0):
        outcome = labeler("push", papers(tmp_path / "d.jsonl", 60))
    again = labeler("push", tmp_path / "d.jsonl")  # ends what the first may have had to leave
    assert again.code == 0, outcome.err + again.err
    check_once(studio, number, 60, "mine@1")
