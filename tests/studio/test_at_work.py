"""A program is waited for as long as it is at work, and no longer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.studio import at_work
from labeler.studio.at_work import AtWork, last_line, processor_seconds, reason_in

BUSY = "while True: sum(range(10_000))"
IDLE = "import time; time.sleep(600)"
WRITING = "import sys, time\nwhile True: print('still here', file=open(sys.argv[1], 'a')); time.sleep(.05)"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize(("program", "is_at_work"), [(BUSY, True), (WRITING, True), (IDLE, False)])
def test_only_a_program_at_work_is_waited_for(
    tmp_path: Path,
    running: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    is_at_work: bool,
) -> None:
    monkeypatch.setattr(at_work, "_LEAST_WORK", 0.2)
    monkeypatch.setattr(at_work, "_TOLD_EVERY", 0.5)
    monkeypatch.setattr(at_work, "_LONGEST", 12.0)
    log, said = tmp_path / "log", list[str]()
    log.write_text("begun\n")
    running.append(subprocess.Popen([sys.executable, "-c", program, str(log)]))
    begun = time.monotonic()
    for _ in AtWork(running[0].pid, [log, tmp_path / "not there"]).looks(4.0, said.append, "waiting"):
        pass
    assert (time.monotonic() - begun > 11) == is_at_work
    assert said[0].startswith("  … waiting (")
    assert said[-1].endswith(f"seconds so far: {'still here' if program == WRITING else 'begun'})")


def test_the_time_of_a_process_is_known() -> None:
    assert processor_seconds(2**22 + 1) == 0.0
    assert processor_seconds(os.getpid()) > 0


@pytest.mark.parametrize(
    ("text", "last", "reason"),
    [
        ("", "", "it said nothing"),
        ("begun\n\n", "begun", "begun"),
        ("x\nOperationalError: no room\n  harmless warning\n", "harmless warning", "OperationalError: no room"),
        ("error: port is taken\nbye\n", "bye", "error: port is taken"),
    ],
)
def test_what_a_log_says_last_and_why_it_ended(tmp_path: Path, text: str, last: str, reason: str) -> None:
    (tmp_path / "log").write_text(text)
    assert (last_line(tmp_path / "log"), reason_in(tmp_path / "log")) == (last, reason)
    assert last_line(tmp_path / "none") == ""
