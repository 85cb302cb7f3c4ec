"""Annotations from a real Label Studio server: each story in the log, nothing lost, nothing twice."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from labeler.judgements import JudgementLog, additions
from labeler.studio.local import Credentials
from tests.conftest import Labeler
from tests.studio.annotating import choices, colleague, comment, elsewhere, project_of, tasks_of


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


@pytest.mark.quick
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
    lines = {(line["source"]["task"], line["annotator"].partition("-")[0]): line for line in log(trained)}
    mine = server.email.partition("-")[0]
    assert lines[tasks[0], mine]["yes"] == ["llm", "safety"]
    assert lines[tasks[0], mine]["lead_time"] == 10.5
    assert lines[tasks[0], mine]["no"] == ["agents", "vision", "generation", "speech", "robotics", "science"]
    assert (lines[tasks[0], "ada"]["yes"], lines[tasks[0], "ada"]["comment"]) == (["vision"], "a picture")
    assert (lines[tasks[1], mine]["yes"], lines[tasks[1], mine]["unsure"]) == ([], True)
    assert (lines[tasks[2], "ada"]["yes"], lines[tasks[2], "ada"]["status"]) == ([], "skipped")
    assert [lines[task, mine]["prefill"] for task in tasks[3:5]] == ["kept", "changed"]
    assert lines[tasks[0], mine]["source"]["server"] == server.url
    assert pulled(labeler)["added"] == 0


def test_a_correction_and_a_deletion_are_told_and_nothing_else_is_read_again(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    tasks = [task.id for task in tasks_of(studio, project).values()]
    annotations = [studio.annotations.create(id=task, result=[choices("llm")]) for task in tasks[:21]]
    assert pulled(labeler)["added"] == 21
    time.sleep(0.1)
    studio.annotations.update(id=annotations[0].id, result=[choices("agents")])
    studio.annotations.delete(id=annotations[1].id)
    second = pulled(labeler)
    assert (second["added"], second["corrections"], second["withdrawn"]) == (2, 2, 1)
    corrected, withdrawn = sorted(log(trained)[-2:], key=lambda line: line["status"])
    before = {line["source"]["annotation"]: line["id"] for line in log(trained)[:21]}
    assert (corrected["yes"], corrected["supersedes"]) == (["agents"], before[annotations[0].id])
    assert (withdrawn["status"], withdrawn["supersedes"]) == ("withdrawn", before[annotations[1].id])
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
    annotations = [studio.annotations.create(id=task, result=[choices("llm")]) for task in tasks[:6]]
    pulled(labeler)
    studio.annotations.delete(id=annotations[0].id)
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
    assert "kept in the log: 1 judgement from it" in refused.err
    dry = pulled(labeler, "--confirm", "--dry-run")
    assert (dry["withdrawn"], len(log(trained))) == (1, 1)
    assert pulled(labeler, "--confirm")["withdrawn"] == 1
    assert log(trained)[-1]["status"] == "withdrawn"
    again = labeler("pull")
    assert (again.code, again.err.count("\n")) == (4, 1)
    assert "nothing in the log comes from it; begin again with `labeler push DIGEST --new-project`" in again.err


def test_before_anything_was_pushed_there_is_nothing_to_pull(studio: Any, workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("pull")
    assert (outcome.code, "begin with `labeler push DIGEST`" in outcome.err) == (4, True)


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


def test_a_log_that_was_set_back_is_made_whole(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    path = trained / "annotations/judgements.jsonl"
    tasks = [task.id for task in tasks_of(studio, project).values()]
    for task in tasks[:4]:
        studio.annotations.create(id=task, result=[choices("llm")])
    pulled(labeler)
    whole = path.read_text().splitlines(keepends=True)
    path.write_text("".join(whole[:2]))
    assert pulled(labeler)["added"] == 2
    assert path.read_text() == "".join(whole)
    path.unlink()
    again = pulled(labeler)
    assert (again["added"], sorted(path.read_text().splitlines(keepends=True))) == (4, sorted(whole))


def test_the_log_of_another_branch_gets_what_it_lacks(
    studio: Any, server: Credentials, project: int, trained: Path, labeler: Labeler
) -> None:
    path = trained / "annotations/judgements.jsonl"
    tasks = [task.id for task in tasks_of(studio, project).values()]
    for task in tasks[:2]:
        studio.annotations.create(id=task, result=[choices("llm")])
    pulled(labeler)
    other = path.read_text()
    annotation = studio.annotations.create(id=tasks[2], result=[choices("vision")])
    studio.annotations.update(id=annotation.id, result=[choices("agents")])
    pulled(labeler)
    whole = path.read_text()
    path.write_text(other)
    assert pulled(labeler)["added"] == 1
    assert path.read_text() == whole
    assert pulled(labeler)["added"] == 0


def test_a_topic_that_was_added_later_is_found_in_what_was_pulled_before(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    task, other, *_ = tasks_of(studio, project).values()
    studio.annotations.create(id=task.id, result=[choices("Birds", "llm")])
    studio.annotations.create(id=other.id, result=[choices("Birds")])
    first = pulled(labeler)
    assert (first["added"], first["unknown_labels"]) == (2, {"Birds": 2})
    assert [(line["yes"], line["unknown"]) for line in log(trained)] == [(["llm"], ["Birds"]), ([], ["Birds"])]
    with (trained / "annotations/topics.toml").open("a") as scheme:
        scheme.write('\n[[topic]]\nid = "birds"\nname = "Birds"\n')
    second = pulled(labeler)
    assert (second["added"], second["corrections"], second["unknown_labels"]) == (2, 2, {})
    assert [line["yes"] for line in log(trained)[2:]] == [["llm", "birds"], ["birds"]]
    assert [line["supersedes"] for line in log(trained)[2:]] == [line["id"] for line in log(trained)[:2]]
    again = pulled(labeler)
    assert (again["added"], len(log(trained))) == (0, 4)


def test_at_another_address_of_the_server_deletions_are_seen_and_nothing_is_added_twice(
    studio: Any, server: Credentials, project: int, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [task.id for task in tasks_of(studio, project).values()]
    annotations = [studio.annotations.create(id=task, result=[choices("llm")]) for task in tasks[:20]]
    assert pulled(labeler)["added"] == 20
    monkeypatch.setenv("LABEL_STUDIO_URL", elsewhere(server))
    moved = pulled(labeler)
    assert (moved["added"], moved["withdrawn"]) == (0, 0)
    studio.annotations.delete(id=annotations[0].id)
    studio.annotations.create(id=tasks[20], result=[choices("vision")])
    second = pulled(labeler)
    assert (second["added"], second["withdrawn"]) == (2, 1)
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    shutil.rmtree(trained / ".labeler")
    again = pulled(labeler)
    assert (again["added"], again["withdrawn"], len(log(trained))) == (0, 0, 22)


def test_a_project_that_is_gone_from_another_address_is_told_to_be_elsewhere(
    studio: Any, server: Credentials, project: int, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    pulled(labeler)
    studio.projects.delete(id=project)
    monkeypatch.setenv("LABEL_STUDIO_URL", elsewhere(server))
    for more in ((), ("--confirm",)):
        outcome = labeler("pull", *more)
        assert (outcome.code, outcome.err.count("\n")) == (4, 1)
        assert f"there is no project of this workspace at {elsewhere(server)}; it was at {server.url}" in outcome.err
    assert len(log(trained)) == 1


def test_an_annotation_that_was_withdrawn_and_is_there_again_comes_back_once(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    task, other, *_ = tasks_of(studio, project).values()
    studio.annotations.create(id=task.id, result=[choices("llm")])
    studio.annotations.create(id=other.id, result=[choices("vision")])
    pulled(labeler)
    kept = JudgementLog(trained / "annotations/judgements.jsonl")
    gone = next(one for one in kept.read().judgements if one.yes == ("llm",))
    withdrawn = replace(gone, yes=(), no=(), status="withdrawn", at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", id="")
    kept.update(lambda known: additions(known, [withdrawn]))  # as where a server was set back, and forth again
    assert json.loads(labeler("status", "--json").out)["withdrawn"] == 1
    shutil.rmtree(trained / ".labeler")
    back = pulled(labeler)
    assert (back["added"], back["corrections"], back["withdrawn"]) == (1, 1, 0)
    assert (log(trained)[-1]["yes"], log(trained)[-1]["status"]) == (["llm"], "judged")
    assert json.loads(labeler("status", "--json").out)["withdrawn"] == 0
    assert [pulled(labeler)["added"] for _ in range(2)] == [0, 0]
    shutil.rmtree(trained / ".labeler")
    assert [pulled(labeler)["added"] for _ in range(2)] == [0, 0]
    assert len(log(trained)) == 4


@pytest.mark.parametrize(("seconds", "kept"), [(1.7e12, None), (-5.0, None), (86400.0, 86400.0), (0.0, 0.0)])
def test_times_that_cannot_be_are_none(
    studio: Any, project: int, trained: Path, labeler: Labeler, seconds: float, kept: float | None
) -> None:
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")], lead_time=seconds)
    assert pulled(labeler)["added"] == 1
    (line,) = log(trained)
    assert (line["yes"], line["lead_time"]) == (["llm"], kept)


def test_an_annotation_without_a_choice_says_nothing_and_none_of_these_does(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    empty, remark, unsure, none, *_ = tasks_of(studio, project).values()
    studio.annotations.create(id=empty.id, result=[])
    studio.annotations.create(id=remark.id, result=[comment("what is this?")])
    studio.annotations.create(id=unsure.id, result=[choices("unsure", control="unsure")])
    studio.annotations.create(id=none.id, result=[choices("None of these")])
    first = pulled(labeler)
    assert (first["added"], first["empty"], first["unknown_controls"]) == (4, 1, {})
    lines = {line["source"]["task"]: line for line in log(trained)}
    for task in (empty, remark, unsure):
        assert (lines[task.id]["yes"], lines[task.id]["no"], lines[task.id]["offered"]) == ([], [], [])
    assert lines[remark.id]["comment"] == "what is this?"
    assert (lines[none.id]["yes"], len(lines[none.id]["no"])) == ([], 8)
    assert lines[none.id]["no"] == lines[none.id]["offered"]
    assert json.loads(labeler("status", "--json").out)["labelled"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "labeler-topics: 1970-01-01 llm agents",
        "labeler-topics: 2020-01-01T10:00:00 llm agents",
        "labeler-topics: then llm agents",
    ],
)
def test_a_date_that_was_edited_does_not_stop_it(
    studio: Any, project: int, trained: Path, labeler: Labeler, line: str
) -> None:
    lines = studio.projects.get(id=project).description.splitlines()
    assert lines[-1].startswith("labeler-topics: 1970-01-01T00:00:00Z ")
    studio.projects.update(id=project, description="\n".join([*lines[:-1], line]))
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    assert pulled(labeler)["added"] == 1
    assert (log(trained)[0]["yes"], log(trained)[0]["no"]) == (["llm"], ["agents"])


def test_what_was_chosen_by_hand_against_a_suggestion_overrules_it(
    studio: Any, trained: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0.5")
    (trained / "annotations/judgements.jsonl").unlink()
    number = project_of(labeler("push", digest).err)
    predictions = {one.task: one for one in studio.predictions.list(project=number)}
    tasks = list(tasks_of(studio, number).values())
    audit = next(task for task in tasks if task.meta["asked"]["audit"])
    shown = next(task for task in tasks if not task.meta["asked"]["audit"] and predictions[task.id].result)
    for task in (audit, shown):
        row = choices("robotics", origin="manual")
        studio.annotations.create(id=task.id, result=[row], parent_prediction=predictions[task.id].id)
    assert pulled(labeler)["added"] == 2
    prefills = {line["source"]["task"]: line["prefill"] for line in log(trained)}
    assert prefills == {audit.id: "none", shown.id: "changed"}


def test_a_folder_that_cannot_be_kept_is_told_and_the_judgements_stay(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    task = next(iter(tasks_of(studio, project).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    shutil.rmtree(trained / ".labeler")
    (trained / ".labeler").write_text("a file stands in the way")
    outcome = labeler("pull")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert f"cannot write {trained / '.labeler'}" in outcome.err
    assert len(log(trained)) == 1
    (trained / ".labeler").unlink()
    assert (pulled(labeler)["added"], len(log(trained))) == (0, 1)
