"""How far the loop is, from the log and the server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labeler.judgements import JudgementLog
from labeler.studio.local import Credentials
from tests.conftest import Labeler
from tests.judgements.factories import judgement
from tests.studio.annotating import choices, colleague, project_of, tasks_of


def test_without_a_server_the_log_is_told(trained: Path, labeler: Labeler) -> None:
    record = json.loads(labeler("status", "--json").out)
    assert (record["project"], record["waiting"], record["model"], record["behind"]) == (None, None, "mine@1", 0)
    assert (record["judgements"], len(record["annotators"])) == (212, 2)
    text = labeler("status").out
    assert "Nothing was pushed to a Label Studio server yet" in text
    assert "Model mine@1" in text
    assert "up to date" in text


def test_an_empty_workspace_is_told_what_comes_first(workspace: Path, labeler: Labeler) -> None:
    text = labeler("status").out
    assert "labeler push DIGEST" in text
    assert "No model yet: `labeler train`." in text


@pytest.mark.slow
def test_topics_chosen_without_the_one_above_are_told(trained: Path, labeler: Labeler) -> None:
    topics = Path("annotations/topics.toml")
    text = topics.read_text(encoding="utf-8").replace('id = "agents"', 'id = "agents"\nparent = "llm"')
    topics.write_text(text, encoding="utf-8")
    (note,) = json.loads(labeler("status", "--json").out)["notes"]
    assert "agents without llm (" in note
    assert note in labeler("status").out
    assert "agents is below llm now" in labeler("topics", "migrate").err
    trained_again = labeler("train")
    assert note in trained_again.err
    assert "agents is below" not in labeler("topics", "migrate").err
    parents = json.loads(Path("models/mine/2/manifest.json").read_text())["parents"]
    assert parents == {"agents": "llm"}


@pytest.mark.quick
def test_what_people_did_with_suggestions_is_told(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    number = project_of(labeler("push", digest, "--count", "6").err)
    tasks = [task.id for task in tasks_of(studio, number).values()]
    studio.annotations.create(id=tasks[0], result=[choices("llm", origin="prediction")], lead_time=4)
    studio.annotations.create(id=tasks[1], result=[choices("llm", origin="prediction-changed")], lead_time=6)
    studio.annotations.create(id=tasks[2], result=[], was_cancelled=True)
    assert json.loads(labeler("status", "--json").out)["to_pull"] == 3
    assert labeler("pull").code == 0
    record = json.loads(labeler("status", "--json").out)
    me = next(one for name, one in record["annotators"].items() if name.startswith("labeler@"))
    assert me == {"judged": 2, "skipped": 1, "unsure": 0, "kept": 1, "changed": 1, "seconds": 6.0}
    assert (record["tasks"], record["waiting"], record["to_pull"], record["behind"]) == (6, 3, 0, 2)
    text = labeler("status").out
    assert "overruled 1 of 2 suggestions (50%)" in text
    assert "2 labelled papers behind: `labeler train`" in text


def test_what_people_disagree_on_is_told(
    studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    (trained / "annotations/judgements.jsonl").unlink()
    number = project_of(labeler("push", digest, "--count", "2").err)
    paper, task = next(iter(tasks_of(studio, number).items()))
    assert json.loads(labeler("status", "--json").out)["tied"] == []
    studio.annotations.create(id=task.id, result=[choices("llm", "vision")])
    colleague(server, "ada").annotations.create(id=task.id, result=[choices("llm", "speech")])
    assert labeler("pull").code == 0
    record = json.loads(labeler("status", "--json").out)
    title = task.data["title"]
    assert record["ties"] == 2
    assert record["tied"] == [
        {"paper": paper, "title": title, "votes": "speech: yes 1, no 1"},
        {"paper": paper, "title": title, "votes": "vision: yes 1, no 1"},
    ]
    text = labeler("status").out
    assert "2 ties to settle" in text
    assert f"  tied: {title[:70]} ({paper}) — vision: yes 1, no 1\n" in text


def test_ties_on_one_topic_a_paper_are_told_by_what_was_chosen(workspace: Path, labeler: Labeler) -> None:
    path = workspace / "annotations/topics.toml"
    path.write_text(path.read_text().replace('mode = "multi"', 'mode = "single"'))
    offered = ("llm", "vision")
    judgements = [judgement("llm", offered=offered), judgement("", number=2, annotator="bo", offered=offered)]
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: judgements)
    record = json.loads(labeler("status", "--json").out)
    assert [one["votes"] for one in record["tied"]] == ["llm 1, none of these 1"]


def test_of_many_ties_ten_are_told(workspace: Path, labeler: Labeler) -> None:
    judgements = [
        judgement(yes, number=2 * paper + person, title=f"Paper {paper} of many", annotator=f"p{person}")
        for paper in range(12)
        for person, yes in enumerate(("llm", ""))
    ]
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: judgements)
    assert len(json.loads(labeler("status", "--json").out)["tied"]) == 12
    text = labeler("status").out
    assert (text.count("  tied: "), "  … and 2 more (--json lists all)" in text) == (10, True)


@pytest.mark.slow
def test_a_model_that_knows_an_older_log_or_scheme_is_not_up_to_date(trained: Path, labeler: Labeler) -> None:
    def state() -> tuple[bool, str]:
        found = json.loads(labeler("status", "--json").out)
        line = next(line for line in labeler("status").out.splitlines() if line.startswith("Model "))
        assert found["behind"] == 0
        return found["changed"], line.rpartition("; ")[2]

    changed = (True, "judgements or topics have changed since: `labeler train`.")
    assert state() == (False, "up to date.")
    topics = trained / "annotations/topics.toml"
    text = topics.read_text()
    topics.write_text(text.replace('"Language models"', '"Models of language"'))
    assert state() == changed
    assert labeler("topics", "migrate").code == 0
    assert state() == changed
    topics.write_text(text)
    assert state() == (False, "up to date.")
    log = JudgementLog(trained / "annotations/judgements.jsonl")
    first = log.read().judgements[0]
    skipped = replace(first, yes=(), no=(), status="skipped", supersedes=first.id, id="")
    log.update(lambda _: [skipped])
    assert state() == changed
    assert labeler("train").code == 0
    assert state() == (False, "up to date.")


def test_where_a_project_was_that_is_gone_is_told(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    first = labeler("push", digest, "--count", "2")
    number = project_of(first.err)
    assert labeler("pull").code == 0
    before = json.loads(labeler("status", "--json").out)
    assert (before["gone"], project_of(before["project"])) == (None, number)
    studio.projects.delete(id=number)
    record = json.loads(labeler("status", "--json").out)
    assert (record["project"], record["gone"], record["tasks"]) == (None, before["project"], None)
    text = labeler("status").out
    assert f"The project of this workspace, {before['project']}, is not there (any more)" in text
    assert "Nothing was pushed" not in text


def test_lines_of_the_log_that_cannot_be_read_are_told(trained: Path, labeler: Labeler) -> None:
    path = trained / "annotations" / "judgements.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    conflict = ["<<<<<<< HEAD", *lines[:1], "=======", *lines[1:2], ">>>>>>> other"]
    path.write_text("\n".join([*conflict, *lines[2:]]) + '\n{"id": "cut', encoding="utf-8")
    text = labeler("status").out
    assert "Not read, and not counted: 4 lines of the log; mend or remove them" in text
    assert "judgements.jsonl, line 1: not JSON; skipped" in text
    assert "cut short" in text
    record = json.loads(labeler("status", "--json").out)
    assert (len(record["unreadable"]), record["judgements"]) == (4, 212)


def test_only_some_of_many_lines_that_cannot_be_read_are_listed(workspace: Path, labeler: Labeler) -> None:
    (workspace / "annotations" / "judgements.jsonl").write_text("x\n" * 9, encoding="utf-8")
    text = labeler("status").out
    assert "9 lines" in text
    assert "… and 4 more (--json lists all)" in text
