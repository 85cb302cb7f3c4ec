"""Judged papers of the tables that versions were trained on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from labeler.config import Workspace, find_workspace
from labeler.evaluation.judged import JudgedSet
from labeler.flows.learned_tables import Trained, places, with_tables
from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model
from labeler.topics import Scheme, load_scheme
from tests.conftest import Labeler, run_labeler
from tests.learn.factories import single_papers

TOPICS = "".join(f'[[topic]]\nid = "{one}"\nname = "{one.title()}"\n' for one in ("robots", "speech", "vision"))
OPTIONS = ("--topics-column", "topic", "--complete")


def write(path: Path, rows: list[tuple[str, str | None]]) -> Path:
    records = [{"title": one.split("\n")[0], "abstract": one.split("\n")[1], "topic": of or "none"} for one, of in rows]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without a log: mine@1 learned from half a table beside it, mine@2 from all of one in it."""
    folder = tmp_path_factory.mktemp("tables") / "workspace"
    run_labeler("--quiet", "init", folder)
    (folder / "annotations" / "topics.toml").write_text(f'mode = "single"\n{TOPICS}')
    (folder / "data").mkdir()
    rows = list(zip(*single_papers(8), strict=True))
    half, whole = write(folder.parent / "half.jsonl", rows[::2]), write(folder / "data" / "whole.jsonl", rows)
    for table in (half, whole):
        outcome = run_labeler("--workspace", folder, "train", "--table", table, *OPTIONS)
        assert outcome.code == 0, outcome.err
    return folder


@pytest.fixture
def made(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, with the table beside it, which is the current folder."""
    shutil.copytree(made_once.parent, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy" / "workspace")
    return Path()


def all_of(*labels: str) -> tuple[JudgedSet, list[str]]:
    workspace, scheme, versions = known(*labels)
    return with_tables(JudgedSet.of_papers((), scheme), workspace, versions, scheme)


def known(*labels: str) -> tuple[Workspace, Scheme, list[Trained]]:
    workspace = find_workspace()
    found = [ModelStore(workspace.models).find(label) for label in labels]
    return workspace, load_scheme(workspace.topics), [Trained(one, load_model(one.folder)) for one in found]


def test_places_are_told_from_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = ["a.csv", str(tmp_path / "w" / "b.csv"), "s3://pile/c.parquet"]
    assert places(given, tmp_path / "w") == ("../a.csv", "b.csv", "s3://pile/c.parquet")


def test_tables_are_found_where_they_lay_also_after_the_folder_has_moved(made: Path) -> None:
    for label, papers in (("mine@1", 12), ("mine@2", 24)):
        found, notes = all_of(label)
        assert (len(found.papers), notes) == (papers, [])
        assert not found.blind.any()
        assert (found.truth == 1).sum() == papers


def test_papers_of_both_versions_count_once(made: Path) -> None:
    found, notes = all_of("mine@1", "mine@2")
    assert len({paper.id for paper in found.papers}) == len(found.papers) == 24
    assert notes == []


def test_papers_of_the_log_count_as_people_judged_them_there(made: Path) -> None:
    workspace, scheme, versions = known("mine@2")
    one = all_of("mine@2")[0].take([0])
    one.truth[0] = [0, 0, 1]
    found, _ = with_tables(one, workspace, versions, scheme)
    assert len(found.papers) == 24
    assert found.truth[0].tolist() == [0, 0, 1]


@pytest.mark.parametrize("folder", [Path(), Path("elsewhere")])
def test_a_table_that_was_moved_is_found_by_its_name_if_it_is_the_same(
    made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("elsewhere").mkdir()
    Path("data/whole.jsonl").rename(folder / "whole.jsonl")
    monkeypatch.chdir(folder)
    assert (len(all_of("mine@2")[0].papers), all_of("mine@2")[1]) == (24, [])
    with Path("whole.jsonl").open("a") as table:
        table.write("\n")
    found, (note,) = all_of("mine@2")
    assert (len(found.papers), "data/whole.jsonl" in note) == (0, True)


def test_it_is_said_what_to_do_where_a_table_is_gone(made: Path) -> None:
    Path("data/whole.jsonl").unlink()
    assert all_of("mine@2")[1] == [
        "tables that mine@2 was trained on are not found again: data/whole.jsonl; to count their papers, name them, "
        "with --topics-column topic --complete"
    ]
    assert len(all_of("mine@1", "mine@2")[0].papers) == 12


def test_a_table_that_has_changed_counts_as_it_is_and_one_that_is_damaged_is_told(made: Path) -> None:
    table = Path("data/whole.jsonl")
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[:20]))
    found, notes = all_of("mine@2")
    assert len(found.papers) == 20
    assert notes == ["changed since mine@2 was trained on it, and counts as it is now: whole.jsonl"]
    table.write_text("what is this\n")
    found, (note,) = all_of("mine@2")
    assert len(found.papers) == 0
    assert note.startswith("tables that mine@2 was trained on cannot be read now: ")


def test_papers_that_no_version_held_out_are_not_kept_in_memory_but_told(made: Path) -> None:
    workspace, scheme, ((version, model),) = known("mine@2")
    assert model.held_out_papers is not None
    some = replace(model, held_out_papers=model.held_out_papers[:10])
    found, notes = with_tables(JudgedSet.of_papers((), scheme), workspace, [Trained(version, some)], scheme)
    assert len(found.papers) == 10
    assert notes == ["14 papers of tables left out: no version says what it would have said without them"]


def test_a_version_of_an_earlier_program_does_not_say_where_its_tables_lay(made: Path) -> None:
    manifest = Path("models/mine/2/manifest.json")
    record = json.loads(manifest.read_text())
    assert record.pop("tables_at") == ["data/whole.jsonl"]
    manifest.write_text(json.dumps(record))
    assert "not found again: whole.jsonl" in all_of("mine@2")[1][0]
    shutil.copy("data/whole.jsonl", "whole.jsonl")
    assert len(all_of("mine@2")[0].papers) == 24


@pytest.mark.slow
def test_the_commands_measure_on_tables_without_being_given_them(made: Path, labeler: Labeler) -> None:
    measured = json.loads(labeler("evaluate", "--json").out)
    assert measured["papers"]["held_out"] == 24
    manifest = json.loads(Path("models/mine/2/manifest.json").read_text())
    assert measured["unseen"]["macro_f1"]["value"] == manifest["measured"]["macro_f1"]["value"]
    assert "On 24 judged papers" in labeler("models", "show", "--card").out
    compared = json.loads(labeler("models", "compare", "mine@1", "mine@2", "--json").out)
    assert compared["papers"] == 24
    Path("data/whole.jsonl").unlink()
    assert json.loads(labeler("models", "compare", "mine@1", "mine@2", "--json").out)["papers"] == 12
    Path("../half.jsonl").unlink()
    for command in (("evaluate",), ("models", "compare", "mine@1", "mine@2")):
        outcome = labeler(*command)
        assert (outcome.code, outcome.err.count("\n")) == (3, 1)
        assert "data/whole.jsonl; to count their papers, name them, with --topics-column topic" in outcome.err
