"""Versions are found by their names, and appear whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from labeler import load_model
from labeler.errors import InputError, NotFoundError, RefusedError, UsageError
from labeler.modelstore import SHIPPED, ModelStore, shipped_versions
from labeler.score.manifest import TrainingRecord
from labeler.score.persistence import save_model
from tests.learn.factories import sample
from tests.paths import ROOT


def test_versions_are_numbered_and_the_last_added_is_current(store: ModelStore) -> None:
    assert [version.label for version in store.versions()] == ["mine@1", "mine@2", "other@1"]
    assert store.current() == "other@1"
    assert store.find().label == "other@1"


@pytest.mark.parametrize(("label", "found"), [("mine", "mine@2"), ("mine@1", "mine@1"), ("other", "other@1")])
def test_a_name_means_its_newest_version(store: ModelStore, label: str, found: str) -> None:
    assert store.find(label).label == found


@pytest.mark.parametrize("label", ["mine@3", "mine@x", "min", "@1", "mine@1@1"])
def test_what_is_not_there_is_told_with_what_there_is(store: ModelStore, label: str) -> None:
    with pytest.raises(NotFoundError, match="there are: mine@1, mine@2, other@1"):
        store.find(label)


def test_an_empty_store_says_to_train(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="labeler train"):
        ModelStore(tmp_path).find()
    assert ModelStore(tmp_path / "nowhere").versions() == []


def test_numbers_of_versions_go_on_past_nine_and_order_by_number(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    save_model(sample(), tmp_path / "mine" / "9", name="mine", version=9)
    assert store.add("mine", sample(), TrainingRecord(), "").label == "mine@10"
    assert store.find("mine").number == 10


def test_another_version_can_be_made_current(store: ModelStore) -> None:
    store.use(store.find("mine@1"))
    assert store.current() == "mine@1"
    assert (store.root / "CURRENT").read_text() == "mine@1\n"


def test_a_current_version_that_is_gone_is_told(store: ModelStore) -> None:
    (store.root / "CURRENT").write_text("mine@7\n")
    with pytest.raises(NotFoundError, match="no model mine@7"):
        store.find()


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_current_is_none(store: ModelStore, content: bytes) -> None:
    (store.root / "CURRENT").write_bytes(content)
    assert store.current() is None


@pytest.mark.parametrize("name", ["draft", ".new-abc", "²", "-1"])
def test_folders_that_are_no_versions_are_passed_over(store: ModelStore, name: str) -> None:
    folder = store.root / "mine" / name
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    assert [version.label for version in store.versions()] == ["mine@1", "mine@2", "other@1"]
    assert store.add("mine", sample(), TrainingRecord(), "").label == "mine@3"


@pytest.mark.parametrize("content", [b"{", b"[]", b"3", b"\xff", b"{}"])
def test_one_damaged_manifest_does_not_hide_other_models(store: ModelStore, content: bytes) -> None:
    (store.root / "mine" / "1" / "manifest.json").write_bytes(content)
    assert load_model(store.find("mine@2").folder).name == "mine@2"
    assert store.add("mine", sample(), TrainingRecord(), "").label == "mine@3"


def test_a_store_that_cannot_be_written_to_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(InputError, match="cannot write"):
        ModelStore(tmp_path / "models").add("mine", sample(), TrainingRecord(), "")


def test_two_trainings_at_once_make_two_versions(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    threads = [threading.Thread(target=store.add, args=("mine", sample(), TrainingRecord(), "")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version.label for version in store.versions()] == ["mine@1", "mine@2", "mine@3", "mine@4"]
    assert all(load_model(version.folder).name == version.label for version in store.versions())
    assert [path for path in tmp_path.rglob(".*") if path.name != ".lock"] == []


KILLED = """
import os, signal, sys
from pathlib import Path
from labeler.modelstore import ModelStore
from labeler.score.manifest import TrainingRecord
from labeler.score.persistence import load_model
root, function, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
model, calls = load_model(root / "mine" / "1"), 0
home = Path if function == "rename" else os
kept = getattr(home, function)
def killing(*arguments, **named):
    global calls
    calls += 1
    if calls == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*arguments, **named)
