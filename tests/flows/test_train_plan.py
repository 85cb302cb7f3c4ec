"""A plan of a training: what it would learn from is what the training then learns from, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.cli.trained import plan_text
from labeler.config import find_workspace
from labeler.errors import InputError, LabelerError, TooFewJudgementsError
from labeler.flows.train import train
from labeler.flows.train_plan import TrainingPlan, training_plan
from labeler.judgements import read_log
from labeler.judgements.tables import Tables
from labeler.topics import Mode
from tests.flows.workspaces import judged, trained


@pytest.fixture(autouse=True)
def _nothing_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")  # which is quick


def plan(unlabeled: list[str] | None = None, tables: Tables | None = None) -> TrainingPlan:
    return training_plan(find_workspace(), "mine", 0.9, unlabeled or [], tables)


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_the_training_learns_from_what_was_planned(workspace: Path, mode: str) -> None:
    judged(workspace, mode)
    planned = plan()
    outcome = trained(workspace)
    figures = outcome.version.manifest.training.figures
    assert (planned.version, planned.fresh) == (outcome.version.label, True)
    assert figures.papers is not None
    assert (planned.papers, len(planned.ties)) == (figures.papers.labelled, figures.papers.ties)
    assert planned.counts == figures.counts
    assert planned.unlearned == outcome.version.manifest.unlearned
    again = plan()
    assert (again.version, again.fresh) == ("mine@1", False)
    assert plan_text(again) == "Nothing has changed since mine@1; no new version would be made."


def test_the_next_number_is_one_that_was_never_given(workspace: Path) -> None:
    judged(workspace, Mode.MULTI)
    trained(workspace)
    (workspace / "models/mine/2.removed").touch()
    (workspace / "annotations/topics.toml").write_text(
        (workspace / "annotations/topics.toml").read_text() + '\n[[topic]]\nid = "maps"\nname = "Maps"\n'
    )
    assert plan().version == "mine@3"


def test_papers_that_were_judged_are_not_unread_in_the_plan_and_in_the_version(workspace: Path) -> None:
    judged(workspace, Mode.MULTI)
    known = read_log(find_workspace()).judgements[0].as_paper()
    unread = {"title": "Unread", "abstract": "Nobody has read this."}
    Path("u.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (known.to_dict(), unread)))
    planned, outcome = plan(["u.jsonl"]), trained(workspace, unread=("u.jsonl",))
    assert (planned.unlabeled, outcome.version.manifest.training.figures.unlabeled) == (1, 1)


def test_tables_and_unread_papers_are_counted(workspace: Path) -> None:
    judged(workspace, Mode.MULTI)
    Path("t.csv").write_text(
        "title,abstract,topics\nArms,Arms that hold robots together for long.,robots\nOther,Nothing of it.,nonsense\n"
    )
    Path("u.jsonl").write_text('{"title": "Unread", "abstract": "Nobody has read this."}\n')
    planned = plan(["u.jsonl"], Tables.of(["t.csv"], "topics", False))
    assert (planned.papers, planned.unlabeled) == (31, 1)
    assert "Would learn from 31 judged papers and 1 unread paper, and keep the model as mine@1." in plan_text(planned)
    assert any("no topics of the scheme" in note for note in planned.notes)


def test_it_refuses_what_the_training_refuses(workspace: Path) -> None:
    judged(workspace, Mode.MULTI)
    Path("empty.csv").write_text("title,abstract,topics\nOther,Nothing of it.,nonsense\n")
    log, tables = workspace / "annotations/judgements.jsonl", Tables.of(["empty.csv"], "topics", False)
    lines = log.read_text()
    for text, given, error in (("", None, InputError), (lines, tables, InputError), ("", tables, LabelerError)):
        log.write_text(text)
        said = []
        for run in (training_plan, train):
            with pytest.raises(error) as raised:
                run(find_workspace(), "mine", 0.9, [], given)
            said.append(str(raised.value))
        assert said[0] == said[1]
    assert not (workspace / "models/mine").exists()
    assert issubclass(TooFewJudgementsError, InputError)
