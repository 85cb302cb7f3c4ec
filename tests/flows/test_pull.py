"""Annotations from a real Label Studio server: each story in the log, nothing lost, nothing twice."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from labeler.studio.local import Credentials
from tests.conftest import Labeler
from tests.studio.annotating import choices, colleague, comment, project_of, tasks_of


@pytest.fixture
def project(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> int:
    """A project with the papers of the sample digest, suggestions among them; the log is empty."""
    (trained / "annotations/judgements.jsonl").unlink()
    return project_of(labeler("push", digest).err)


def pulled(labeler: Labeler, *arguments: str) -> dict[str, Any]:
    outcome = labeler("pull", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    record: dict[str, Any] = json.loads(outcome.out)
    return record


def log(workspace: Path) -> list[dict[str, Any]]:
    path = workspace / "annotations/judgements.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_every_kind_of_annotation_comes_as_what_it_is(
    studio: Any, server: Credentials, project: int, trained: Path, labeler: Labeler
) -> None:
    tasks = [task.id for task in tasks_of(studio, project).values()]
    ada = colleague(server, "ada")
    studio.annotations.create(id=tasks[0], result=[choices("llm", "safety")], lead_time=10.5)
    ada.annotations.create(id=tasks[0], result=[choices("vision"), comment("a picture")])
    studio.annotations.create(id=tasks[1], result=[choices("None of these"), choices("unsure", control="unsure")])
    ada.annotations.create(id=tasks[2], result=[choices("llm")], was_cancelled=True)
    studio.annotations.create(id=tasks[3], result=[choices("llm", origin="prediction")])
    studio.annotations.create(id=tasks[4], result=[choices("llm", origin="prediction-changed")])
    first = pulled(labeler)
    assert (first["added"], first["annotators"], first["skipped"], first["unsure"], first["empty"]) == (6, 2, 1, 1, 1)
    said = {(line["source"]["task"], line["annotator"].partition("-")[0]): line for line in log(trained)}
    mine = server.email.partition("-")[0]
    assert said[tasks[0], mine]["yes"] == ["llm", "safety"]
    assert said[tasks[0], mine]["lead_time"] == 10.5
    assert said[tasks[0], mine]["no"] == ["agents", "vision", "generation", "speech", "robotics", "science"]
    assert (said[tasks[0], "ada"]["yes"], said[tasks[0], "ada"]["comment"]) == (["vision"], "a picture")
    assert (said[tasks[1], mine]["yes"], said[tasks[1], mine]["unsure"]) == ([], True)
    assert (said[tasks[2], "ada"]["yes"], said[tasks[2], "ada"]["status"]) == ([], "skipped")
    assert [said[task, mine]["prefill"] for task in tasks[3:5]] == ["kept", "changed"]
    assert said[tasks[0], mine]["source"]["server"] == server.url
    assert pulled(labeler)["added"] == 0


def test_a_correction_and_a_deletion_are_told_and_nothing_else_is_read_again(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    tasks = [task.id for task in tasks_of(studio, project).values()]
    made = [studio.annotations.create(id=task, result=[choices("llm")]) for task in tasks[:21]]
    assert pulled(labeler)["added"] == 21
    time.sleep(0.1)
    studio.annotations.update(id=made[0].id, result=[choices("agents")])
    studio.annotations.delete(id=made[1].id)
    second = pulled(labeler)
    assert (second["added"], second["corrections"], second["withdrawn"]) == (2, 2, 1)
    corrected, withdrawn = sorted(log(trained)[-2:], key=lambda line: line["status"])
    before = {line["source"]["annotation"]: line["id"] for line in log(trained)[:21]}
    assert (corrected["yes"], corrected["supersedes"]) == (["agents"], before[made[0].id])
    assert (withdrawn["status"], withdrawn["supersedes"]) == ("withdrawn", before[made[1].id])
    assert pulled(labeler)["added"] == 0
    assert json.loads(labeler("status", "--json").out)["withdrawn"] == 1


def test_only_what_changed_is_read(
    studio: Any, project: int, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    monkeypatch.setattr("labeler.flows.pull._OVERLAP", timedelta(0))
    tasks = [task.id for task in tasks_of(studio, project).values()]
    for task in tasks[:5]:
        studio.annotations.create(id=task, result=[choices("llm")])
    assert pulled(labeler)["tasks_read"] == 5
    studio.annotations.create(id=tasks[5], result=[choices("llm")])
    assert pulled(labeler)["tasks_read"] == 1
    shutil.rmtree(trained / ".labeler")
    again = pulled(labeler)
    assert (again["tasks_read"], again["added"]) == (6, 0)


def test_many_that_are_gone_are_not_withdrawn_unasked_but_new_ones_are_kept(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    tasks = [task.id for task in tasks_of(studio, project).values()]
    made = [studio.annotations.create(id=task, result=[choices("llm")]) for task in tasks[:6]]
    pulled(labeler)
    studio.annotations.delete(id=made[0].id)
    studio.annotations.create(id=tasks[7], result=[choices("vision")])
    refused = labeler("pull")
    assert (refused.code, "1 of 6 annotations are gone" in refused.err) == (6, True)
    assert [line["yes"] for line in log(trained)[6:]] == [["vision"]]
    assert labeler("pull").code == 6
    assert len(log(trained)) == 7
    assert pulled(labeler, "--confirm")["withdrawn"] == 1
    assert pulled(labeler)["withdrawn"] == 0


def test_a_task_that_was_deleted_takes_its_annotations_along(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    tasks = [task.id for task in tasks_of(studio, project).values()]
    for task in tasks[:20]:
        studio.annotations.create(id=task, result=[choices("llm")])
    pulled(labeler)
    studio.tasks.delete(id=str(tasks[0]))
    assert pulled(labeler)["withdrawn"] == 1


def test_a_project_that_is_gone_is_refused_until_confirmed(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    pulled(labeler)
    studio.projects.delete(id=project)
    refused = labeler("pull")
    assert (refused.code, f"the project {project} is gone" in refused.err, len(log(trained))) == (6, True, 1)
    assert pulled(labeler, "--confirm")["withdrawn"] == 1
    assert log(trained)[-1]["status"] == "withdrawn"


def test_before_anything_was_pushed_there_is_nothing_to_pull(studio: Any, workspace: Path, labeler: Labeler) -> None:
    told = labeler("pull")
    assert (told.code, "begin with `labeler push DIGEST`" in told.err) == (4, True)


def test_what_was_imported_from_an_export_is_not_added_again(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    file = trained / "export.json"
    file.write_bytes(b"".join(studio.projects.exports.download_sync(id=project, export_type="JSON")))
    assert labeler("import", file).code == 0
    assert pulled(labeler)["added"] == 0
    assert len(log(trained)) == 1


def test_a_dry_run_writes_nothing(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    assert pulled(labeler, "--dry-run")["added"] == 1
    assert log(trained) == []
    assert pulled(labeler)["added"] == 1
