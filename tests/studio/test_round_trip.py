"""What `topics config` and `export` make, in a real Label Studio; and what it exports, brought in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Labeler


def choices(control: str, *labels: str) -> dict[str, Any]:
    return {"from_name": control, "to_name": "abstract", "type": "choices", "value": {"choices": list(labels)}}


@pytest.fixture
def project(studio: Any, labeler: Labeler, trained: Path, digest: Path) -> tuple[int, list[int]]:
    """A project with our interface and our tasks: its id and the ids of the tasks."""
    assert labeler("topics", "config", "-o", "interface.xml").code == 0
    assert labeler("export", digest, "-o", "tasks.json").code == 0
    made = studio.projects.create(title="Papers", label_config=(trained / "interface.xml").read_text())
    tasks = json.loads((trained / "tasks.json").read_text())
    imported = studio.projects.import_tasks(id=made.id, request=tasks, return_task_ids=True)
    assert (imported.task_count, imported.prediction_count) == (24, 24)
    return made.id, imported.task_ids


def test_the_server_keeps_our_predictions_and_model_version(studio: Any, project: tuple[int, list[int]]) -> None:
    stored = studio.predictions.list(task=project[1][0])
    assert [prediction.model_version for prediction in stored] == ["mine@1"]


@pytest.mark.quick
def test_annotations_come_back_through_every_export_and_only_once(
    studio: Any, project: tuple[int, list[int]], labeler: Labeler, trained: Path
) -> None:
    number, tasks = project
    studio.annotations.create(id=tasks[0], result=[choices("topics", "llm", "safety")], lead_time=10.5)
    studio.annotations.create(id=tasks[1], result=[choices("topics", "None of these")])
    studio.annotations.create(id=tasks[2], result=[choices("topics", "vision"), choices("unsure", "unsure")])
    studio.annotations.create(id=tasks[3], result=[], was_cancelled=True)
    counts = {}
    for kind in ("JSON", "JSON_MIN", "CSV"):
        file = trained / f"project.{'csv' if kind == 'CSV' else 'json'}"
        file.write_bytes(b"".join(studio.projects.exports.download_sync(id=number, export_type=kind)))
        counts[kind] = json.loads(labeler("import", file, "--json").out)
    json_counts = {key: counts["JSON"][key] for key in ("annotations", "added", "skipped", "empty", "unsure")}
    assert json_counts == {"annotations": 4, "added": 4, "skipped": 1, "empty": 1, "unsure": 1}
    assert [counts[kind]["added"] for kind in ("JSON_MIN", "CSV")] == [0, 0]
    log = [json.loads(line) for line in (trained / "annotations/judgements.jsonl").read_text().splitlines()[-4:]]
    assert [(line["yes"], line["status"], line["unsure"]) for line in log] == [
        (["llm", "safety"], "judged", False),
        ([], "judged", False),
        (["vision"], "judged", True),
        ([], "skipped", False),
    ]
    assert log[0]["no"] == ["agents", "vision", "generation", "speech", "robotics", "science"]


@pytest.mark.parametrize("kind", ["JSON", "JSON_MIN", "CSV"])
def test_how_good_the_model_is_is_told_of_papers_that_were_annotated_anywhere(
    studio: Any, labeler: Labeler, trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0.5")
    assert labeler("topics", "config", "-o", "interface.xml").code == 0
    outcome = labeler("export", digest, "--count", "8", "-o", "tasks.json")
    assert "8 tasks of 24 papers, chosen by mix, 4 at random and without a suggestion" in outcome.err
    made = studio.projects.create(title="Papers", label_config=(trained / "interface.xml").read_text())
    tasks = json.loads((trained / "tasks.json").read_text())
    studio.projects.import_tasks(id=made.id, request=tasks)
    for one in studio.tasks.list(project=made.id):
        studio.annotations.create(id=one.id, result=[choices("topics", "llm")])
    file = trained / "project.export"
    file.write_bytes(b"".join(studio.projects.exports.download_sync(id=made.id, export_type=kind)))
    monkeypatch.delenv("LABEL_STUDIO_URL")
    assert json.loads(labeler("import", file, "--json").out)["added"] == 8
    log = [json.loads(line) for line in (trained / "annotations/judgements.jsonl").read_text().splitlines()[-8:]]
    asked = {task["data"]["title"]: task["meta"]["asked"] for task in tasks}
    assert {line["title"]: line["asked"] for line in log} == asked
    record = json.loads(labeler("status", "--json").out)
    assert [(audit["model"], audit["papers"]) for audit in record["audits"]] == [("mine@1", 4)]
    assert "mine@1 on 4 papers asked at random and blind: all topics right on " in labeler("status").out
