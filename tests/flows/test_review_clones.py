"""A review on a real Label Studio server in single mode, and by two clones of one workspace that both pushed it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from labeler.studio.local import Credentials
from tests.conftest import Labeler
from tests.flows.test_review import judged, log, reviewed, write_log
from tests.studio.annotating import choices, project_of, tasks_of

FIRST, SECOND, THIRD, FOURTH = (f"arxiv:2503.{number:05}" for number in range(1, 5))
SETTLED = "0 papers of 0 (ties) sent to review."


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints; whether it fails is not asked, as a merge may end in a conflict."""
    named = ("-c", "user.name=ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *named, "-C", folder, *arguments], capture_output=True, text=True, check=False)
    return done.stdout


def committed(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a state")


def clone_of(folder: Path) -> Path:
    """A clone of a workspace, which is put under git."""
    git(folder, "init", "-q", "-b", "main")
    committed(folder)
    git(folder.parent, "clone", "-q", str(folder), "other")
    return folder.parent / "other"


def pulled(labeler: Labeler) -> int:
    outcome = labeler("pull", "--json")
    assert outcome.code == 0, outcome.err
    return int(json.loads(outcome.out)["added"])


def status(labeler: Labeler) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(labeler("status", "--json").out)
    return record


@pytest.fixture
def tied(workspace: Path) -> Path:
    """A workspace with ties on two papers."""
    write_log(workspace, judged(1, "ada", "llm"), judged(1, "ben", "vision"), judged(2, "ada", "llm"), judged(2, "ben"))
    return workspace


def test_in_single_mode_a_verdict_settles_the_one_topic_of_a_paper_and_may_be_corrected(
    studio: Any, server: Credentials, tied: Path, labeler: Labeler
) -> None:
    scheme = tied / "annotations/topics.toml"
    scheme.write_text(scheme.read_text().replace('mode = "multi"', 'mode = "single"'))
    number = project_of(reviewed(labeler, "ties")["project"])
    assert 'choice="single-radio"' in str(studio.projects.get(id=number).label_config)
    tasks = tasks_of(studio, number)
    assert {paper: task.data["reason"] for paper, task in tasks.items()} == {
        FIRST: "people are tied on Language models (1), Visual understanding (1)",
        SECOND: "people are tied on Language models (1), none of these (1)",
    }
    said = studio.annotations.create(id=tasks[FIRST].id, result=[choices("vision")])
    studio.annotations.create(id=tasks[SECOND].id, result=[choices("None of these")])
    assert pulled(labeler) == 2
    assert [(line["role"], line["yes"]) for line in log(tied)[-2:]] == [
        ("adjudicator", ["vision"]),
        ("adjudicator", []),
    ]
    state = status(labeler)
    assert (state["ties"], state["review"]["followed"]["ben"]) == (0, {"papers": 2, "followed": 2})
    assert labeler("push", "--review", "ties").err.splitlines()[0] == SETTLED
    studio.annotations.update(id=said.id, result=[choices("llm")])
    assert pulled(labeler) == 1
    assert status(labeler)["review"]["by"] == {server.email: 2}
    assert status(labeler)["review"]["followed"]["ada"] == {"papers": 2, "followed": 1}


def test_two_clones_fill_one_review_and_both_know_its_verdicts(
    studio: Any, tied: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = project_of(reviewed(labeler, "ties", "--count", "1")["project"])
    other = clone_of(tied)
    write_log(tied, judged(3, "ada", "llm"), judged(3, "ben", "vision"))
    write_log(other, judged(4, "ada", "llm"), judged(4, "ben", "vision"), judged(3, "cleo", "speech"))
    assert reviewed(labeler, "ties")["sent"] == 2
    monkeypatch.chdir(other)
    assert reviewed(labeler, "ties")["sent"] == 1
    tasks = tasks_of(studio, number)
    assert set(tasks) == {FIRST, SECOND, THIRD, FOURTH}
    for paper in (FIRST, THIRD):
        studio.annotations.create(id=tasks[paper].id, result=[choices("vision")])
    assert pulled(labeler) == 2
    monkeypatch.chdir(tied)
    assert pulled(labeler) == 2
    studio.annotations.create(id=tasks[FOURTH].id, result=[choices("llm")])
    assert pulled(labeler) == 1
    for folder in (other, tied):
        committed(folder)
    git(tied, "pull", "-q", "--no-rebase", str(other), "main")
    git(other, "pull", "-q", "--no-rebase", str(tied), "main")
    for folder in (tied, other):
        monkeypatch.chdir(folder)
        assert pulled(labeler) == 0
        assert (status(labeler)["ties"], status(labeler)["review"]["verdicts"]) == (1, 3)
        assert reviewed(labeler, "ties")["sent"] == 0


@pytest.mark.parametrize("joined", [True, False])
def test_clones_that_made_a_review_each_have_the_verdicts_of_both(
    studio: Any, tied: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, joined: bool
) -> None:
    if not joined:  # a workspace of before: git leaves both ids and its marks in the file
        attributes = tied / ".gitattributes"
        attributes.write_text(attributes.read_text().replace("annotations/workspace.id merge=union\n", ""))
    other = clone_of(tied)
    mine = project_of(reviewed(labeler, "ties")["project"])
    monkeypatch.chdir(other)
    theirs = project_of(reviewed(labeler, "ties")["project"])
    assert mine != theirs
    for folder in (other, tied):
        committed(folder)
    git(tied, "pull", "-q", "--no-rebase", str(other), "main")
    text = (tied / "annotations/workspace.id").read_text()
    assert ("<<<<<<<" in text) != joined
    monkeypatch.chdir(tied)
    studio.annotations.create(id=tasks_of(studio, mine)[FIRST].id, result=[choices("vision")])
    studio.annotations.create(id=tasks_of(studio, theirs)[SECOND].id, result=[choices("llm")])
    assert pulled(labeler) == 2
    assert pulled(labeler) == 0
    assert status(labeler)["ties"] == 0
    assert project_of(reviewed(labeler, "ties")["project"]) == mine
