"""The command watch: what is said, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from labeler.watching import inputs
from tests.cli.process import COMMAND
from tests.cli.test_app import one_line
from tests.conftest import Labeler

WATCH = '[[watch]]\nname = "{}"\ninputs = ["inbox/"]\noutputs = ["{}.md"]\n'


@pytest.fixture
def watched(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inputs, "PAUSE", 0.0)
    (trained / "inbox").mkdir()
    (trained / "inbox" / "a.jsonl").write_text('{"title": "Robots that grasp", "abstract": "They grasp at length."}\n')
    (trained / "labeler.toml").write_text(WATCH.format("one", "one") + WATCH.format("two", "two"))
    return trained


def test_each_watch_is_told_and_one_can_be_named(labeler: Labeler, watched: Path) -> None:
    assert labeler("watch", "--once", "two").err.strip().endswith("two: 1 new paper, labelled by mine@1: two.md")
    outcome = labeler("watch", "--once", "--json")
    record = json.loads(outcome.out)
    assert [(one["name"], one["papers"]) for one in record["watches"]] == [("one", 1), ("two", 0)]
    assert not record["another"]


def test_what_failed_is_told_also_quietly_and_is_the_exit_code(labeler: Labeler, watched: Path) -> None:
    (watched / "one.md").mkdir()
    outcome = labeler("--quiet", "watch", "--once")
    assert outcome.code == 3
    assert one_line(outcome.err).startswith("one: ")


def test_a_watch_that_is_not_there_is_told(labeler: Labeler, watched: Path, workspace: Path) -> None:
    assert labeler("--workspace", watched, "watch", "--once", "three").code in (2, 4)
    outcome = labeler("--workspace", workspace, "watch", "--once")
    assert outcome.code == 4
    assert "[[watch]]" in one_line(outcome.err)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_when_all_is_done(watched: Path, number: int, code: int) -> None:
    process = subprocess.Popen([*COMMAND, "watch"], cwd=watched, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = ""
    while "two: 1 new paper" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    os.kill(process.pid, number)
    assert process.wait(60) == code
    assert (watched / "two.md").exists()
    process.stderr.close()
