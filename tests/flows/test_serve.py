"""The model behind the backend: right by topic, swapped whole, trained without stopping to answer."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.files import write_text
from labeler.flows.serve import CurrentModel, Trainer
from labeler.modelstore import ModelStore
from labeler.score.model import TopicModel
from labeler.score.persistence import load_model
from labeler.studio.interface import interface
from labeler.studio.predictions import ORDER_ALONE
from labeler.topics import load_scheme
from tests.conftest import Labeler, run_labeler
from tests.paths import SAMPLES


def tasks(digest: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run_labeler("export", digest, "--again").out)
    return [{**task, "id": number} for number, task in enumerate(found)]


def chosen(prediction: dict[str, Any]) -> list[str]:
    return [label for row in prediction["result"] for label in row["value"]["choices"]]


def test_predictions_are_those_of_the_model(trained: Path, digest: Path) -> None:
    listed = tasks(digest)
    predictions = CurrentModel(find_workspace()).predict(
        listed, interface(load_scheme(trained / "annotations/topics.toml"))
    )
    model = load_model(trained / "models/mine/1")
    texts = [f"{task['data']['title']}\n{task['data']['abstract']}" for task in listed]
    decided = model.decide(texts, ModelStore(trained / "models").find("mine@1").precision)
    wanted = [one.topics or ["None of these"] * (one.decision == "none") for one in decided]
    assert any(one.topics for one in decided)
    assert any(not one.topics and one.decision == "review" for one in decided)
    assert [sorted(chosen(one)) for one in predictions] == [sorted(topics) for topics in wanted]
    assert {one["model_version"] for one in predictions} == {"mine@1"}
    assert all(0 <= one["score"] <= 1 for one in predictions)


def test_a_topic_nobody_has_judged_yet_shifts_nothing(trained: Path, digest: Path) -> None:
    before = CurrentModel(find_workspace()).predict(tasks(digest), "")
    path = trained / "annotations/topics.toml"
    new = '\n[[topic]]\nid = "birds"\nname = "Birds"\n'
    path.write_text(path.read_text().replace("[[topic]]", new + "\n[[topic]]", 1))
    after = CurrentModel(find_workspace()).predict(tasks(digest), "")
    for now, then in zip(after, before, strict=True):
        if chosen(then) == ["None of these"]:  # the new topic may apply
            then = then | {"result": []}
        assert now == then


def test_only_what_the_interface_offers_is_suggested(trained: Path, digest: Path) -> None:
    few = interface(load_scheme(trained / "annotations/topics.toml"))
    few = "\n".join(line for line in few.splitlines() if 'alias="llm"' not in line)
    assert "llm" not in {
        label for one in CurrentModel(find_workspace()).predict(tasks(digest), few) for label in chosen(one)
    }


def test_audits_and_what_is_no_paper_get_an_empty_suggestion(trained: Path, digest: Path) -> None:
    paper, audit, *_ = tasks(digest)
    audit["meta"] = {"asked": {"audit": True}}
    predictions = CurrentModel(find_workspace()).predict(
        [paper, audit, {"data": {}}, 7, {"data": {"image": "x.png"}}], ""
    )
    assert [bool(one["result"]) for one in predictions] == [True, False, False, False, False]


@pytest.mark.slow
def test_without_a_model_suggestions_are_empty_and_the_first_model_is_taken_up(
    workspace: Path, digest: Path, labeler: Labeler
) -> None:
    current = CurrentModel(find_workspace())
    listed = tasks(digest)
    assert (current.version(), current.versions()) == (ORDER_ALONE, [ORDER_ALONE])
    assert not any(one["result"] for one in current.predict(listed, ""))
    assert labeler("import", SAMPLES / "export.json").code == 0
    assert labeler("train").code == 0
    predictions = current.predict(listed, "")
    assert {one["model_version"] for one in predictions} == {"mine@1"}
    assert any(one["result"] for one in predictions)
    assert (current.version(), current.versions()) == ("mine@1", ["mine@1"])


@pytest.mark.slow
def test_a_model_is_swapped_whole_under_load(trained: Path, digest: Path, labeler: Labeler) -> None:
    assert labeler("train", "--precision", "0.8").code == 0
    said: list[str] = []
    current, listed = CurrentModel(find_workspace(), said.append), tasks(digest)[:6]
    seen: list[set[str]] = []
    stop = threading.Event()

    def predict() -> None:
        while not stop.is_set():
            seen.append({one["model_version"] for one in current.predict(listed, "")})

    threads = [threading.Thread(target=predict) for _ in range(6)]
    for thread in threads:
        thread.start()
    for turn in range(8):
        write_text(trained / "models/CURRENT", f"mine@{turn % 2 + 1}\n")
        time.sleep(0.15)
    stop.set()
    for thread in threads:
        thread.join()
    assert all(len(versions) == 1 for versions in seen)
    assert set.union(*seen) == {"mine@1", "mine@2"}
    assert "Suggestions are by mine@1 now." in said


def test_a_model_that_is_harmed_leaves_the_old_one_in_place(
    trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    current, listed = CurrentModel(find_workspace(), said.append), tasks(digest)[:3]
    before = current.predict(listed, "")
    tries: list[Path] = []

    def counted(folder: Path) -> TopicModel:
        tries.append(folder)
        return load_model(folder)

    monkeypatch.setattr("labeler.suggest.advice.load_model", counted)
    shutil.copytree(trained / "models/mine/1", trained / "models/mine/2")
    manifest = trained / "models/mine/2/manifest.json"
    manifest.write_text(manifest.read_text().replace('"version": 1', '"version": 2'))
    (trained / "models/mine/2/weights.safetensors").write_bytes(b"no weights")
    (trained / "models/CURRENT").write_text("mine@2\n")
    for _ in range(5):
        assert current.predict(listed, "") == before
    assert len([line for line in said if "The model stays as it is" in line]) == 1
    assert tries == [trained / "models/mine/2"], "it is tried once, not at every request"
    (trained / "models/CURRENT").write_text("mine@1\n")
    assert current.predict(listed, "") == before


def test_a_model_that_was_moved_away_and_put_back_is_served_again(trained: Path, digest: Path) -> None:
    said: list[str] = []
    current, listed = CurrentModel(find_workspace(), said.append), tasks(digest)[:6]
    before = current.predict(listed, "")
    assert any(one["result"] for one in before)
    home, away = trained / "models/mine", trained / "away"
    for _ in range(2):
        home.rename(away)
        gone = current.predict(listed, "")
        assert ({one["model_version"] for one in gone}, [one["result"] for one in gone]) == ({ORDER_ALONE}, [[]] * 6)
        away.rename(home)
        assert current.predict(listed, "") == before
    assert said == ["Suggestions are by no model now.", "Suggestions are by mine@1 now."] * 2


def test_asked_again_while_it_trains_it_trains_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes stand in for pull and train: what is looked at is when they run."""
    running, most, ran = 0, 0, []
    going = threading.Event()

    class Done:
        returncode, stderr = 0, "done"

    def run(command: list[str], **_: Any) -> Done:
        nonlocal running, most
        running += 1
        most = max(most, running)
        ran.append(command[3])
        going.wait(5)
        running -= 1
        return Done()

    monkeypatch.setattr("labeler.flows.serve.subprocess.run", run)
    trainer = Trainer(tmp_path, lambda _: None)
    for _ in range(5):
        trainer.request()
    while not ran:
        time.sleep(0.01)
    trainer.request()
    going.set()
    end = time.monotonic() + 5
    while trainer._running and time.monotonic() < end:
        time.sleep(0.01)
    assert (most, ran) == (1, ["pull", "train"] * 2)
