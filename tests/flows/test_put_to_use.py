"""Where a new version comes from, and whether it is put to use."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labeler.config import Workspace, find_workspace
from labeler.flows.put_to_use import lineage_of, refusal
from labeler.judgements import JudgedPaper, JudgementLog, labels_of
from labeler.judgements.tables import Tables
from labeler.modelstore import ModelStore
from labeler.score.lineage import Lineage
from labeler.score.model import TopicModel
from labeler.score.persistence import load_model
from labeler.topics import Scheme, load_scheme
from tests.conftest import renew_model


@pytest.fixture
def at_hand(trained: Path) -> tuple[Workspace, TopicModel, list[JudgedPaper], Scheme]:
    """A workspace, its model, its judged papers and its scheme."""
    workspace = find_workspace()
    scheme = load_scheme(workspace.topics)
    papers = labels_of(JudgementLog(workspace.judgements).read().judgements, scheme).papers
    return workspace, load_model(ModelStore(workspace.models).find(None).folder), papers, scheme


def test_the_parent_is_the_version_in_use_and_a_like_model_is_no_loss(
    at_hand: tuple[Workspace, TopicModel, list[JudgedPaper], Scheme],
) -> None:
    workspace, model, papers, scheme = at_hand
    store = ModelStore(workspace.models)
    found = lineage_of(workspace, None, 3, model, papers, scheme, Tables(("data/a.csv",), "topics", complete=True))
    assert (found.parent, found.parent_fingerprint) == ("mine@1", store.find(None).fingerprint)
    assert (found.seed, found.commit, found.tables) == (3, "", ("data/a.csv",))
    assert found.passage
    assert (found.passage.former, found.passage.is_worse) == ("mine@1", False)
    assert found.passage.difference.value == 0


def test_a_model_of_turned_answers_is_a_loss(
    at_hand: tuple[Workspace, TopicModel, list[JudgedPaper], Scheme],
) -> None:
    workspace, model, papers, scheme = at_hand
    probabilities, answers = model.held_out
    turned = replace(model, held_out=(np.roll(probabilities, 7, axis=0), answers))
    passage = lineage_of(workspace, None, 0, turned, papers, scheme).passage
    assert passage
    assert passage.is_worse
    assert passage.after < passage.before


def test_where_there_is_no_version_in_use_the_newest_is_the_parent(
    at_hand: tuple[Workspace, TopicModel, list[JudgedPaper], Scheme],
) -> None:
    workspace, model, papers, scheme = at_hand
    newest = ModelStore(workspace.models).find("mine@1")
    (workspace.models / "CURRENT").unlink()
    found = lineage_of(workspace, newest, 0, model, papers, scheme)
    assert (found.parent, found.passage) == ("mine@1", None)
    assert lineage_of(workspace, None, 0, model, papers, scheme) == Lineage()


def test_a_version_in_use_that_is_damaged_is_not_compared_with(
    at_hand: tuple[Workspace, TopicModel, list[JudgedPaper], Scheme],
) -> None:
    workspace, model, papers, scheme = at_hand
    weights = next((workspace.models / "mine" / "1").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-8])
    assert lineage_of(workspace, None, 0, model, papers, scheme).passage is None


def test_the_commit_of_the_workspace_is_known(
    at_hand: tuple[Workspace, TopicModel, list[JudgedPaper], Scheme],
) -> None:
    workspace, model, papers, scheme = at_hand
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "annotations"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=workspace.root, check=True, capture_output=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], cwd=workspace.root, check=True, capture_output=True, text=True)
    found = lineage_of(workspace, None, 0, model, papers, scheme)
    assert (found.commit, found.uncommitted) == (head.stdout.strip(), False)
    (workspace.root / "annotations" / "more.txt").write_text("x")
    assert lineage_of(workspace, None, 0, model, papers, scheme).uncommitted


def test_a_worse_version_is_refused_only_while_the_other_one_is_in_use(trained: Path, trained_twice: Path) -> None:
    renew_model(trained, trained_twice)
    store = ModelStore(find_workspace().models)
    manifest = trained / "models" / "mine" / "2" / "manifest.json"
    record = json.loads(manifest.read_text())
    record["beside"] |= {"before": 0.9, "after": 0.5, "difference": {"value": -0.4, "low": -0.5, "high": -0.3}}
    manifest.write_text(json.dumps(record))
    assert refusal(store, store.find("mine@2")) == ""
    store.use(store.find("mine@1"))
    said = refusal(store, store.find("mine@2"))
    assert said.startswith("mine@2 is worse than mine@1, and was kept but not put to use")
    assert refusal(store, store.find("mine@1")) == ""
