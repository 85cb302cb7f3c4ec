from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

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
    assert soft_texts(tmp_path, scheme("single"), []) == ({}, "", [])


def test_a_paper_that_people_judged_has_the_text_that_they_read(tmp_path: Path) -> None:
    add_soft_labels(tmp_path, labels(Paper("", "", ("arxiv:2501.00001",)), UNREAD, Paper("", "", ("arxiv:2501.9",))))
    item = JudgedPaper(READ, frozenset({"llm"}), frozenset())
    models, fingerprint, notes = soft_texts(tmp_path, scheme("single"), [item])
    texts, matrix = models["m"]
    assert sorted(texts) == sorted([READ.text, UNREAD.text])
    np.testing.assert_array_equal(matrix, [[0.7, np.nan, np.nan]] * 2)
    assert len(fingerprint) == 64
    assert notes == [
        "soft labels of m: 2 papers, of which 1 are judged as well and say how much the others count",
    ]


def test_papers_kept_apart_are_left_out_and_several_topics_are_not_learned(tmp_path: Path) -> None:
    add_soft_labels(tmp_path, labels(READ, UNREAD))
    assert soft_texts(tmp_path, scheme("single"), [], set(READ.ids)).models["m"][0] == [UNREAD.text]
    told = soft_texts(tmp_path, scheme("multi"), [])
    assert told.models == {}
    assert told.notes[0].startswith("2 soft labels are kept and not learned from")


@pytest.mark.slow
def test_training_uses_soft_labels_and_says_so(workspace: Path, labeler: Labeler) -> None:
    judged(workspace, "single")
    before, log = trained(workspace), (workspace / "annotations/judgements.jsonl").read_bytes()
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
    after = trained(workspace)
    assert (workspace / "annotations/judgements.jsonl").read_bytes() == log
    manifest = after.version.manifest
    assert after.fresh
    assert dict(manifest.training.parameters.soft_labels) == {"other": 75}
    assert manifest.training.figures.labelled == before.version.manifest.training.figures.labelled
    assert any("soft labels of other: 75 papers, of which 15 are judged as well" in note for note in after.notes)
    assert not trained(workspace).fresh
    assert Workspace(workspace).keeps(workspace / "annotations/soft_labels.jsonl")
