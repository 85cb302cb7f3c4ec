"""The command plugins, where nothing is added and where something is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Labeler
from tests.test_registry import BROKEN, WHOLE, installed, run


def test_where_nothing_is_added_the_groups_are_named(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "labeler.digests" in labeler("plugins").out
    assert json.loads(labeler("plugins", "--json").out) == {"plugins": []}


def test_what_is_broken_is_listed_with_the_reason(tmp_path: Path) -> None:
    environment = installed(tmp_path / "site", dict.fromkeys(WHOLE, BROKEN)) | {"COLUMNS": "300"}
    done = run(environment, tmp_path, "plugins")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == len(WHOLE) * len(BROKEN)
    assert all("of plugin-package 1) — LEFT OUT: " in line for line in lines)
    assert any(line.endswith("RuntimeError: the module is for another version") for line in lines)
