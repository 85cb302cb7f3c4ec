"""Streams that are closed, full or not read, and signals: each command in a process of its own."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, start_process
from tests.paths import ROOT

PAPER = {"title": "Robots that grasp", "abstract": "Robot arms learn to grasp cups."}


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of a shell, in which ``labeler`` is the program."""
    program = f'labeler() {{ {shlex.join(COMMAND)} "$@"; }}; set -o pipefail; {line}'
    return subprocess.run(["bash", "-c", program], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    """The folder of a digest of one paper."""
    (tmp_path / "d.jsonl").write_text(json.dumps(PAPER) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("labeler read d.jsonl >&-", 3, "labeler: standard output is closed; "),
        ("labeler read d.jsonl -o o.jsonl >&-", 0, ""),
        ("labeler --help >&-", 3, "labeler: standard output is closed; "),
        ("labeler read d.jsonl > /dev/full", 3, "labeler: cannot write standard output: no space left on device; "),
        ("labeler label d.jsonl --model arxiv -o /dev/full", 3, "labeler: cannot write /dev/full: no space left on "),
        ("labeler read d.jsonl 2> /dev/full", 0, ""),
        ("labeler read nothing 2>&-", 3, ""),
        ("labeler read nothing > /dev/full 2>&1", 3, ""),
        ("labeler read - <&-", 3, "labeler: standard input is closed; "),
        ("labeler read d.jsonl <&-", 0, "1 paper"),
        ("labeler read --help | head -0", 0, ""),
        ("labeler read d.jsonl | head -0", 0, ""),
    ],
)
@pytest.mark.slow
def test_a_stream_that_takes_nothing_is_no_fault_of_the_program(line: str, code: int, said: str, digest: Path) -> None:
    done = shell(line, digest)
    assert done.returncode == code
    assert said in done.stderr
    assert "fault" not in done.stderr + done.stdout
    assert "Exception" not in done.stderr
    if code == 3:
        assert not done.stdout  # no message goes where data belong


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_command_with_one_line_and_leaves_nothing(number: int, code: int, tmp_path: Path) -> None:
    process = start_process("read", "-", "-o", "out.jsonl", cwd=tmp_path)
    assert process.stdin is not None
    lines = (json.dumps(PAPER | {"title": f"Paper {number}"}).encode() + b"\n" for number in range(9000))
    process.stdin.write(b"".join(lines))  # more than a pipe holds: when all is written, the program is reading
    process.stdin.flush()
    process.send_signal(number)
    _, said = process.communicate()
    assert process.returncode == code
    assert said.count(b"\n") <= 1
    assert b"Traceback" not in said
    assert not list(tmp_path.iterdir())


_INTERRUPTED_LINE = """
import os, sys
from labeler.cli.streams import standard_streams
write = os.write
def interrupted(*given):
    write(*given)
    os.write = write
    raise KeyboardInterrupt
with standard_streams():
    os.write = interrupted
    try:
        print("half of the papers", file=sys.stderr)
    except KeyboardInterrupt:
        print("labeler: interrupted", file=sys.stderr)
"""


def test_a_message_that_is_interrupted_is_there_once() -> None:
    done = subprocess.run([sys.executable, "-c", _INTERRUPTED_LINE], check=True, stderr=subprocess.PIPE, text=True)
    assert done.stderr.splitlines() == ["half of the papers", "labeler: interrupted"]


_ENDED_WHILE_LOADING = """
import os, signal, sys
from labeler.cli import main
class Finder:
    def find_spec(self, name, *given):
        if name == "typer":
            os.kill(os.getpid(), signal.{name})
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(["--help"]))
"""


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("SIGINT", 130, "labeler: interrupted"), ("SIGTERM", 143, "labeler: stopped, as it was asked to")],
)
def test_a_signal_while_modules_are_loaded_is_told_in_one_line(name: str, code: int, said: str) -> None:
    program = [sys.executable, "-c", _ENDED_WHILE_LOADING.format(name=name)]
    done = subprocess.run(program, check=False, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (code, said + "\n")


def test_an_interrupt_while_a_dataclass_is_made_has_the_exit_code_of_any(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(
        "import sys\nimport labeler.cli.app as app\nfrom labeler.cli import main\n"
        "def run(_):\n"
        "    try:\n        exec('raise KeyboardInterrupt')\n"
        "    except KeyboardInterrupt:\n        return 130\n"
        "app.run = run\nsys.exit(main([]))\n"
    )
    process = subprocess.run(
        [sys.executable, "-m", "interrupted"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    assert process.returncode == 130
