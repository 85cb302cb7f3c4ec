"""The command doctor: lines, JSON and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Labeler


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_wrong_ends_with_a_code_and_nothing_is_changed(trained: Path, labeler: Labeler) -> None:
    assert labeler("doctor").code == 0
    log = trained / "annotations/judgements.jsonl"
    log.write_text("torn\n" + log.read_text())
    before = state(trained)
    outcome = labeler("doctor")
    assert outcome.code == 6
    assert "wrong" in outcome.out
    assert "->" in outcome.out
    assert "1 of" in outcome.err
    assert state(trained) == before
    record = json.loads(labeler("--json", "doctor").out)
    assert {"verdict", "what", "do"} == set(record["findings"][0])


def test_it_goes_without_a_workspace(tmp_path: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler("doctor")
    assert outcome.code == 0
    assert "no workspace here" in outcome.out
