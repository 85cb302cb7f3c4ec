from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pytest

from labeler import TopicClassifier, load_model, read_digest
from labeler.modelstore import shipped_versions
from labeler.topics import Mode
from tests.conftest import Labeler, renew_model
from tests.learn.factories import multi_papers, single_papers
from tests.paths import SAMPLES

SHIPPED = shipped_versions()[-1].label

SINGLE = """mode = "single"
[[topic]]
id = "robots"
name = "Robots"
[[topic]]
id = "speech"
name = "Speech"
[[topic]]
id = "vision"
name = "Vision"
"""


@pytest.fixture
def judged(workspace: Path, labeler: Labeler) -> Path:
    """A workspace of the mode single with judgements and no model yet."""
    (workspace / "annotations" / "topics.toml").write_text(SINGLE)
    texts, topics = single_papers(each=5, none=5)
    with (workspace / "table.jsonl").open("w") as file:
        for text, topic in zip(texts, topics, strict=True):
            title, abstract = text.split("\n")
            file.write(json.dumps({"title": title, "abstract": abstract, "topics": topic or "none"}) + "\n")
    assert labeler("import", "table.jsonl", "--topics-column", "topics").code == 0
    return workspace


def test_training_tells_what_it_measured_and_how_sure_it_is(labeler: Labeler, judged: Path) -> None:
    outcome = labeler("train")
    assert outcome.code == 0
    lines = outcome.err.splitlines()
    assert lines[0] == "Trained mine@1 on 20 judged papers."
    assert "macro-F1 " in lines[1]
    assert "(95 % intervals)" in lines[1]
    assert lines[2].startswith("macro-F1 says how well topics are found")
    assert "90%" in lines[3]


def test_training_twice_makes_one_version(labeler: Labeler, judged: Path) -> None:
    first = json.loads(labeler("train", "--json").out)
    second = json.loads(labeler("train", "--json").out)
    assert (first["fresh"], second["fresh"]) == (True, False)
    assert {**first, "fresh": None} == {**second, "fresh": None}
    assert labeler("train").err == "Nothing has changed since mine@1; no new version was made.\n"
    assert [path.name for path in (judged / "models" / "mine").iterdir()] == ["1"]


@pytest.mark.slow
def test_training_as_json_has_stable_keys(labeler: Labeler, judged: Path) -> None:
    record = json.loads(labeler("train", "--json", "--precision", "0.8", "--name", "test-1").out)
    assert set(record) == {
        *(
            "name",
            "version",
            "measured",
            "bands",
            "counts",
            "unlearned",
            "weak",
            "parameters",
            "papers",
            "fresh",
            "no_topic",
            "in_time",
            "evaluation_set",
            "promises",
            "right",
            "refusal",
            "dry_run",
        )
    }
    assert (record["name"], record["version"], record["bands"]["precision"]) == ("test-1", 1, 0.8)
    assert record["counts"] == {"robots": 5, "speech": 5, "vision": 5}
    assert (judged / "models" / "CURRENT").read_text() == "test-1@1\n"


