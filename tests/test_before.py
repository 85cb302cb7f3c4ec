"""What earlier versions of labeler wrote is opened, labelled with, trained on and gone on with, with equal scores."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler import load_model
from labeler.errors import RefusedError
from labeler.features.terms import Tokenizer
from labeler.score.manifest import read_manifest
from labeler.score.persistence import save_model
from tests.conftest import Labeler
from tests.paths import ROOT

BEFORE = ROOT / "tests" / "before"
PROTOCOLS = (2, 3, 4, 5, 6)
MODES = ("multi", "single")


@pytest.fixture
def old_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a workspace from before, which is the current folder."""
    folder = tmp_path / "workspace"
    shutil.copytree(BEFORE / "workspace", folder)
    monkeypatch.chdir(folder)
    return folder


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_model_of_every_protocol_says_what_it_said(protocol: int, mode: str) -> None:
    said = json.loads((BEFORE / f"protocol{protocol}" / "told.json").read_text())[mode]
    model = load_model(BEFORE / f"protocol{protocol}" / mode)
    assert model.classes_.tolist() == said["topics"]
    np.testing.assert_allclose(model.predict_proba(said["texts"]), said["probabilities"], atol=1e-6)
    decisions = model.decide(said["texts"], 0.6)
    assert [list(one.topics) for one in decisions] == [topics for topics, _ in said["decisions"]]
    # Today's rule learns more from the papers that were held out: what was decided then is decided now.
    decided = [(one.decision, then) for one, (_, then) in zip(decisions, said["decisions"], strict=True)]
    assert all(now == then for now, then in decided if then != "review")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_manifest_of_every_protocol_is_read_whole(protocol: int, mode: str) -> None:
    folder = BEFORE / f"protocol{protocol}" / mode
    manifest, written = read_manifest(folder), json.loads((folder / "manifest.json").read_bytes())
    written["parameters"]["precision"] = 0.9  # which was not noted where a classifier was saved by itself
    assert manifest.to_dict() == written
    assert manifest.protocol == protocol


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_old_model_is_saved_in_the_files_of_today(protocol: int, tmp_path: Path) -> None:
    model = load_model(BEFORE / f"protocol{protocol}" / "multi")
    save_model(model, tmp_path / "1")
    tokenizer = Tokenizer.CHARACTERS if protocol == 6 else Tokenizer.WORDS
    texts = ["a robot with a voice", "bread", "机器人手臂 抓取", "机器人手臂抓取"]
    assert load_model(tmp_path / "1").predict_proba(texts).tolist() == model.predict_proba(texts).tolist()
    assert read_manifest(tmp_path / "1").tokenizer == model.linear.tfidf.vocabulary.tokenizer == tokenizer


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_harmed_file_of_an_old_model_is_refused(protocol: int, tmp_path: Path) -> None:
    shutil.copytree(BEFORE / f"protocol{protocol}" / "multi", tmp_path / "1")
    for path in (tmp_path / "1").iterdir():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        if path.name != "manifest.json":
            path.write_bytes(data)
    with pytest.raises(RefusedError, match="is not the file that was trained"):
        load_model(tmp_path / "1")


def test_a_model_of_the_first_protocol_is_listed_and_told_to_be_trained_again(tmp_path: Path) -> None:
    shutil.copytree(BEFORE / "protocol2" / "multi", tmp_path / "1")
    path = tmp_path / "1" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"protocol": 1}))
    assert read_manifest(tmp_path / "1").topics == ("robots", "speech", "vision")
    with pytest.raises(RefusedError, match="counted titles once; train again"):
        load_model(tmp_path / "1")


def test_a_workspace_of_before_labels_the_same(labeler: Labeler, old_workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    outcome = labeler("label", *sorted((BEFORE / "inputs").iterdir()), "-o", out)
    assert outcome.code == 0, outcome.err
    now, before = records(out), records(BEFORE / "workspace_labels.jsonl")
    assert [one["id"] for one in now] == [one["id"] for one in before]
    for one, other in zip(now, before, strict=True):
        assert one["scores"] == pytest.approx(other["scores"], abs=1e-4)
        same = ("decision", "model", "title")
        assert {key: one[key] for key in same} == {key: other[key] for key in same}
        assert one["reason"] in {"ambiguous": ["ambiguous", "unchecked", None]}.get(other["reason"], [other["reason"]])


def test_a_workspace_of_before_is_told_of_and_trained_on(labeler: Labeler, old_workspace: Path) -> None:
    log = old_workspace / "annotations" / "judgements.jsonl"
    before = log.read_bytes()
    assert "mine@1" in labeler("models", "list").out
    assert json.loads(labeler("models", "show", "--json").out) == json.loads(
        (old_workspace / "models" / "mine" / "1" / "manifest.json").read_bytes()
    )
    assert json.loads(labeler("status", "--json").out)["model_judged"] == 23
    again = labeler("train")
    assert again.code == 0
    assert "Nothing has changed since mine@1" in again.err
    assert labeler("train", "--precision", "0.7").code == 0
    assert log.read_bytes() == before
    old, new = (load_model(old_workspace / "models" / "mine" / number) for number in ("1", "2"))
    texts = [f"{one['title']}\n{one['abstract']}" for one in records(BEFORE / "inputs" / "a.jsonl")]
    # Not the same: the background has learned more since, and the order of topics once decided about folds.
    probabilities = np.array([model.predict_proba(texts).ravel() for model in (new, old)])
    assert np.corrcoef(probabilities)[0, 1] > 0.95
    np.testing.assert_allclose(*probabilities, atol=0.1)


def test_a_folder_of_labels_of_before_is_gone_on_with(labeler: Labeler, old_workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    shutil.copytree(BEFORE / "labels", folder)
    first = (folder / "part-00000-00000.jsonl").read_bytes()
    outcome = labeler("label", BEFORE / "inputs", "-o", f"{folder}/", "--to", "jsonl")
    assert outcome.code == 0, outcome.err
    assert "12 papers" in outcome.err
    assert "(12 papers had been labelled before)" in outcome.err
    assert (folder / "part-00000-00000.jsonl").read_bytes() == first
    second, would_have_been = (
        records(path) for path in (folder / "part-00001-00000.jsonl", BEFORE / "labels_part-00001-00000.jsonl")
    )
    for one, other in zip(second, would_have_been, strict=True):
        assert one["scores"] == pytest.approx(other["scores"], abs=1e-4)
        assert (one["id"], one["decision"]) == (other["id"], other["decision"])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_old_model_does_not_say_which_papers_it_learned_from(protocol: int, tmp_path: Path) -> None:
    model = load_model(BEFORE / f"protocol{protocol}" / "multi")
    assert model.learned is None
    assert model.has_learned_from(["arxiv:2503.11731"]) is None
    save_model(model, tmp_path / "1")
    assert load_model(tmp_path / "1").learned is None
