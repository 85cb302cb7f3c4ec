"""People and papers are forgotten, and a topic is split, in a workspace with two models and a pushed project."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.studio.local import Credentials
from labeler.studio.pull_state import known_project
from tests.conftest import Labeler
from tests.flows.test_forget import figures, holds, never_had, weights
from tests.studio.annotating import choices, colleague, project_of, tasks_of


@pytest.fixture
def two_models(trained_twice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "two-models"
    shutil.copytree(trained_twice, folder)
    monkeypatch.chdir(folder)
    return folder


def done(labeler: Labeler, *arguments: str | Path) -> Any:
    outcome = labeler(*arguments, "--json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def lines(folder: Path) -> list[bytes]:
    return (folder / "annotations/judgements.jsonl").read_bytes().splitlines(keepends=True)


@pytest.mark.slow
def test_what_was_forgotten_stays_so_though_the_server_still_holds_it(
    server: Credentials, studio: Any, two_models: Path, tmp_path: Path, digest: Path, labeler: Labeler
) -> None:
    project = project_of(labeler("push", digest, "--count", "6", "--overlap", "2").err)
    tasks = list(tasks_of(studio, project).values())
    other = colleague(server, "bea")
    email = other.users.whoami().email
    for number, task in enumerate(tasks[:4]):
        studio.annotations.create(id=task.id, result=[choices("llm" if number % 2 else "vision")], lead_time=1)
        other.annotations.create(id=task.id, result=[choices("llm")], lead_time=1)
    assert done(labeler, "pull")["added"] == 8
    paper = tasks[0].data
    for precision in ("0.9", "0.8"):
        assert labeler("train", "--precision", precision).code == 0
    shutil.copytree(two_models, tmp_path / "before")

    forgotten = done(labeler, "forget", "--annotator", email, "--yes")
    assert forgotten["files"] == {"annotations/judgements.jsonl": 4}
    assert forgotten["projects"] == [f"{server.url}/projects/{project}"]
    assert forgotten["models"] == [{"removed": ["mine@3", "mine@4"], "trained": "mine@5", "failure": ""}]
    for number in ("1", "2"):  # which had learned from neither
        shutil.rmtree(two_models / "models/mine" / number)
    told = labeler("forget", "--paper", paper["paper_id"], "--yes")
    assert f"delete its tasks there, at {server.url}/projects/{project}/data?task={tasks[0].id}" in told.err
    signs = (email, paper["paper_id"], paper["title"], paper["abstract"][:50])
    assert holds(two_models, *signs) == []

    never = never_had(
        tmp_path / "before",
        tmp_path / "never",
        lambda row: row["annotator"] != email and paper["title"] != row["title"],
    )
    for _ in range(2):
        pulled = done(labeler, "pull")
        assert (pulled["added"], pulled["withdrawn"]) == (0, 0)
        state = known_project(find_workspace())
        assert state is not None
        assert len(state.forgotten) == 5
    sent = done(labeler, "push", digest, "--count", "6")
    assert (sent["sent"], paper["paper_id"] in {pick["paper"] for pick in sent["picks"]}) == (4, False)
    assert lines(two_models) == lines(never)
    assert (weights(two_models), figures(two_models)) == (weights(never), figures(never))
    assert holds(two_models, *signs) == []
    other.annotations.create(id=tasks[4].id, result=[choices("speech")], lead_time=1)
    studio.annotations.create(id=tasks[4].id, result=[choices("speech")], lead_time=1)
    assert done(labeler, "pull")["added"] == 1


@pytest.mark.slow
def test_papers_of_a_topic_that_is_split_are_asked_again_in_the_same_project(
    studio: Any, trained: Path, digest: Path, labeler: Labeler
) -> None:
    (trained / "annotations/judgements.jsonl").unlink()
    project = project_of(labeler("push", digest, "--count", "5").err)
    tasks = list(tasks_of(studio, project).values())
    for task, topics in zip(tasks, (["vision", "llm"], ["vision"], ["llm"]), strict=False):
        studio.annotations.create(id=task.id, result=[choices(*topics)], lead_time=1)
    assert done(labeler, "pull")["added"] == 3
    path = trained / "annotations/topics.toml"
    text = re.sub(r'\[\[topic\]\]\nid = "vision".*?(?=\[\[topic\]\])', "", path.read_text(), count=1, flags=re.DOTALL)
    parts = (("seg", "Finding objects"), ("shape", "Depth and geometry"))
    text += "".join(f'\n[[topic]]\nid = "{key}"\nname = "{name}"\nsplit_from = "vision"\n' for key, name in parts)
    path.write_text(text)

    record = done(labeler, "topics", "migrate")
    changes = {one["kind"]: (one["topic"], one["into"], one["judgements"]) for one in record["changes"]}
    assert changes["split"] == ("vision", "seg and shape", 2)
    assert (record["to_judge_again"], record["judgements_carried"]) == (2, 1)
    assert done(labeler, "pull")["added"] == 0
    sent = done(labeler, "push", digest, "--count", "4")
    assert [pick["strategy"] for pick in sent["picks"]] == ["split", "split"]
    again = [
        task
        for task in studio.tasks.list(project=project, fields="all")
        if (task.meta or {}).get("asked", {}).get("split")
    ]
    assert {task.data["paper_id"] for task in again} == {task.data["paper_id"] for task in tasks[:2]}
    assert all("which was split" in task.data["reason"] for task in again)
    assert done(labeler, "push", digest, "--count", "4")["sent"] == 0
    assert len(list(studio.tasks.list(project=project))) == 7
    for task in again:
        studio.annotations.create(id=task.id, result=[choices("shape")], lead_time=1)
    assert done(labeler, "pull")["added"] == 2
    last = [json.loads(line) for line in lines(trained)[-2:]]
    assert all(one["yes"] == ["shape"] and "seg" in one["no"] and one["asked"]["split"] == "vision" for one in last)
    assert done(labeler, "topics", "migrate")["to_judge_again"] == 0
    assert [pick for pick in done(labeler, "push", digest)["picks"] if pick["strategy"] == "split"] == []