setattr(home, function, killing)
ModelStore(root).add("mine", model, TrainingRecord(), "report")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("function", "call"), [("fsync", 2), ("rename", 1), ("fsync", 4)])
def test_a_training_killed_while_it_saves_leaves_no_half_version(tmp_path: Path, function: str, call: int) -> None:
    store = ModelStore(tmp_path)
    store.add("mine", sample(), TrainingRecord(), "")
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path, function, str(call)], check=False)
    assert done.returncode == -signal.SIGKILL
    whole = ["mine@1", "mine@2"] if (function, call) == ("fsync", 4) else ["mine@1"]
    assert [version.label for version in store.versions()] == whole
    assert all(load_model(version.folder).name == version.label for version in store.versions())
    assert store.find().label == "mine@1"
    assert store.add("mine", sample(), TrainingRecord(), "").number == len(whole) + 1


def test_the_model_that_comes_with_labeler_is_whole_and_small() -> None:
    (version,) = shipped_versions()
    assert (version.name, version.shipped) == (SHIPPED, True)
    model = load_model(version.folder)
    assert model.name == version.label
    assert len(model.classes_) > 50
    assert version.names["cs.CV"] == "Computer Vision and Pattern Recognition"
    assert sum(path.stat().st_size for path in version.folder.iterdir()) < 15e6
    assert (version.folder / "report.md").read_text().startswith("# The model that comes with labeler")


def test_the_model_that_comes_with_labeler_is_known_beside_ones_own(store: ModelStore) -> None:
    shipped = shipped_versions()[-1]
    assert [version.label for version in store.known()] == ["mine@1", "mine@2", "other@1", shipped.label]
    assert store.find(SHIPPED) == store.find(shipped.label) == shipped
    assert store.find_or_shipped().label == "other@1"
    (store.root / "CURRENT").unlink()
    assert store.find_or_shipped() == shipped
    assert store.find_or_shipped("mine").label == "mine@2"
    assert not store.has_current()
    store.use(shipped)
    assert (store.current(), store.has_current()) == (SHIPPED, True)


def test_without_a_workspace_there_is_what_comes_with_labeler() -> None:
    store = ModelStore(None)
    assert (store.versions(), store.current(), store.has_current()) == ([], None, False)
    assert store.find_or_shipped() == store.known()[-1] == shipped_versions()[-1]
    with pytest.raises(NotFoundError, match="labeler init"):
        store.use(store.find_or_shipped())


def test_a_checkout_does_not_take_what_comes_with_labeler_for_ones_own() -> None:
    store = ModelStore(ROOT / "models")
    assert SHIPPED not in {version.name for version in store.versions()}
    assert [version.shipped for version in store.known() if version.name == SHIPPED] == [True]


def test_ones_own_model_of_its_name_hides_what_comes_with_labeler(store: ModelStore) -> None:
    own = store.add(SHIPPED, sample(), TrainingRecord(), "")
    assert own in store.known()
    assert [version.shipped for version in store.known() if version.name == SHIPPED] == [False]
    assert store.find(SHIPPED) == own


def test_a_removed_version_is_gone_whole_and_its_number_is_not_given_again(store: ModelStore) -> None:
    assert store.remove("mine@2") == "mine@2"
    assert [version.label for version in store.versions()] == ["mine@1", "other@1"]
    assert sorted(path.name for path in (store.root / "mine").iterdir()) == ["1", "2.removed"]
    with pytest.raises(NotFoundError, match="mine@2 was removed"):
        store.remove("mine@2")
    assert store.add("mine", sample(), TrainingRecord(), "").label == "mine@3"
    assert store.find("mine").label == "mine@3"


