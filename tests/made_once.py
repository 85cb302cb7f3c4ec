"""What takes long to make is made once, also where several processes run tests: the first makes it, others wait."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder ``name`` of this run of tests, which ``make`` has filled in."""
    base = factory.getbasetemp()
    together = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base  # each process has a folder in one of all
    folder, done = together / name, together / f"{name}.done"
    with (together / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder
