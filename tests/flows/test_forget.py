"""A person or a paper is forgotten: the workspace is then as one that never had it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.flows.forget import Forgetting, annotator_meant, forget, paper_meant
from labeler.flows.import_ import import_exports
from labeler.flows.label_history import RunHistory
from labeler.flows.soft_labels import soft_texts
from labeler.flows.train import fitted_classifier, train
from labeler.history import FILE, History
from labeler.judgements import read_log
from labeler.judgements.forgotten import Tombstone, note_forgotten
from labeler.modelstore import ModelStore
from labeler.publish.labelled import LabelledPaper
from labeler.score.manifest import read_manifest
from labeler.studio.connection import push_lock
from labeler.topics import Mode, load_checked_scheme
from labeler.watching.schedule import at_work
from tests.conftest import run_labeler
from tests.paths import ROOT, SAMPLES

BEN = "ben@example.org"
KILLS = 4
ENTRY = f'"{BEN}" = ["ben", "7"]\n'
Row = Mapping[str, Any]


def log(folder: Path) -> list[bytes]:
    return (folder / "annotations/judgements.jsonl").read_bytes().splitlines(keepends=True)


@pytest.fixture
def both(trained_twice: Path, tmp_path: Path) -> Path:
    """A copy of the workspace with two models, with a history of labelling and people under other names."""
    folder = tmp_path / "both"
    shutil.copytree(trained_twice, folder)
    with (folder / "labeler.toml").open("a") as stream:
        stream.write(f"\n[annotators]\n{ENTRY}")
    assert run_labeler("--workspace", folder, "label", folder / "annotations/judgements.jsonl", "-o", "-").code == 0
    return folder


def never_had(before: Path, folder: Path, keeps: Callable[[Row], bool]) -> Path:
    """A workspace like another one, but which never had some of the judgements."""
    run_labeler("--quiet", "init", folder)
    shutil.copy(SAMPLES / "topics.toml", folder / "annotations")
    shutil.copy(before / "labeler.toml", folder)
    kept = [line for line in log(before) if keeps(json.loads(line))]
    (folder / "annotations/judgements.jsonl").write_bytes(b"".join(kept))
    assert run_labeler("--workspace", folder, "train", "--precision", "0.8").code == 0
    return folder


def figures(folder: Path) -> dict[str, Any]:
    """What a manifest says but for when, and after what, it was made, its name, and what it was compared with."""
    [path] = folder.glob("models/mine/*/manifest.json")
    record = json.loads(path.read_text())
    named = ("created", "name", "version", "lineage", "parent", "parent_fingerprint", "seed", "commit", "uncommitted")
    others = (*named, "beside", "passage", "tables", "forgotten")
    rest = {key: value for key, value in record.items() if key not in others}
    del rest["files"]["report.md"]  # which says what it was compared with
    return rest


def weights(folder: Path) -> bytes:
    [path] = folder.glob("models/mine/*/weights.safetensors")
    return path.read_bytes()


def holds(folder: Path, *signs: str) -> list[str]:
    """The files that hold one of the signs, whatever they are."""
    forms = {form.encode() for sign in signs for form in (sign, json.dumps(sign)[1:-1])}
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in files if any(form in path.read_bytes() for form in forms)]


@pytest.mark.slow
def test_a_person_is_gone_from_log_models_and_settings(both: Path, tmp_path: Path) -> None:
    never = never_had(both, tmp_path / "never", lambda row: row["annotator"] != BEN)
    (never / "labeler.toml").write_text((both / "labeler.toml").read_text().replace(ENTRY, ""))
    assert run_labeler("--workspace", never, "train", "--precision", "0.8").code == 0
    shutil.rmtree(never / "models/mine/1")
    workspace, said = find_workspace(str(both)), list[str]()
    meant = annotator_meant(workspace, "7")
    assert (meant.called, meant.names, meant.judgements, meant.models) == (
        BEN,
        (BEN, "ben", "7"),
        104,
        ("mine@1", "mine@2"),
    )
    planned = forget(workspace, meant, said.append, dry_run=True)
    assert (planned.models[0].sentence(dry_run=True), said) == (
        "Would train mine@3 from what is left, and remove mine@1, mine@2.",
        [],
    )
    done = forget(workspace, meant, said.append)
    assert planned.to_dict() == done.to_dict()
    assert done.files == {"annotations/judgements.jsonl": 104}
    assert [one.sentence() for one in done.models] == ["Trained mine@3 from what is left, and removed mine@1, mine@2."]
    assert (said, done.remains, done.in_settings) == (["Training mine again from what is left …"], [], [])
    assert log(both) == log(never)
    assert weights(both) == weights(never)
    assert figures(both) == figures(never)
    assert ModelStore(both / "models").current() == "mine@3"
    assert holds(both, BEN, "ben@") == []
    assert (both / "labeler.toml").read_bytes() == (never / "labeler.toml").read_bytes()
    before = {path: path.read_bytes() for path in both.rglob("*") if path.is_file()}
    again = annotator_meant(find_workspace(str(both)), BEN.upper())
    assert (again.stones, again.names) == ((), (BEN.upper(),))
    assert not forget(find_workspace(str(both)), again).files
    assert {path: path.read_bytes() for path in both.rglob("*") if path.is_file()} == before
    (both / "notes.md").write_text(f"Thanks to {BEN}.")
    assert forget(find_workspace(str(both)), again).remains == ["notes.md"]


@pytest.mark.slow
def test_a_paper_is_gone_from_log_models_and_history(both: Path, tmp_path: Path) -> None:
    title = json.loads(log(both)[0])["title"]
    row = json.loads(log(both)[0])
    never = never_had(both, tmp_path / "never", lambda other: other["paper"] != row["paper"])
    mine = both / "notes.md"
    mine.write_text(f"I liked {title}!")
    workspace = find_workspace(str(both))
    known = History(both / ".labeler" / FILE).known()
    meant = paper_meant(workspace, title[:20].upper())
    assert (meant.called, meant.names, len(meant.models)) == (title, (), 2)
    done = forget(workspace, meant)
    assert done.remains == ["notes.md"]
    mine.unlink()
    assert log(both) == log(never)
    assert weights(both) == weights(never)
    assert figures(both) == figures(never)
    assert holds(both, title, row["paper"], row["abstract"][:40]) == []
    assert len(History(both / ".labeler" / FILE).known()) == len(known) - 1
    with pytest.raises(NotFoundError, match="no paper has"):
        paper_meant(workspace, title)
    again = paper_meant(workspace, row["paper"])
    mine.write_text(f"Read {row['paper'].partition(':')[2]}.")
    assert (again.stones, forget(workspace, again).remains) == ((), ["notes.md"])


@pytest.mark.slow
def test_nothing_of_it_comes_back(both: Path) -> None:
    workspace = find_workspace(str(both))
    lines, soft = log(both), both / "annotations/soft_labels.jsonl"
    gone, there = json.loads(lines[0]), json.loads(lines[5])
    rows = [{"title": row["title"], "abstract": row["abstract"], "llm": 0.9} for row in (gone, there)]
    (both / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    soft_import = ("--workspace", both, "import", "--soft", both / "rows.jsonl", "--from", "tagger")
    assert run_labeler(*soft_import).code == 0
    forget(workspace, annotator_meant(workspace, BEN))
    forget(workspace, paper_meant(workspace, gone["paper"]))
    after = log(both)
    assert soft.read_text().count("\n") == 1
    assert not import_exports(workspace, [str(SAMPLES / "export.json")], "topics", "abstract").added
    assert run_labeler(*soft_import).code == 0
    assert log(both) == after
    (both / "annotations/judgements.jsonl").write_bytes(b"".join([*lines, *after]))  # as a merge of two branches has it
    said = {"model": "tagger", "probabilities": {"llm": 0.9}, "at": "2026-03-01T10:00:00Z"}
    again = {key: gone[key] for key in ("paper", "ids", "title", "abstract")} | said
    soft.write_text(soft.read_text() + json.dumps(again) + "\n")
    reading = read_log(workspace)
    assert {one.annotator for one in reading.judgements} == {"ada@example.org"}
    assert gone["paper"] not in {one.paper for one in reading.judgements}
    assert "came back" in reading.faults[0]
    scheme = load_checked_scheme(workspace.topics)
    assert len(soft_texts(soft.parent, scheme, [], ()).models["tagger"][0]) == 1
    done = forget(workspace)
    assert set(done.files) == {"annotations/judgements.jsonl", "annotations/soft_labels.jsonl"}
    assert sorted(set(log(both))) == sorted(after)
    assert not done.models
    exported = run_labeler("--workspace", both, "export", both / "rows.jsonl", "--again")
    assert [task["data"]["title"] for task in json.loads(exported.out)] == [there["title"]]
    assert run_labeler("--workspace", both, "label", both / "rows.jsonl").code == 0
    assert holds(both / ".labeler", gone["paper"]) == []


@pytest.mark.slow
def test_another_clone_forgets_in_the_same_way_once_it_has_the_hash(both: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(both, clone)
    workspace = find_workspace(str(both))
    forget(workspace, annotator_meant(workspace, BEN))
    for name in ("forgotten.jsonl", "judgements.jsonl"):
        shutil.copy(both / "annotations" / name, clone / "annotations" / name)
    done = forget(find_workspace(str(clone)))
    assert [one.removed for one in done.models] == [("mine@1", "mine@2")]
    assert weights(clone) == weights(both)
    assert holds(clone, BEN) == []
    assert not forget(find_workspace(str(clone))).models


@pytest.mark.slow
def test_two_models_are_both_trained_again_and_the_one_in_use_stays_in_use(both: Path) -> None:
    assert run_labeler("--workspace", both, "train", "--name", "strict", "--precision", "0.95").code == 0
    assert run_labeler("--workspace", both, "models", "use", "mine@1").code == 0
    workspace = find_workspace(str(both))
    done = forget(workspace, annotator_meant(workspace, BEN))
    assert [(one.trained, one.removed) for one in done.models] == [
        ("strict@2", ("strict@1",)), ("mine@3", ("mine@1", "mine@2")),
    ]  # fmt: skip
    store = ModelStore(both / "models")
    assert (store.current(), [one.label for one in store.versions()]) == ("mine@3", ["mine@3", "strict@2"])
    assert store.find("strict").precision == 0.95


@pytest.mark.slow
def test_where_too_little_is_left_the_model_goes_and_none_takes_its_place(both: Path) -> None:
    ben = [line for line in log(both) if b'"annotator": "ben@' in line]
    (both / "annotations/judgements.jsonl").write_bytes(b"".join(ben))
    assert run_labeler("--workspace", both, "train").code == 0
    workspace = find_workspace(str(both))
    done = forget(workspace, annotator_meant(workspace, BEN))
    assert "No model takes their place" in done.models[-1].sentence()
    assert (ModelStore(both / "models").current(), ModelStore(both / "models").versions()) == (None, [])
    assert run_labeler("--workspace", both, "label", SAMPLES / "digest.txt").code == 0  # by the shipped model


@pytest.mark.slow
def test_a_training_that_goes_on_meanwhile_saves_nothing(both: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, meanwhile = find_workspace(str(both)), list[Forgetting]()

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr("labeler.flows.train.fitted_classifier", fitted_classifier)
        fitted = fitted_classifier(*arguments)
        meanwhile.append(forget(workspace, annotator_meant(workspace, BEN)))
        return fitted

    monkeypatch.setattr("labeler.flows.train.fitted_classifier", slow)
    with pytest.raises(RefusedError, match="forgotten meanwhile, so that nothing was saved; try again"):
        train(workspace, "mine", 0.7, hold_out="0.2")
    assert [one.trained for one in meanwhile[0].models] == ["mine@3"]
    assert [version.label for version in ModelStore(both / "models").versions()] == ["mine@3"]
    assert not (both / "annotations/evaluation.jsonl").exists()
    assert train(workspace, "mine", 0.7).version.label == "mine@4"
    assert not forget(workspace).models  # mine@4 was trained when Ben was forgotten already


@pytest.mark.slow
def test_a_version_that_was_trained_before_the_hash_came_is_trained_again(both: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(both, clone)
    workspace, other = find_workspace(str(both)), find_workspace(str(clone))
    forget(workspace, annotator_meant(workspace, BEN))
    later = train(other, "mine", 0.7).version  # after the tombstone was made, without knowing of it
    manifest = later.folder / "manifest.json"
    created = f'"created": "{later.manifest.created}"'
    manifest.write_text(manifest.read_text().replace(created, '"created": "2999-01-01T00:00:00Z"'))
    shutil.copy(both / "annotations/forgotten.jsonl", clone / "annotations")
    done = forget(other)
    assert [(one.removed, one.trained) for one in done.models] == [(("mine@1", "mine@2", "mine@3"), "mine@4")]


def test_a_run_of_labelling_that_goes_on_meanwhile_leaves_no_trace(both: Path) -> None:
    workspace, row = find_workspace(str(both)), json.loads(log(both)[0])
    paper = next(one for one in read_log(workspace).judgements if one.paper == row["paper"]).as_paper()
    history = RunHistory(workspace)
    history.note(LabelledPaper(paper, (), {}, "review", "mine@2"), Mode.MULTI, is_shown=True)
    note_forgotten(workspace, [Tombstone.of_paper([paper], "2026-03-01T10:00:00Z", 1)])
    assert history.leave(["x"], "mine@2", 1, {}, {}) == []
    assert History(both / ".labeler" / FILE).runs()[0][-1].ids == []


def test_nobody_of_that_name_and_no_such_paper(both: Path) -> None:
    workspace = find_workspace(str(both))
    with pytest.raises(NotFoundError, match=r"nobody called 'bem' has judged a paper here; did you mean 'ben'\?"):
        annotator_meant(workspace, "bem")
    with pytest.raises(NotFoundError, match="no paper has the identifier"):
        paper_meant(workspace, "arxiv:2503.11731")
    with pytest.raises(NotFoundError, match="may be"):
        paper_meant(workspace, "the")


def test_it_waits_for_no_push_and_no_watch(both: Path) -> None:
    workspace = find_workspace(str(both))
    meant, before = annotator_meant(workspace, BEN), log(both)
    with push_lock(workspace), pytest.raises(RefusedError, match="another push"):
        forget(workspace, meant)
    with at_work(workspace), pytest.raises(RefusedError, match="a watch of this workspace"):
        forget(workspace, meant)
    assert (log(both), (both / "annotations/forgotten.jsonl").exists()) == (before, False)


def test_a_file_that_cannot_be_replaced_is_told_and_the_next_run_goes_on(
    both: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = find_workspace(str(both))
    meant = annotator_meant(workspace, BEN)
    with monkeypatch.context() as patch:
        patch.setattr("labeler.flows.forgotten_files.rewrite_lines", _full)
        with pytest.raises(InputError, match="no space left"):
            forget(workspace, meant)
    assert {one.annotator for one in read_log(workspace).judgements} == {"ada@example.org"}
    done = forget(workspace)
    assert (done.files, len(done.models)) == ({"annotations/judgements.jsonl": 104}, 1)
    assert holds(both, BEN) == []


def _full(*_: object) -> int:
    raise InputError("no space left on device")


@pytest.mark.slow
def test_killed_anywhere_it_is_whole_or_gone_on_with(both: Path, tmp_path: Path) -> None:
    """A process is killed after more and more of the system calls that change files; the next run completes it."""
    code = """
import os, signal, sys
left = [int(sys.argv[2])]
def audit(event, arguments):
    if event in ("os.rename", "os.remove", "os.truncate") or (event == "open" and "w" in str(arguments[1] or "")):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
from labeler.config import find_workspace
from labeler.flows.forget import annotator_meant, forget
from labeler.topics import Mode
workspace = find_workspace(sys.argv[1])
meant = annotator_meant(workspace, "ben")
sys.addaudithook(audit)
forget(workspace, meant)
print(int(sys.argv[2]) - left[0], flush=True)
"""

    def run(folder: Path, number: int) -> str:
        command = [sys.executable, "-c", code, str(folder), str(number)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
        assert ran.returncode in (0, -signal.SIGKILL), ran.stderr
        return ran.stdout

    shutil.copytree(both, tmp_path / "whole")
    calls = int(run(tmp_path / "whole", 1 << 30))
    expected = weights(tmp_path / "whole")

    never = [line for line in log(both) if b'"annotator": "ben@' not in line]
    for number in sorted({1, 2, 3, *range(4, calls, max(1, calls // KILLS)), calls}):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(both, folder)
        assert run(folder, number) == ""
        lines = log(folder)
        assert lines in (log(both), never), "half of the log"
        workspace = find_workspace(str(folder))
        if (folder / "annotations/forgotten.jsonl").exists() and (folder / "annotations/forgotten.jsonl").read_bytes():
            assert BEN not in {one.annotator for one in read_log(workspace).judgements}
            forget(workspace)
        else:
            forget(workspace, annotator_meant(workspace, "ben"))
        assert log(folder) == never
        assert weights(folder) == expected
        assert holds(folder, BEN) == []
        assert read_manifest(next(folder.glob("models/mine/[0-9]"))).name == "mine"
