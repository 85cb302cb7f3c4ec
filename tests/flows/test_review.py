"""Judged papers in review on a real Label Studio server: sent once, settled by a person, and learned from."""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from labeler.files import try_lock
from labeler.studio.local import Credentials
from labeler.studio.projects import find_projects
from labeler.studio.server import Server
from tests.cli.process import start_process, wait_until
from tests.conftest import Labeler
from tests.paths import SAMPLES
from tests.studio.annotating import choices, comment, project_of, tasks_of
from tests.studio.faulty import Fault, faulty

PEOPLE = ("ada", "ben", "cleo", "boss")
WORDS = ("owls", "trains", "waves", "bells", "grains", "stones", "kites", "roots", "lamps")


def judged(number: int, annotator: str, *yes: str, **more: Any) -> dict[str, Any]:
    """A judgement of one of some invented papers, as a line of the log."""
    word = WORDS[number % len(WORDS)]
    paper, made = f"arxiv:2503.{number:05}", 10 * number + PEOPLE.index(annotator)
    return {
        "id": f"{made}{'-'.join(yes)}", "paper": paper, "ids": [paper],
        "title": f"Counting {word} in the north, part {number}",
        "abstract": f"We count {word} for {number + 2} days and say how many {word} there are.",
        "annotator": annotator, "yes": list(yes), "offered": ["llm", "vision", "speech"], "at": "2026-03-01T10:00:00Z",
        "source": {"annotation": made, "created_at": f"2026-03-01T09:00:00.{made:06}Z"},
    } | more  # fmt: skip


def write_log(workspace: Path, *lines: dict[str, Any]) -> None:
    with (workspace / "annotations/judgements.jsonl").open("a", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)


def log(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (workspace / "annotations/judgements.jsonl").read_text().splitlines()]


@pytest.fixture
def tied(workspace: Path) -> Path:
    """A workspace with two ties, one paper that two of three agree on, and one that somebody is unsure of."""
    write_log(
        workspace,
        judged(1, "ada", "llm", comment="it is about text"), judged(1, "ben", "vision"),
        judged(2, "ada", "llm"), judged(2, "ben"),
        judged(3, "ada", "llm"), judged(3, "ben", "llm"), judged(3, "cleo", "speech"),
        judged(4, "cleo", "speech", unsure=True),
        judged(5, "ada", "llm"), judged(5, "ben", "llm"),
    )  # fmt: skip
    return workspace


def reviewed(labeler: Labeler, kind: str, *arguments: str) -> dict[str, Any]:
    outcome = labeler("push", "--review", kind, *arguments, "--json")
    assert outcome.code == 0, outcome.err
    record: dict[str, Any] = json.loads(outcome.out)
    return record


@pytest.mark.quick
def test_ties_go_to_review_once_and_a_verdict_comes_back_as_the_adjudicators(
    studio: Any, server: Credentials, tied: Path, labeler: Labeler
) -> None:
    first = reviewed(labeler, "ties")
    number = project_of(first["project"])
    assert (first["sent"], first["made_project"], first["found"]) == (2, True, 2)
    tasks = tasks_of(studio, number)
    assert set(tasks) == {"arxiv:2503.00001", "arxiv:2503.00002"}
    data = tasks["arxiv:2503.00001"].data
    assert data["reason"] == "people are tied on Language models (yes 1, no 1); Visual understanding (yes 1, no 1)"
    assert "<b>ada:</b> Language models <i>“it is about text”</i>" in data["said_html"]
    second = reviewed(labeler, "ties")
    assert (second["sent"], second["held_before"], second["updated"], second["made_project"]) == (0, 2, 0, False)

    studio.annotations.create(id=tasks["arxiv:2503.00001"].id, result=[choices("vision"), comment("as ben says")])
    pulled = json.loads(labeler("pull", "--json").out)
    assert (pulled["added"], pulled["withdrawn"]) == (1, 0)
    verdict = log(tied)[-1]
    assert (verdict["status"], verdict["role"], verdict["yes"]) == ("judged", "adjudicator", ["vision"])
    assert (verdict["annotator"], verdict["asked"]["review"], "own" in verdict["asked"]) == (
        server.email,
        "ties",
        False,
    )
    assert json.loads(labeler("pull", "--json").out)["added"] == 0
    after = reviewed(labeler, "ties")
    assert (after["found"], after["sent"], after["waiting"]) == (1, 0, 1)
    state = json.loads(labeler("status", "--json").out)
    assert state["ties"] == 1
    assert state["review"]["waiting"] == 1
    assert state["review"]["by"] == {server.email: 1}
    assert state["review"]["followed"] == {"ada": {"papers": 1, "followed": 0}, "ben": {"papers": 1, "followed": 1}}


def test_the_first_project_and_that_of_the_review_are_not_taken_for_each_other(
    studio: Any, tied: Path, digest: Path, labeler: Labeler
) -> None:
    review = project_of(reviewed(labeler, "ties")["project"])
    first = project_of(labeler("push", digest, "--count", "3").err)
    assert first != review
    assert len(tasks_of(studio, first)) == 3
    task = next(iter(tasks_of(studio, first).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    assert reviewed(labeler, "ties")["sent"] == 0
    assert project_of(labeler("push", digest, "--count", "3").err) == first
    assert json.loads(labeler("pull", "--json").out)["added"] == 1
    assert log(tied)[-1].get("role") is None
    shutil.rmtree(tied / ".labeler")
    assert json.loads(labeler("pull", "--json").out)["added"] == 0
    assert project_of(reviewed(labeler, "ties")["project"]) == review


def test_who_settles_a_judgement_of_their_own_is_marked_and_gives_no_second_opinion(
    studio: Any, server: Credentials, tied: Path, labeler: Labeler
) -> None:
    write_log(tied, judged(6, "boss", "llm"), judged(6, "ada", "vision"))
    (tied / "labeler.toml").open("a").write(f'\n[annotators]\n"boss" = ["{server.email}"]\n')
    agreement = json.loads(labeler("agreement", "--json").out)
    sent = reviewed(labeler, "ties", "--to", server.email.partition("@")[0])
    assert (sent["to"], sent["own"], sent["sent"]) == (server.email, 1, 3)
    number = project_of(sent["project"])
    for task in tasks_of(studio, number).values():
        assert task.data["to"] == server.email
        studio.annotations.create(id=task.id, result=[choices("llm")])
    assert json.loads(labeler("pull", "--json").out)["added"] == 3
    marks = {line["paper"]: line["asked"].get("own", False) for line in log(tied)[-3:]}
    assert marks == {"arxiv:2503.00001": False, "arxiv:2503.00002": False, "arxiv:2503.00006": True}
    assert json.loads(labeler("agreement", "--json").out) == agreement
    state = json.loads(labeler("status", "--json").out)["review"]
    assert (state["verdicts"], state["own"], state["by"]) == (3, 1, {"boss": 3})
    assert state["followed"]["ada"] == {"papers": 3, "followed": 2}
    tabs = {tab.data["title"] for tab in studio.views.list(project=number)}
    assert tabs == {"Review", f"For {server.email}"}


def test_nobody_of_that_name_is_told_with_those_there_are(
    studio: Any, server: Credentials, tied: Path, labeler: Labeler
) -> None:
    outcome = labeler("push", "--review", "ties", "--to", "nemo")
    assert (outcome.code, outcome.err.count("\n")) == (4, 1)
    assert "is called 'nemo'; there are: " in outcome.err
    assert server.email in outcome.err


def test_letters_stand_for_people_where_a_review_is_blind(studio: Any, tied: Path, labeler: Labeler) -> None:
    write_log(
        tied, *(judged(n, name, topic) for n in range(10, 26) for name, topic in (("ada", "llm"), ("ben", "vision")))
    )
    number = project_of(reviewed(labeler, "ties", "--blind")["project"])
    tasks = tasks_of(studio, number)
    shown = [task.data["said_html"] for task in tasks.values() if "</b> Language" in task.data["said_html"]]
    for task in tasks.values():
        assert not any(name in json.dumps([task.data, task.meta]) for name in PEOPLE)
    letters_of_ada = {text[text.index("</b> Language") - 2] for text in shown}
    assert letters_of_ada == {"A", "B"}
    again = reviewed(labeler, "ties", "--blind")
    assert (again["sent"], again["updated"]) == (0, 0)


def test_what_was_said_since_is_brought_up_to_date_where_nobody_has_begun(
    studio: Any, tied: Path, labeler: Labeler
) -> None:
    number = project_of(reviewed(labeler, "disagreements")["project"])
    before = tasks_of(studio, number)
    assert set(before) == {f"arxiv:2503.0000{n}" for n in (1, 2, 3)}
    studio.annotations.create(id=before["arxiv:2503.00002"].id, result=[], was_cancelled=True)
    write_log(tied, judged(1, "cleo", "speech", comment="<b>a voice</b>"), judged(2, "cleo", "speech"))
    assert reviewed(labeler, "disagreements")["updated"] == 1
    after = tasks_of(studio, number)
    assert (
        "<b>cleo:</b> Speech and audio <i>“&lt;b&gt;a voice&lt;/b&gt;”</i>"
        in after["arxiv:2503.00001"].data["said_html"]
    )
    assert after["arxiv:2503.00002"].data == before["arxiv:2503.00002"].data
    assert reviewed(labeler, "disagreements")["updated"] == 0


def test_count_fills_the_review_up_and_a_dry_run_changes_nothing(studio: Any, tied: Path, labeler: Labeler) -> None:
    dry = reviewed(labeler, "disagreements", "--count", "2", "--dry-run")
    assert (dry["sent"], dry["left"], dry["project"]) == (2, 1, None)
    assert not (tied / "annotations/workspace.id").exists()
    first = reviewed(labeler, "disagreements", "--count", "2")
    assert [one["paper"] for one in first["papers"]] == [one["paper"] for one in dry["papers"]]
    assert reviewed(labeler, "disagreements", "--count", "2")["sent"] == 0
    assert reviewed(labeler, "unsure", "--count", "3")["sent"] == 1
    assert len(tasks_of(studio, project_of(first["project"]))) == 3


def test_a_deleted_review_project_is_not_made_anew_unasked_and_its_verdicts_stay(
    studio: Any, tied: Path, labeler: Labeler
) -> None:
    number = project_of(reviewed(labeler, "ties")["project"])
    studio.projects.delete(id=number)
    refused = labeler("push", "--review", "ties")
    assert (refused.code, "--new-project" in refused.err) == (6, True)
    assert reviewed(labeler, "ties", "--new-project")["sent"] == 2


def test_two_at_once_are_one(studio: Any, tied: Path, labeler: Labeler) -> None:
    (tied / ".labeler").mkdir(exist_ok=True)
    with (tied / ".labeler/push.lock").open("a+b") as other:
        assert try_lock(other)
        refused = labeler("push", "--review", "ties")
    assert (refused.code, "another push is at work" in refused.err) == (6, True)
    assert reviewed(labeler, "ties")["sent"] == 2


def test_what_two_clones_have_sent_twice_is_removed_where_nobody_has_begun(
    studio: Any, tied: Path, labeler: Labeler
) -> None:
    number = project_of(reviewed(labeler, "ties")["project"])
    tasks = list(studio.tasks.list(project=number))
    studio.projects.import_tasks(id=number, request=[{"data": task.data, "meta": task.meta} for task in tasks])
    other = max(task.id for task in studio.tasks.list(project=number))
    studio.annotations.create(id=other, result=[choices("llm")])
    assert reviewed(labeler, "ties")["doubles_removed"] == 2
    left = {task.id for task in tasks_of(studio, number).values()}
    assert left == {min(task.id for task in tasks), other}


@pytest.mark.slow
def test_a_push_for_review_that_is_killed_is_ended_by_the_next(
    studio: Any, workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.flows.push._QUIET", 0.5)
    lines = [judged(n, name, topic) for n in range(45) for name, topic in (("ada", "llm"), ("ben", "vision"))]
    write_log(workspace, *lines)
    assert reviewed(labeler, "ties", "--count", "1")["sent"] == 1
    unfinished, cut = workspace / ".labeler/review.unfinished", 0
    for turn in range(3):
        process = start_process("push", "--review", "ties", "--count", str(15 * (turn + 1)), cwd=workspace)
        wait_until(unfinished.exists, process)
        time.sleep(0.1 * turn)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        cut += unfinished.exists()
        again = reviewed(labeler, "ties", "--count", str(15 * (turn + 1)))
        assert again["waiting"] == 15 * (turn + 1)
        assert len(tasks_of(studio, project_of(again["project"]))) == 15 * (turn + 1)
    assert cut > 0, "some were killed at work"


@pytest.mark.slow
def test_suspects_and_what_the_model_says_of_a_paper_with_its_words(
    studio: Any, trained: Path, labeler: Labeler
) -> None:
    sent = reviewed(labeler, "suspects", "--count", "5")
    assert 0 < sent["sent"] <= 5
    for task in tasks_of(studio, project_of(sent["project"])).values():
        assert "<b>mine@1:</b> " in task.data["said_html"]
        assert "which learned" not in task.data["said_html"]
    assert SAMPLES.exists()
    assert reviewed(labeler, "suspects", "--count", "5")["sent"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST /api/projects/?$", "lost", times=1),
        Fault("POST .*/import\\b", "lost"),
        Fault("POST .*/import\\b", 500),
        Fault("GET /api/tasks", "cut"),
    ],
    ids=lambda fault: f"{fault.pattern} {fault.kind}",
)
def test_a_fault_is_one_line_and_the_next_push_for_review_ends_what_this_one_began(
    studio: Any, server: Credentials, tied: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)
    monkeypatch.setattr("labeler.studio.server._LONGEST_PAUSE", 0.1)
    monkeypatch.setattr("labeler.flows.push._QUIET", 0.5)
    with faulty(server.url, fault) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        outcome = labeler("push", "--review", "disagreements")
    assert fault.seen
    assert (outcome.code, outcome.err.splitlines()[-1].startswith("labeler: ")) == (5, True), outcome.err
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    again = reviewed(labeler, "disagreements")
    assert (again["waiting"], len(tasks_of(studio, project_of(again["project"])))) == (3, 3)
    assert (
        len(
            find_projects(
                Server(server.url, server.token), (tied / "annotations/workspace.id").read_text().strip(), True
            )
        )
        == 1
    )
