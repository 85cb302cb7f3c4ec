"""The folder of cases, and a workspace with the topics they go with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

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


def import_twice(file: Path, *options: str) -> dict[str, Any]:
    """Import a file and return the counts; the same import again must add nothing."""
    first, second = (run_labeler("import", file, *options, "--json") for _ in range(2))
    assert (first.code, second.code) == (0, 0), first.err
    assert json.loads(second.out)["added"] == 0
    counts: dict[str, Any] = json.loads(first.out)
    return counts


def log_records() -> list[dict[str, Any]]:
    """The lines of the log of the workspace that is the current folder; none where there is no log."""
    log = Path("annotations/judgements.jsonl")
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
