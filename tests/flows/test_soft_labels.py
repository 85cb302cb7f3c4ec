from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labeler.cli.trained import training_text
from labeler.config import Workspace
from labeler.flows.soft_labels import soft_texts
from labeler.judgements import JudgedPaper
from labeler.judgements.soft_labels import SoftLabel, add_soft_labels
from labeler.papers import Paper
from tests.conftest import Labeler
from tests.flows.test_train import judged, log_of, pile, trained
from tests.judgements.factories import scheme

READ = Paper.make("A talking model", "People read this.", ids=["arxiv:2501.00001"])
UNREAD = Paper.make("Another model", "Nobody read this.")


@pytest.fixture(autouse=True)
def _nothing_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")  # which is quick


def labels(*papers: Paper) -> list[SoftLabel]:
    return [SoftLabel(paper, "m", {"llm": 0.7, "gone": 0.1}, "2026-01-01T00:00:00Z", {}) for paper in papers]


def test_without_soft_labels_there_is_nothing(tmp_path: Path) -> None:
    assert soft_texts(tmp_path, scheme("single"), []) == ({}, "", [], [])


def test_a_paper_that_people_judged_has_the_text_that_they_read(tmp_path: Path) -> None:
    add_soft_labels(tmp_path, labels(Paper("", "", ("arxiv:2501.00001",)), UNREAD, Paper("", "", ("arxiv:2501.9",))))
    item = JudgedPaper(READ, frozenset({"llm"}), frozenset())
    models, fingerprint, faults, notes = soft_texts(tmp_path, scheme("single"), [item])
    texts, matrix = models["m"]
    assert sorted(texts) == sorted([READ.text, UNREAD.text])
    np.testing.assert_array_equal(matrix, [[0.7, np.nan, np.nan]] * 2)
    assert len(fingerprint) == 64
    assert faults == []
    assert notes == [
        "soft labels of m: 2 papers, of which 1 are judged as well and say how much the others count",
    ]


def test_papers_kept_apart_are_left_out(tmp_path: Path) -> None:
    add_soft_labels(tmp_path, labels(READ, UNREAD))
    assert soft_texts(tmp_path, scheme("single"), [], set(READ.ids)).models["m"][0] == [UNREAD.text]
    assert soft_texts(tmp_path, scheme("multi"), []).papers == {"m": 2}


def bring_soft_labels(workspace: Path, labeler: Labeler) -> None:
    """Bring in what another model says of the pile, and of the judged papers that have a topic."""
    names = ("robots", "speech", "vision")
    unread = [json.loads(line) for line in Path(pile(workspace)).read_text().splitlines()]
    rows = [paper | {"scores": {names[number % 3]: 0.9}} for number, paper in enumerate(unread)]
    rows += [
        {"title": one.title, "abstract": one.abstract, "scores": dict.fromkeys(one.yes, 0.9)}
        for one in log_of(workspace)
        if one.yes
    ]
    (workspace / "soft.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert labeler("import", "--soft", "soft.jsonl", "--from", "other").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "both"), [("single", 15), ("multi", 25)])
def test_training_uses_soft_labels_and_says_so(workspace: Path, labeler: Labeler, mode: str, both: int) -> None:
    judged(workspace, mode)
    before, log = trained(workspace), (workspace / "annotations/judgements.jsonl").read_bytes()
    bring_soft_labels(workspace, labeler)
    after = trained(workspace)
    assert (workspace / "annotations/judgements.jsonl").read_bytes() == log
    manifest = after.version.manifest
    assert after.fresh
    assert dict(manifest.training.parameters.soft_labels) == {"other": 60 + both}
    assert manifest.training.figures.labelled == before.version.manifest.training.figures.labelled
    told = f"soft labels of other: {60 + both} papers, of which {both} are judged as well"
    assert any(told in note for note in after.notes)
    assert sum("soft labels of" in note for note in after.notes) == 1
    used = f"Learned from soft labels of other ({60 + both} papers), too."
    assert used in training_text(after)
    assert used in (after.version.folder / "report.md").read_text()
    assert not trained(workspace).fresh
    assert Workspace(workspace).keeps(workspace / "annotations/soft_labels.jsonl")


@pytest.mark.slow
def test_beside_very_many_judged_papers_they_are_left_out_which_is_told_once(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(workspace, "multi", each=30)
    bring_soft_labels(workspace, labeler)
    monkeypatch.setattr("labeler.learn.classifier.MAX_IN_MEMORY", 20)
    found = trained(workspace)
    parameters = found.version.manifest.training.parameters
    assert (dict(parameters.soft_labels), set(parameters.soft_labels_left_out)) == ({}, {"other"})
    told = parameters.soft_labels_sentence
    assert "papers) were left out: beside this many judged papers they are not learned from." in told
    assert told in training_text(found)
    assert told in (found.version.folder / "report.md").read_text()
    assert not any("soft labels" in note for note in found.notes)


@pytest.mark.slow
def test_training_tells_of_a_line_that_cannot_be_read(workspace: Path) -> None:
    judged(workspace, "single")
    (workspace / "annotations" / "soft_labels.jsonl").write_text('{"model": "m"}\n')
    assert any("soft_labels.jsonl" in note for note in trained(workspace).notes)