@pytest.mark.slow
def test_settings_and_environment_decide_name_and_precision(
    labeler: Labeler, judged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (judged / "labeler.toml").write_text('[train]\nname = "ours"\nprecision = 0.7\n')
    monkeypatch.setenv("LABELER_TRAIN_PRECISION", "0.8")
    record = json.loads(labeler("train", "--json").out)
    assert (record["name"], record["parameters"]["precision"]) == ("ours", 0.8)
    assert json.loads(labeler("train", "--json", "--precision", "0.6").out)["parameters"]["precision"] == 0.6


@pytest.mark.slow
def test_topics_learned_from_their_names_are_told(labeler: Labeler, judged: Path) -> None:
    with (judged / "annotations" / "topics.toml").open("a") as file:
        file.write('[[topic]]\nid = "later"\nname = "Things to come"\n')
    assert "Learned from name and definition alone: Things to come." in labeler("train").err


@pytest.mark.slow
def test_topics_that_nobody_denied_are_told(labeler: Labeler, workspace: Path) -> None:
    texts, topics = multi_papers(each=4)
    with (workspace / "table.jsonl").open("w") as file:
        for text, row in zip(texts, topics, strict=True):
            names = ["robotics" if topic == "robots" else topic for topic in row]
            file.write(json.dumps({"title": text, "topics": names}) + "\n")
    assert labeler("import", "table.jsonl", "--topics-column", "topics").code == 0
    record = json.loads(labeler("train", "--json").out)
    assert record["weak"] == ["vision", "speech", "robotics"]
    shown = labeler("train", "--precision", "0.8").err
    listed = "Visual understanding, Speech and audio, Robotics and control"
    told = "papers not judged for these count as negative examples, with less weight."
    assert f"No paper of another topic, or too few, was judged not to be of: {listed}; {told}" in shown


@pytest.mark.slow
def test_annotators_who_disagree_are_told_five_times(labeler: Labeler, workspace: Path) -> None:
    assert labeler("import", SAMPLES / "export.json").code == 0
    err = labeler("train").err.splitlines()
    ties = [line for line in err if line.startswith("annotators disagree, not trained on: ")]
    assert len(ties) == 5
    assert "1 yes, 1 no" in ties[0]
    assert err[-1] == "annotators disagree in 17 more cases"


@pytest.mark.slow
def test_one_topic_judged_is_learned_beside_the_names_of_the_others(labeler: Labeler, judged: Path) -> None:
    (judged / "annotations" / "judgements.jsonl").unlink()
    (judged / "one.jsonl").write_text(
        "".join(json.dumps({"title": f"A robot number {n}", "topics": "robots"}) + "\n" for n in range(5))
    )
    assert labeler("import", "one.jsonl", "--topics-column", "topics").code == 0
    outcome = labeler("train", "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["unlearned"] == {}


@pytest.mark.slow
def test_models_are_listed_and_the_current_one_is_marked(labeler: Labeler, judged: Path) -> None:
    assert "no model of your own yet" in labeler("models", "list").out
    listed = json.loads(labeler("models", "list", "--json").out)["models"]
    assert [(model["model"], model["current"], model["shipped"]) for model in listed] == [(SHIPPED, True, True)]
    labeler("train")
    labeler("train", "--precision", "0.8")
    marks = [line[:8] for line in labeler("models", "list").out.splitlines()]
    assert marks == ["  mine@1", "* mine@2", f"  {SHIPPED[:6]}"]
    assert all("F1" in line or line.endswith("not measured") for line in labeler("models", "list").out.splitlines())
    assert labeler("models", "use", "mine@1").err == "Commands now use mine@1.\n"
    listed = json.loads(labeler("models", "list", "--json").out)["models"]
    marks = [(model["model"], model["current"]) for model in listed]
    assert marks == [("mine@1", True), ("mine@2", False), (SHIPPED, False)]
    assert set(listed[0]) == {"model", "current", "created", "measured", "shipped"}


@pytest.mark.parametrize("text", ["[]", "[" * 100_000, '{"a":' * 100_000, '{"protocol": ' + "9" * 5000 + "}"])
def test_a_damaged_manifest_does_not_end_the_list(labeler: Labeler, trained: Path, text: str) -> None:
    (trained / "models" / "broken" / "1").mkdir(parents=True)
    (trained / "models" / "broken" / "1" / "manifest.json").write_text(text)
    outcome = labeler("models", "list")
    assert outcome.code == 0
    assert "* mine@1" in outcome.out
    assert "broken@1         damaged: " in outcome.out
    (found,) = json.loads(labeler("models", "list", "--json").out)["damaged"]
    assert (found["model"], bool(found["fault"])) == ("broken@1", True)


def test_a_version_is_shown(labeler: Labeler, trained: Path) -> None:
    shown = labeler("models", "show")
    assert shown.out.count("macro-F1 says how well topics are found") == 1
    assert shown.out.startswith("mine@1, trained 2")
    assert "| Language models | 24 | yes |" in shown.out
    manifest = json.loads((trained / "models" / "mine" / "1" / "manifest.json").read_text())
    assert json.loads(labeler("models", "show", "mine", "--json").out) == manifest
    assert labeler("models", "show", "mine@2").code == 4


@pytest.mark.slow
def test_the_version_in_use_is_what_commands_take(labeler: Labeler, trained: Path, digest: Path) -> None:
    labeler("train", "--name", "other")
    assert "labelled by other@1" in labeler("label", digest).err
    record = json.loads(labeler("models", "use", "mine", "--json").out)
    assert record == {"current": "mine@1", "dry_run": False}
    assert "labelled by mine@1" in labeler("label", digest).err


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_the_exported_pipeline_has_the_model_s_probabilities(
    labeler: Labeler, mode: str, digest: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue("trained" if mode == Mode.MULTI else "judged")
    if mode == Mode.SINGLE:
        assert labeler("train").code == 0
    outcome = labeler("models", "export", "--to", "sklearn", "model.joblib")
    assert outcome.code == 0
    assert outcome.err.startswith("Wrote mine@1 to model.joblib. joblib files run code when loaded")
    model = load_model(folder / "models" / "mine" / "1")
    texts = [paper.text for paper in read_digest(digest)]
    weighted_texts = [f"{title} __ {title} __ {rest}" for title, _, rest in (text.partition("\n") for text in texts)]
    found = joblib.load("model.joblib").predict_proba(weighted_texts)
    plain = replace(model, linear=replace(model.linear, top=(1.0, 0.0)))
    np.testing.assert_allclose(found[:, : len(model.classes_)], plain.predict_proba(texts), rtol=0, atol=1e-6)
    assert found.shape[1] == len(model.classes_) + (mode == Mode.SINGLE)  # none of these


def test_an_export_is_told_as_json(labeler: Labeler, trained: Path) -> None:
    outcome = labeler("models", "export", "m.joblib", "--model", "mine@1", "--json")
    assert json.loads(outcome.out) == {"model": "mine@1", "file": "m.joblib", "dry_run": False}


def test_a_damaged_model_is_not_exported(labeler: Labeler, trained: Path) -> None:
    (trained / "models" / "mine" / "1" / "weights.safetensors").write_bytes(b"")
    outcome = labeler("models", "export", "m.joblib")
    assert outcome.code == 6
    assert not (trained / "m.joblib").exists()


@pytest.mark.slow
def test_training_says_when_commands_use_another_version(labeler: Labeler, trained: Path) -> None:
    assert labeler("train", "--name", "other").code == 0
    assert "Commands still use other@1; `labeler models use mine@1` changes that." in labeler("train").err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["CURRENT", "current", "a/b", "..", "arxiv", "ArXiv", ""])
def test_a_name_that_would_be_in_the_way_is_wrong_usage(labeler: Labeler, judged: Path, name: str) -> None:
    outcome = labeler("train", "--name", name)
    assert outcome.code == 2
    assert not (judged / "models" / "CURRENT").is_dir()


@pytest.mark.slow
def test_a_model_saved_from_python_is_used_by_commands(labeler: Labeler, workspace: Path, digest: Path) -> None:
    texts = ["robot arm grasping cups", "robot leg walking", "voice and speech", "speech of a voice"]
    TopicClassifier().fit(texts, ["robots", "robots", "speech", "speech"]).save(workspace / "models/mine/1")
    outcome = labeler("label", digest, "--model", "mine", "--to", "jsonl")
    assert outcome.code == 0
    assert set(json.loads(outcome.out.splitlines()[0])["scores"]) == {"robots", "speech"}


@pytest.mark.slow
def test_tables_of_judged_papers_are_trained_on_where_they_lie(labeler: Labeler, judged: Path) -> None:
    texts, topics = single_papers(each=30, none=30)
    with (judged / "pile.jsonl").open("w") as file:
        for text, topic in zip(texts, topics, strict=True):
            title, abstract = text.split("\n")
            file.write(json.dumps({"title": title, "abstract": abstract, "labels": topic or "none"}) + "\n")
    log = (judged / "annotations" / "judgements.jsonl").read_bytes()
    outcome = labeler("train", "--table", "pile.jsonl", "--topics-column", "labels")
    assert outcome.code == 0
    # Five papers are in both.
    assert outcome.err.startswith("Trained mine@1 on 135 judged papers.")
    assert (judged / "annotations" / "judgements.jsonl").read_bytes() == log


@pytest.mark.parametrize(
    "options",
    [["--table", "table.jsonl"], ["--topics-column", "topics"], ["--complete"]],
    ids=["table", "column", "all"],
)
def test_a_table_and_its_column_are_named_together(labeler: Labeler, judged: Path, options: list[str]) -> None:
    outcome = labeler("train", *options)
    assert outcome.code == 2
    assert "belong together" in outcome.err
    assert not labeler("models", "list").out.startswith("mine")


def test_show_tells_where_a_version_comes_from(labeler: Labeler, trained_twice: Path) -> None:
    shown = labeler("--workspace", trained_twice, "models", "show").out
    assert "Topics are given from these probabilities on: " in shown
    assert "After mine@1 (" in shown
    assert "; seed 0" in shown


def test_a_version_is_removed_once_and_never_the_one_in_use(
    labeler: Labeler, trained: Path, trained_twice: Path
) -> None:
    renew_model(trained, trained_twice)
    refused = labeler("models", "remove", "mine@2")
    assert (refused.code, refused.err.count("\n")) == (6, 1)
    assert "labeler models use" in refused.err
    assert json.loads(labeler("models", "remove", "mine@1", "--json").out) == {"removed": "mine@1", "dry_run": False}
    gone = labeler("models", "remove", "mine@1")
    assert (gone.code, "was removed" in gone.err) == (4, True)
    assert labeler("models", "remove", "arxiv").code == 6
    assert "mine@1" not in labeler("models", "list").out


@pytest.mark.parametrize("share", ["0", "1", "0.05", "20", "some", "nan", "-0.2", ""])
def test_a_share_to_hold_out_is_one(labeler: Labeler, judged: Path, share: str) -> None:
    outcome = labeler("train", "--hold-out", share)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "0.2" in outcome.err
    assert f"--hold-out is {share!r}" in outcome.err


@pytest.mark.parametrize("share", ["20%", "0.20", ".2", "audits"])
def test_few_judged_papers_are_too_few_to_hold_out(labeler: Labeler, judged: Path, share: str) -> None:
    outcome = labeler("train", "--hold-out", share)
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert "too few to keep some apart" in outcome.err


@pytest.mark.slow
def test_a_worse_version_ends_with_6_and_accept_puts_it_to_use(labeler: Labeler, workspace: Path) -> None:
    (workspace / "annotations" / "topics.toml").write_text(SINGLE)
    texts, topics = single_papers(each=20)
    for name, step in (("right.jsonl", 0), ("wrong.jsonl", 20)):
        records = [
            {"title": text.split("\n")[0], "abstract": text.split("\n")[1], "topics": topics[(row + step) % 60]}
            for row, text in enumerate(texts)
        ]
        if step:
            records[30:] = [{**record, "topics": topics[row]} for row, record in enumerate(records[30:], 30)]
        (workspace / name).write_text("".join(json.dumps(record) + "\n" for record in records))
        assert labeler("import", name, "--topics-column", "topics").code == 0
        outcome = labeler("train")
    assert outcome.code == 6
    assert "mine@2 is worse than mine@1" in outcome.err.splitlines()[-1]
    assert "labeler train --accept" in outcome.err.splitlines()[-1]
    assert "Commands still use" not in outcome.err
    assert labeler("models", "list", "--json").out.count('"current": true') == 1
    again = labeler("train", "--json")
    assert (again.code, json.loads(again.out)["fresh"]) == (6, False)
    assert json.loads(again.out)["refusal"].startswith("mine@2 is worse than mine@1")
    accepted = labeler("train", "--accept")
    assert accepted.code == 0
    assert "Commands use mine@2." in accepted.err
    assert (workspace / "models" / "CURRENT").read_text() == "mine@2\n"
    assert labeler("models", "use", "mine@1").code == 0
    back = labeler("train")  # what was in use by choice is not refused
    assert back.code == 0, back.err
    assert "Commands still use mine@1" in back.err


def test_an_export_replaces_the_file_whole_or_leaves_it(labeler: Labeler, trained: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "model.joblib"
    assert labeler("models", "export", file).code == 3
    file.parent.mkdir()
    file.write_text("old")
    assert labeler("models", "export", file).code == 0
    assert hasattr(joblib.load(file), "predict_proba")
    assert list(file.parent.iterdir()) == [file]
