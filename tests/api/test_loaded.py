"""The model in use is followed as it changes; what cannot be loaded changes nothing."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from labeler.api.loaded import LoadedModels
from labeler.errors import NotFoundError, RefusedError
from labeler.files import write_text
from labeler.modelstore import ModelStore
from labeler.papers import Paper
from tests.api.serving import loaded
from tests.conftest import Labeler, renew_model

TEXT = "Robots learn to walk\nWe train legged robots."


def test_a_new_version_is_taken_up_and_told_once(trained: Path, trained_twice: Path) -> None:
    said: list[str] = []
    models = loaded(trained, said)
    before = models.of(None)
    models.refresh()
    assert models.of(None) is before
    renew_model(trained, trained_twice)
    assert models.of(None).version.label == "mine@1", "until the next look"
    models.refresh()
    models.refresh()
    assert models.of(None).version.label == "mine@2"
    assert said == ["Papers are labelled by mine@2 now."]
    write_text(trained / "models/CURRENT", "mine@1\n")
    models.refresh()
    assert (models.of(None).version.label, models.problem) == ("mine@1", None)


def test_it_is_followed_by_a_thread_until_the_end(trained: Path, trained_twice: Path) -> None:
    models = loaded(trained)
    models.follow()
    renew_model(trained, trained_twice)
    end = time.monotonic() + 60
    while models.of(None).version.label != "mine@2" and time.monotonic() < end:
        time.sleep(0.01)
    models.end()
    assert models.of(None).version.label == "mine@2"


@pytest.mark.parametrize("harm", ["removed", "weights", "manifest", "cut", "current"])
def test_what_happens_to_the_files_of_the_model_does_not_end_it(trained: Path, harm: str) -> None:
    said: list[str] = []
    models = loaded(trained, said)
    before = models.of(None).model.predict_proba([TEXT]).tolist()
    folder = trained / "models/mine/1"
    if harm == "removed":
        shutil.rmtree(folder)
    elif harm == "weights":
        (folder / "weights.safetensors").write_bytes(b"x" * 1000)
    elif harm == "cut":
        with (folder / "weights.safetensors").open("r+b") as stream:
            stream.truncate(100)
    elif harm == "manifest":
        (folder / "manifest.json").write_text("{")
    else:
        write_text(trained / "models/CURRENT", "other@7\n")
    models.refresh()
    models.refresh()
    assert models.of(None).model.predict_proba([TEXT]).tolist() == before
    assert models.problem is not None
    assert len(said) == 1
    assert said[0] == f"The model stays mine@1: {models.problem}"


def test_what_is_mended_is_taken_up_again(trained: Path) -> None:
    models = loaded(trained)
    path = trained / "annotations/topics.toml"
    scheme = path.read_text()
    path.write_text("[[topic")
    models.refresh()
    assert "topics.toml" in (models.problem or "")
    path.write_text(scheme.replace('name = "Robotics', 'name = "Machines, robotics'))
    models.refresh()
    assert models.problem is None
    assert models.of(None).names["robotics"].startswith("Machines, robotics")


def test_new_judgements_are_taken_up(trained: Path, labeler: Labeler, tmp_path: Path) -> None:
    models = loaded(trained)
    (tmp_path / "judged.csv").write_text("title,topics\nAn invented paper on trees,vision\n")
    assert labeler("import", tmp_path / "judged.csv", "--topics-column", "topics").code == 0
    models.refresh()
    verdicts = models.of(None).verdicts
    assert verdicts is not None
    (verdict,) = verdicts.of([Paper.make("An invented paper on trees")])
    assert verdict is not None
    assert set(verdict.yes) == {"vision"}


def test_models_are_found_by_their_names(trained: Path, trained_twice: Path) -> None:
    renew_model(trained, trained_twice)
    models = loaded(trained)
    assert [models.of(label).version.label for label in ("mine", "mine@1", "arxiv", None)] == [
        "mine@2", "mine@1", "arxiv@1", "mine@2",
    ]  # fmt: skip
    assert models.of("mine@1") is models.of("mine@1")
    with pytest.raises(NotFoundError, match="there is no model mine@9"):
        models.of("mine@9")


def test_a_named_model_that_was_removed_or_damaged_is_told(
    trained: Path, trained_twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.api.loaded._PAUSE", 0.0)
    renew_model(trained, trained_twice)
    models = loaded(trained)
    assert models.of("mine@1") is models.of("mine@1")
    (trained / "models/mine/1/weights.safetensors").write_bytes(b"x" * 1000)
    with pytest.raises(RefusedError):
        models.of("mine@1")
    shutil.rmtree(trained / "models/mine/1")
    with pytest.raises(NotFoundError):
        models.of("mine@1")


def test_few_named_models_are_kept(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.api.loaded._MOST_NAMED", 1)
    models = loaded(trained)
    first = models.of("mine@1")
    models.of("arxiv")
    assert models.of("mine@1") is not first


def test_a_fault_while_looking_does_not_end_it(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = loaded(trained)
    monkeypatch.setattr("labeler.api.loaded._PAUSE", 0.001)
    monkeypatch.setattr(models, "refresh", lambda: 1 / 0)
    models.follow()
    end = time.monotonic() + 60
    while models.problem is None and time.monotonic() < end:
        time.sleep(0.01)
    models.end()
    assert models.problem == "ZeroDivisionError: division by zero"


def test_without_a_model_of_ones_own_the_shipped_one_answers_until_there_is_one(
    workspace: Path, trained_once: Path
) -> None:
    models = loaded(workspace)
    assert models.of(None).version.label == "arxiv@1"
    shutil.copytree(trained_once / "models", workspace / "models", dirs_exist_ok=True)
    models.refresh()
    assert models.of(None).version.label == "mine@1"


def test_outside_of_any_workspace_the_shipped_one_answers() -> None:
    models = LoadedModels(ModelStore(None), None)
    models.refresh()
    assert (models.of(None).version.label, models.of("arxiv").version.label) == ("arxiv@1", "arxiv@1")
    assert models.problem is None
