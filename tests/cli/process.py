"""Commands in processes of their own, as a shell would run them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "labeler"]


def run_process(
    *arguments: str | Path, cwd: Path, given: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A finished process, with what it printed."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=given,
        capture_output=True,
        env={**os.environ, **(environment or {})},
        check=False,
        timeout=120,
    )


def records(text: str) -> list[dict[str, Any]]:
    """The records of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def start_process(*arguments: str | Path, cwd: Path, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """A running process that is given its input bit by bit; a terminal's key for interrupting reaches it.

    A shell has what it starts in the background ignore that key, and whatever that starts in turn: not here.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)], cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
    )


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for what a process does; it fails when the process ends before."""
    while not reached():
        assert process.poll() is None, f"the process ended with {process.returncode}"
        time.sleep(0.01)
