"""What `labeler status` says of watches."""

from __future__ import annotations

import json
from pathlib import Path

from labeler.config import Workspace
from labeler.watching.schedule import beat
from tests.conftest import Labeler
from tests.watching.conftest import SETTINGS, arrive, watch_with


def test_a_watch_that_has_not_run_says_how_to(labeler: Labeler, watched: Path) -> None:
    assert "Watch morning has not run yet (`labeler watch --once`)." in labeler("status").out


def test_the_last_runs_are_told(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp", "Models of language"])
    labeler("watch", "--once")
    Path("inbox/slides.pdf").write_bytes(b"%PDF-1.4\n...")
    labeler("watch", "--once")
    told = labeler("status").out
    assert "no new papers in what could be read; 2 papers in all." in told
    assert "1 run before: 2 new papers." in told
    assert "failed: slides.pdf is a PDF file" in told
    assert "sign of life" not in told
    labeler("watch", "--once")
    assert "2 runs before, 1 with faults: 2 new papers." in labeler("status").out


def test_a_process_that_goes_on_or_was_killed_is_told(labeler: Labeler, watched: Path) -> None:
    labeler("watch", "--once")
    beat(Workspace(watched), "waiting")
    assert "last gave a sign of life at 20" in labeler("status").out
    assert json.loads(labeler("status", "--json").out)["heartbeat"]["doing"] == "waiting"


def test_what_is_unfinished_is_told(labeler: Labeler, watched: Path) -> None:
    Path("digest.md").mkdir()
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    assert "to be finished by the next run" in labeler("status").out


def test_as_json(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    record = json.loads(labeler("status", "--json").out)
    [watch] = record["watches"]
    assert (watch["name"], watch["papers"], watch["unfinished"], watch["fault"]) == ("morning", 1, [], None)
    assert watch["runs"][0]["done"][0] == "digest.md"
    assert record["heartbeat"] is None


def test_wrong_settings_are_told_beside_the_rest(labeler: Labeler, watched: Path) -> None:
    watch_with(watched, SETTINGS + 'inptus = ["a"]\n')
    outcome = labeler("status")
    assert outcome.code == 0
    assert "did you mean 'inputs'?" in outcome.out


def test_a_workspace_without_watches_says_nothing_of_them(labeler: Labeler, workspace: Path) -> None:
    assert "labeler watch" not in labeler("status").out
    assert json.loads(labeler("status", "--json").out)["watches"] == []
