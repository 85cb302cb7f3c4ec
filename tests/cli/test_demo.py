"""The demo: what a stranger sees first."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.process import COMMAND
from tests.conftest import Labeler
from tests.paths import ROOT


def status() -> str:
    return subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_demo_shows_topics_and_touches_nothing_else(labeler: Labeler, tmp_path: Path) -> None:
    before, theirs, folder = status(), tmp_path / "theirs", tmp_path / "demo"
    labeler("--quiet", "init", theirs)
    environment = os.environ | {"LABELER_WORKSPACE": str(theirs)}
    done = subprocess.run(
        [*COMMAND, "demo", str(folder)], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "Robotics and control" in done.stdout
    assert "Trained mine@1" in done.stderr
    assert "Try next" in done.stderr
    assert "Traceback" not in done.stderr
    assert "<html" in (folder / "digest.html").read_text(encoding="utf-8")
    assert not (theirs / "annotations/judgements.jsonl").exists(), "invented judgements stay out of a user's log"
    assert status() == before


def test_a_folder_that_is_there_is_told(labeler: Labeler, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    outcome = labeler("demo", tmp_path)
    assert outcome.code == 3
    assert "name a new folder: labeler demo FOLDER" in outcome.err
