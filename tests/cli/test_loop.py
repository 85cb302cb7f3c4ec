"""What push, pull and status say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeler.studio.local import Credentials
from tests.conftest import Labeler
from tests.studio.annotating import choices, project_of, tasks_of
from tests.studio.faulty import Fault, faulty


def test_push_tells_each_paper_with_its_reason_and_then_the_sums(
    studio: Any, trained: Path, digest: Path, labeler: Labeler
) -> None:
    outcome = labeler("push", digest, "--count", "7")
    *papers, sent, waiting, suggestions, project = outcome.err.splitlines()
    assert (outcome.code, outcome.out, len(papers)) == (0, "", 7)
    assert all(" — " in line for line in papers)
    assert sent == "7 papers of 24 sent (17 left for later)."
    assert waiting.startswith("7 papers wait for an answer")
    assert suggestions == "Suggestions by mine@1: 7 added."
    assert project.startswith("Made a project: http")
    again = labeler("push", digest, "--count", "7").err.splitlines()
    assert again[:2] == ["0 papers of 24 sent (7 there already, 17 left for later).", "7 papers wait for an answer."]
    assert again[2].startswith("Annotate at http")


@pytest.mark.quick
def test_programs_get_stable_keys(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    outcome = labeler("push", digest, "--count", "2", "--json")
    assert outcome.err == ""
    record = json.loads(outcome.out)
    assert set(record) == {
        "project", "made_project", "papers", "judged_before", "held_before", "nearly_the_same", "unfit", "left", "sent",
        "waiting", "updated", "doubles_removed", "predictions", "model", "strategy", "note", "failure", "dry_run",
        "picks",
    }  # fmt: skip
    assert set(record["picks"][0]) == {"paper", "title", "reason", "strategy", "audit", "overlap"}
    pulled = json.loads(labeler("pull", "--json").out)
    assert {"added", "corrections", "withdrawn", "skipped", "unsure", "known", "tasks_read", "project"} <= set(pulled)
    status = json.loads(labeler("status", "--json").out)
    assert {"waiting", "tasks", "annotators", "model", "behind", "to_pull", "audits", "ties"} <= set(status)


def test_pull_says_what_it_brought(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    number = project_of(labeler("push", digest, "--count", "3").err)
    one, other, _ = tasks_of(studio, number).values()
    studio.annotations.create(id=one.id, result=[choices("llm")])
    studio.annotations.create(id=other.id, result=[choices("llm")], was_cancelled=True)
    text = labeler("pull").err
    assert text.startswith("2 annotations of 1 annotator on 2 papers (1 skipped): 2 added, 0 known before.")
    assert labeler("--quiet", "pull").err == ""


@pytest.mark.parametrize(
    "fault",
    [Fault("GET /api/tasks", 500), Fault("GET /api/tasks", "cut"), Fault("GET /api/users", 403),
     Fault("GET /api/projects", "text"), Fault("GET /api/tasks", "text")],
    ids=lambda fault: f"{fault.pattern} {fault.kind}",
)  # fmt: skip
def test_a_pull_that_fails_writes_nothing_and_the_next_brings_all(
    studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler, fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)
    number = project_of(labeler("push", digest, "--count", "2").err)
    task = next(iter(tasks_of(studio, number).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    before = (trained / "annotations/judgements.jsonl").read_bytes()
    with faulty(server.url, fault) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        outcome = labeler("pull")
    assert (outcome.code, outcome.err.count("\n"), fault.seen > 0) == (5, 1, True), outcome.err
    assert (trained / "annotations/judgements.jsonl").read_bytes() == before
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    assert json.loads(labeler("pull", "--json").out)["added"] == 1
