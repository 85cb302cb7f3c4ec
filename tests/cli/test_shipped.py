"""Before there is a model of one's own: the one that comes with labeler."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from labeler import TopicClassifier, load_model
from labeler.modelstore import SHIPPED, shipped_versions
from tests.conftest import Labeler
from tests.paths import SAMPLES

LABEL = shipped_versions()[-1].label
LENT = f"No model of your own yet: {LABEL}, which comes with labeler"


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside any workspace, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def models(text: str) -> set[str]:
    return {json.loads(line)["model"] for line in text.splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize("command", ["label", "explain"])
def test_without_a_model_of_ones_own_papers_are_labelled_and_it_says_by_what(
    labeler: Labeler, workspace: Path, digest: Path, command: str
) -> None:
    outcome = labeler(command, digest, "--json")
    assert outcome.code == 0
    assert models(outcome.out) == {LABEL}
    assert [line for line in outcome.err.splitlines() if "comes with labeler" in line] == [
        line for line in outcome.err.splitlines() if line.startswith(LENT)
    ]
    assert outcome.err.count(LENT) == 1
    assert labeler(command, digest, "--quiet").err == ""


@pytest.mark.parametrize("command", ["label", "explain"])
def test_no_workspace_is_needed(labeler: Labeler, nowhere: Path, digest: Path, command: str) -> None:
    outcome = labeler(command, digest, "--json")
    assert (outcome.code, models(outcome.out)) == (0, {LABEL})
    assert LENT in outcome.err
    assert list(nowhere.iterdir()) == []


def test_no_topic_of_it_is_one_of_few_papers() -> None:
    version = shipped_versions()[-1]
    counts = version.manifest.training.figures.counts
    model = load_model(version.folder)
    assert dict(zip(model.topics, model.examples.tolist(), strict=True)) == counts
    assert model.rule.few is not None
    assert not model.rule.few.any()


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Rotation curves of spiral galaxies and their dark matter haloes", "astro-ph.GA"),
        ("A gripper that learns to grasp: robot manipulation from demonstrations", "cs.RO"),
        ("Speaker verification from far-field speech with noise-robust embeddings", "eess.AS"),
        ("Prime numbers in short intervals and zeros of L-functions", "math.NT"),
        ("Entanglement of trapped-ion qubits under dephasing noise", "quant-ph"),
        ("Spin waves in an unconventional superconductor", "cond-mat.supr-con"),
    ],
)
def test_what_it_says_is_true(labeler: Labeler, nowhere: Path, title: str, topic: str) -> None:
    (nowhere / "one.jsonl").write_text(json.dumps({"title": title}))
    assert json.loads(labeler("label", "one.jsonl").out)["topics"][0]["topic"] == topic


@pytest.mark.parametrize("named", [SHIPPED, LABEL])
def test_it_can_be_named_anywhere(
    labeler: Labeler, trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    outcome = labeler("label", digest, "--model", named)
    assert (outcome.code, models(outcome.out)) == (0, {LABEL})
    assert "No model of your own" not in outcome.err
    monkeypatch.chdir(trained.parent)
    assert labeler("label", digest, "--model", named).out == outcome.out


def test_ones_own_model_is_taken_when_there_is_one(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("label", digest)
    assert models(outcome.out) == {"mine@1"}
    assert "comes with labeler" not in outcome.err


@pytest.mark.slow
def test_ones_own_model_of_that_name_hides_it(labeler: Labeler, trained: Path, digest: Path) -> None:
    texts = ["robot arm grasping cups", "robot leg walking", "voice and speech", "speech of a voice"]
    own = TopicClassifier().fit(texts, ["robots", "robots", "speech", "speech"])
    own.save(trained / "models" / SHIPPED / "7")
    outcome = labeler("label", digest, "--model", SHIPPED)
    assert set(json.loads(outcome.out.splitlines()[0])["scores"]) == {"robots", "speech"}
    assert labeler("label", digest, "--model", LABEL).code == 4
    assert labeler("models", "list").out.count(SHIPPED) == 1


def test_when_none_of_ones_own_models_is_in_use_it_says_so(labeler: Labeler, trained: Path, digest: Path) -> None:
    (trained / "models" / "CURRENT").unlink()
    outcome = labeler("label", digest)
    assert models(outcome.out) == {LABEL}
    assert f"None of your models is in use: {LABEL}, which comes with labeler" in outcome.err
    assert "labeler models use NAME" in outcome.err


def test_a_model_that_is_gone_is_not_replaced_by_it(labeler: Labeler, trained: Path, digest: Path) -> None:
    shutil.rmtree(trained / "models" / "mine")
    outcome = labeler("label", digest)
    assert (outcome.code, outcome.out) == (4, "")
    assert f"there is no model mine@1; there are: {LABEL}; choose one with `labeler models use NAME`" in outcome.err
    assert labeler("models", "list").code == 0


def test_a_workspace_that_is_named_must_be_there(labeler: Labeler, nowhere: Path, digest: Path) -> None:
    outcome = labeler("--workspace", "gone", "label", digest)
    assert (outcome.code, outcome.out) == (4, "")


def test_it_is_listed_and_shown_with_its_card(labeler: Labeler, nowhere: Path) -> None:
    assert f"* {LABEL}" in labeler("models", "list").out
    shown = labeler("models", "show")
    assert shown.out.startswith(f"{LABEL} (comes with labeler), trained 2")
    assert "| cs.CV | Computer Vision and Pattern Recognition |" in shown.out
    assert labeler("models", "show", SHIPPED).out == shown.out
    assert json.loads(labeler("models", "show", SHIPPED, "--json").out)["name"] == SHIPPED


def test_it_can_be_chosen_for_good_and_given_up_again(labeler: Labeler, trained: Path, digest: Path) -> None:
    assert labeler("models", "use", SHIPPED).err == f"Commands now use {LABEL}.\n"
    assert (trained / "models" / "CURRENT").read_text() == f"{SHIPPED}\n"  # a newer labeler may bring a newer one
    outcome = labeler("label", digest)
    assert models(outcome.out) == {LABEL}
    assert "No model of your own" not in outcome.err
    assert f"* {LABEL}" in labeler("models", "list").out
    assert f"Commands still use {SHIPPED}; `labeler models use mine@1` changes that." in labeler("train").err
    assert labeler("models", "use", "mine").code == 0
    assert models(labeler("label", digest).out) == {"mine@1"}


def test_choosing_it_needs_a_workspace(labeler: Labeler, nowhere: Path) -> None:
    outcome = labeler("models", "use", SHIPPED)
    assert outcome.code == 4
    assert "labeler init" in outcome.err


def test_it_makes_no_suggestions_for_topics_it_does_not_know(labeler: Labeler, workspace: Path, digest: Path) -> None:
    assert "no model yet, so no suggestions" in labeler("export", digest, "-o", "tasks.json").err
    (workspace / "annotations" / "topics.toml").write_text(
        'mode = "single"\n[[topic]]\nid = "a"\n[[topic]]\nid = "b"\n'
    )
    outcome = labeler("export", digest, "-o", "tasks.json", "--model", SHIPPED)
    assert f"{LABEL} knows none of the topics of the scheme: no suggestions" in outcome.err
    (workspace / "annotations" / "topics.toml").write_text(
        'mode = "single"\n[[topic]]\nid = "cs.RO"\n[[topic]]\nid = "cs.CL"\n'
    )
    assert f"suggestions by {LABEL}" in labeler("export", digest, "-o", "tasks.json", "--model", SHIPPED).err


@pytest.mark.parametrize("command", ["label", "explain"])
def test_the_next_step_is_the_one_of_where_the_user_stands(
    labeler: Labeler, workspace: Path, digest: Path, command: str
) -> None:
    shutil.copy(digest, workspace / "a day.txt")
    assert "topics of your own: `labeler train --unread 'a day.txt'`" in labeler(command, "a day.txt").err
    assert labeler("import", SAMPLES / "export.json").code == 0
    assert "topics of your own: `labeler train`" in labeler(command, "a day.txt").err
