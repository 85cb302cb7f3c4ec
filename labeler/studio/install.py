"""Installing the server in an environment of its own, with what pip is doing told from time to time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from labeler.errors import ServerError

REQUIREMENT = "label-studio>=1.23,<2"
_TOLD_EVERY = 10.0  # seconds


def install(folder: Path, say: Callable[[str], None]) -> None:
    """Make a virtual environment in ``folder`` with the server in it.

    Raises:
        ServerError: it cannot be installed.
    """
    say(f"Installing Label Studio in {folder} (once; about a gigabyte, a few minutes) …")
    python = str(folder / "bin" / "python")
    _run([sys.executable, "-m", "venv", str(folder)], say)
    options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    _run([python, "-m", "pip", "install", *options, REQUIREMENT], say)


def _run(step: Sequence[str], say: Callable[[str], None]) -> None:
    """Run a step of the installation; of what it prints, ``say`` is called with a line now and then."""
    last, told, packages = deque[str](maxlen=20), time.monotonic(), 0
    with subprocess.Popen(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as pip:
        try:
            for line in map(str.strip, pip.stdout or ()):
                last.append(line)
                packages += line.startswith("Collecting ")
                if time.monotonic() - told >= _TOLD_EVERY:
                    told = time.monotonic()
                    say(f"  … {packages} packages so far: {line.partition(' (')[0][:60]}")
        except BaseException:  # such as an interrupt: nothing goes on alone
            pip.kill()
            raise
    if pip.returncode:
        faults = [line for line in last if line.startswith("ERROR:")] or list(last)[-1:] or ["no reason given"]
        raise ServerError(f"Label Studio cannot be installed: {faults[0][:300]}", "is there a network? Try it again")
