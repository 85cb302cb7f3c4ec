"""The commands about a server of one's own, where there is none (with one: tests/studio/test_local.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Labeler


def test_before_the_first_start_it_is_told_how_to_begin(workspace: Path, labeler: Labeler) -> None:
    assert labeler("studio", "status").out == "There is no Label Studio server here yet: `labeler studio start`.\n"
    outcome = labeler("studio", "env")
    assert (outcome.code, "make one with `labeler studio start`" in outcome.err) == (4, True)
    assert json.loads(labeler("studio", "stop", "--json").out) == {"stopped": False}


def test_a_server_that_is_down_is_told_with_its_folder(workspace: Path, labeler: Labeler) -> None:
    folder = workspace / ".labeler/studio"
    folder.mkdir(parents=True)
    record = {"url": "http://127.0.0.1:9", "email": "a@example.org", "password": "it's", "token": "a b'c"}
    (folder / "credentials.json").write_text(json.dumps(record))
    assert f"Label Studio is not running (its data are in {folder})" in labeler("studio", "status").out
    assert labeler("studio", "env").out.splitlines()[1] == """export LABEL_STUDIO_API_KEY='a b'"'"'c'"""


def test_a_program_that_is_not_there_is_told(workspace: Path, labeler: Labeler) -> None:
    (workspace / "labeler.toml").write_text('[studio]\nprogram = "/nowhere/label-studio"\n')
    outcome = labeler("studio", "start")
    assert (outcome.code, "there is no program /nowhere/label-studio" in outcome.err) == (5, True)


def test_outside_a_workspace_there_is_no_server(tmp_path: Path, labeler: Labeler, monkeypatch: object) -> None:
    assert labeler("--workspace", tmp_path, "studio", "status").code == 4


@pytest.mark.parametrize("command", ["start", "stop", "status"])
def test_a_folder_that_cannot_be_written_is_told(workspace: Path, labeler: Labeler, command: str) -> None:
    (workspace / ".labeler").write_text("a file stands in the way")
    outcome = labeler("studio", command)
    assert outcome.err.count("\n") <= 1
    assert outcome.code == (3 if command == "start" else 0)
    if command == "start":
        assert f"cannot write {workspace / '.labeler/studio'}" in outcome.err


def test_credentials_that_cannot_be_read_are_told(workspace: Path, labeler: Labeler) -> None:
    (workspace / ".labeler/studio").mkdir(parents=True)
    (workspace / ".labeler/studio/credentials.json").write_text("{")
    outcome = labeler("studio", "env")
    assert (outcome.code, outcome.out, "credentials.json cannot be read; restore" in outcome.err) == (4, "", True)
