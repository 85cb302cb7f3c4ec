"""How far a long run is: what the line says, and where it is shown."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.cli import progress as module
from labeler.cli.command import Run
from labeler.cli.progress import line, progress
from tests.bulk.factories import files
from tests.cli.process import COMMAND, run_process

LEFT = re.compile(r"(?:(\d+):(?=\d\d:))?(\d+):(\d\d) left$")


class Terminal(io.StringIO):
    """What takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "total", "seconds", "text"),
    [
        (120_000, 1_000_000, 4.9, "120,000 of 1,000,000 papers, 24,490 a second, 0:36 left"),
        (120_000, None, 4.0, "120,000 papers, 30,000 a second"),
        (1, 2, 1.0, "1 of 2 papers, 1 a second, 0:01 left"),
        (0, 10, 0.0, "0 of 10 papers, 0 a second"),
        (5, 10, 0.0, "5 of 10 papers, 0 a second"),
        (0, 10, 3.0, "0 of 10 papers, 0 a second"),
        (0, None, 0.0, "0 papers, 0 a second"),
        (10, 10, 2.0, "10 of 10 papers, 5 a second, 0:00 left"),
        (11, 10, 2.0, "11 of 10 papers, 6 a second, 0:00 left"),
        (100, 6_100, 1.0, "100 of 6,100 papers, 100 a second, 1:00 left"),
        (1, 3_661, 1.0, "1 of 3,661 papers, 1 a second, 1:01:00 left"),
        (1, 360_001, 1.0, "1 of 360,001 papers, 1 a second, 100:00:00 left"),
        (2, 122, 1.0, "2 of 122 papers, 2 a second, 1:00 left"),
    ],
)
def test_the_line_says_how_many_how_fast_and_how_long(done: int, total: int | None, seconds: float, text: str) -> None:
    assert line(done, total, seconds) == text


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.floats(0.001, 10**6))
def test_the_time_left_is_that_of_the_papers_left_at_this_pace(done: int, more: int, seconds: float) -> None:
    found = LEFT.search(line(done, done + more, seconds))
    assert found is not None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    assert rest < 60
    assert minutes < 60
    assert hours * 3600 + minutes * 60 + rest == pytest.approx(more * seconds / done, abs=0.51, rel=1e-9)


def test_nothing_is_told_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, quiet in ((io.StringIO(), False), (Terminal(), True)):
        monkeypatch.setattr(sys, "stderr", stream)
        tell = progress(Run(None, False, quiet), 10)
        tell(5)
        tell(5)
        assert stream.getvalue() == ""


def test_the_line_is_written_over_and_not_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    tell = progress(Run(None, False, False), 100)
    for seconds, more in ((1.0, 10), (0.25, 10), (0.125, 10), (0.625, 10), (2.0, 60)):
        now[0] += seconds
        tell(more)
    lines = shown.getvalue().split("\r")
    assert [one.partition(" papers")[0] for one in lines] == ["", "10 of 100", "40 of 100", "100 of 100"]
    assert lines[2] == "40 of 100 papers, 20 a second, 0:03 left\x1b[K"


def shown_at_a_terminal(workspace: Path, *arguments: str, largest: str = "unlimited") -> tuple[int, str]:
    """The exit code, and what a terminal shows of standard error; no file may be larger than ``largest`` blocks."""
    terminal, end = pty.openpty()
    limited = ["sh", "-c", 'ulimit -f "$0" && exec "$@"', largest, *COMMAND, *arguments]
    process = subprocess.Popen(limited, cwd=workspace, stderr=end, stdout=subprocess.DEVNULL)
    os.close(end)
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    return process.wait(), shown.decode()


def test_a_terminal_shows_papers_a_second_and_the_time_left(trained: Path) -> None:
    files(trained / "pile", 3, 50)
    code, shown = shown_at_a_terminal(trained, "label", "pile", "-o", "labels/")
    first, last = shown.splitlines()[0], shown.splitlines()[-1]
    assert code == 0
    assert re.search(r"\r\d+ of 150 papers, [\d,]+ a second, \d+:\d\d left\x1b\[K", shown), shown
    assert "150 papers" not in first
    assert last.startswith("150 papers of 3 files labelled by mine@1")


def test_a_fault_stands_on_a_line_of_its_own(trained: Path) -> None:
    files(trained / "pile", 3, 400)
    code, shown = shown_at_a_terminal(trained, "label", "pile", "-o", "all.jsonl", largest="200")
    assert code == 3, shown
    assert "a second" in shown
    assert shown.splitlines()[-1].startswith("labeler: "), shown


@pytest.mark.slow
def test_no_progress_is_told_to_a_file(trained: Path) -> None:
    files(trained / "pile", 1, 20)
    for command, lines in ((("label",), 1), (("--quiet", "label"), 0)):
        done = run_process(*command, "pile", "-o", f"{lines}/", cwd=trained)
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr.count(b"\n") == lines
        assert b"\r" not in done.stderr
