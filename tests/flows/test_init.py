from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.flows.init import keep_attributes, start
from labeler.topics import load_scheme
from labeler.topics.faults import faults

FILES = ["labeler.toml", "annotations/topics.toml", ".gitignore", ".gitattributes"]


def test_a_new_workspace_has_all_its_files_and_a_sound_scheme(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "below"
    assert start(folder) == FILES
    assert all((folder / name).is_file() for name in FILES)
    assert (folder / "models").is_dir()
    assert faults(load_scheme(folder / "annotations" / "topics.toml")) == []
    assert find_workspace(str(folder)).root == folder


def test_git_leaves_models_out_and_joins_logs(tmp_path: Path) -> None:
    start(tmp_path)
    assert {"models/", ".labeler/"} <= set((tmp_path / ".gitignore").read_text(encoding="utf-8").split())
    assert "annotations/judgements.jsonl merge=union" in (tmp_path / ".gitattributes").read_text(encoding="utf-8")


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    start(tmp_path)
    assert start(tmp_path) == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_there_stays_and_the_rest_is_made(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    extended = name.startswith(".git")
    assert start(tmp_path) == [other for other in FILES if other != name or extended]
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith("mine\n") if extended else text == "mine"
    assert start(tmp_path) == []


@pytest.mark.parametrize("path", ["", "annotations", "models"])
def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "workspace"
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="cannot make"):
        start(folder)
    assert not (folder / "labeler.toml").is_file()


def test_a_workspace_of_before_gets_the_lines_that_git_must_know_of_and_others_none(tmp_path: Path) -> None:
    keep_attributes(tmp_path)
    assert not (tmp_path / ".gitattributes").exists()
    (tmp_path / ".gitattributes").write_text("annotations/judgements.jsonl merge=union\n")
    for _ in range(2):
        keep_attributes(tmp_path)
        lines = (tmp_path / ".gitattributes").read_text().splitlines()
        assert lines.count("annotations/forgotten.jsonl merge=union") == 1
        assert lines.count("annotations/judgements.jsonl merge=union") == 1
