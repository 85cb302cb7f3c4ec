"""The folder of cases, and a workspace with the topics they go with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import run_labeler


@pytest.fixture
def cases(shared: Path) -> Path:
    """The folder of the cases; tests are skipped where it is missing."""
    return shared / "cases"


@pytest.fixture
def case_workspace(cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new workspace with the cases' topic scheme, which is the current folder."""
    folder = tmp_path / "workspace"
    assert run_labeler("--quiet", "init", folder).code == 0
    shutil.copyfile(cases / "topics.toml", folder / "annotations" / "topics.toml")
    monkeypatch.chdir(folder)
    return folder