@pytest.mark.parametrize("current", ["mine@2", "mine"])
def test_the_version_in_use_is_not_removed(store: ModelStore, current: str) -> None:
    (store.root / "CURRENT").write_text(f"{current}\n")
    for label in ("mine@2", "mine"):
        with pytest.raises(RefusedError, match="mine@2 is the version that commands use"):
            store.remove(label)
    assert len(store.versions()) == 3


def test_a_name_alone_is_enough_for_its_only_version(store: ModelStore) -> None:
    with pytest.raises(UsageError, match="mine has 2 versions"):
        store.remove("mine")
    store.use(store.find("mine"))
    assert store.remove("other") == "other@1"
    with pytest.raises(NotFoundError):
        store.remove("other")


@pytest.mark.parametrize("content", [None, b"{", b'{"protocol": 99}'])
def test_a_damaged_version_is_removed_like_others(store: ModelStore, content: bytes | None) -> None:
    manifest = store.root / "mine" / "1" / "manifest.json"
    manifest.unlink() if content is None else manifest.write_bytes(content)
    assert store.remove("mine@1") == "mine@1"
    assert not manifest.parent.exists()


@pytest.mark.parametrize("label", [SHIPPED, f"{SHIPPED}@1"])
def test_what_comes_with_labeler_is_not_removed(store: ModelStore, label: str) -> None:
    for where in (store, ModelStore(ROOT / "models")):
        with pytest.raises(RefusedError, match="comes with labeler"):
            where.remove(label)
    assert shipped_versions()


@pytest.mark.parametrize(
    "label", ["", "@1", "../models/mine@1", "mine/@1", ".@1", "mine@", "mine@1/", "x" * 5000 + "@1"]
)
def test_what_is_no_version_is_not_removed(store: ModelStore, label: str) -> None:
    store.use(store.find("mine@2"))
    with pytest.raises((NotFoundError, RefusedError)):
        store.remove(label)
    assert [version.label for version in store.versions()] == ["mine@1", "mine@2", "other@1"]


def test_of_two_removals_at_once_one_finds_nothing(store: ModelStore) -> None:
    outcomes: list[object] = []

    def removed() -> None:
        try:
            outcomes.append(store.remove("mine@1"))
        except NotFoundError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=removed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == [*[str(NotFoundError)] * 3, "mine@1"]
    assert sorted(path.name for path in (store.root / "mine").iterdir()) == ["1.removed", "2"]


@pytest.mark.slow
def test_a_removal_that_is_killed_leaves_no_half_version(store: ModelStore) -> None:
    program = """
import os, shutil, signal, sys
from pathlib import Path
from labeler.modelstore import ModelStore
shutil.rmtree = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
ModelStore(Path(sys.argv[1])).remove("mine@1")
"""
    done = subprocess.run([sys.executable, "-c", program, store.root], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [version.label for version in store.versions()] == ["mine@2", "other@1"]
    store.add("mine", sample(), TrainingRecord(), "")
    assert sorted(path.name for path in (store.root / "mine").iterdir()) == ["1.removed", "2", "3"]


def test_a_dry_run_of_a_removal_looks_and_removes_nothing(store: ModelStore) -> None:
    store.use(store.find("mine@2"))
    assert store.remove("mine@1", dry_run=True) == "mine@1"
    assert [version.label for version in store.versions()] == ["mine@1", "mine@2", "other@1"]
    with pytest.raises(RefusedError):
        store.remove("mine@2", dry_run=True)
    assert (store.next_number("mine"), store.next_number("new")) == (3, 1)
    store.remove("other")
    assert store.next_number("other") == 2


def test_no_version_may_be_the_current_one(store: ModelStore) -> None:
    store.use_none()
    assert (store.current(), store.current_own(), len(store.versions())) == (None, None, 3)
    store.use_none()
    assert store.remove("other@1") == "other@1"
