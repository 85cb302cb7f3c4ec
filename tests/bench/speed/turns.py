"""Two that do the same job take turns, so that a machine that is busy with others is so for both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.paths import ROOT


@dataclass(frozen=True, slots=True)
class Row:
    """A job, what each of two needed for it, the peer's measure over ours turn by turn, and what was asked for."""

    job: str
    ours: Sequence[float]
    theirs: Sequence[float]
    asked: str
    unit: str = "s"
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """Peer over ours, turn by turn."""
        return sorted(theirs / ours for ours, theirs in zip(self.ours, self.theirs, strict=True))

    def __str__(self) -> str:
        low, high = self.ratios[0], self.ratios[-1]
        mine, peer = (f"{median(times):.4g} {self.unit}" for times in (self.ours, self.theirs))
        ratio = f"×{median(self.ratios):.2f} ({low:.2f}–{high:.2f})"
        return f"| {self.job} | {mine} | {peer} | {ratio} | {self.asked} | {self.note} |"


def in_turns(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """CPU seconds of each, in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, told in zip((ours, theirs), times, strict=True):
            begun = time.process_time()
            call()
            told.append(time.process_time() - begun)
    return times


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process needed: seconds of the clock, seconds of processors, megabytes at most."""

    wall: float
    cpu: float
    memory: float


# A small process starts the one that is measured: of a large one, the new process would have the memory for a moment.
_MEASURE = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(bool(status))
"""


def run(*command: str, folder: str | None = None) -> Ended:
    """A process of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT)
    measure = [sys.executable, "-c", _MEASURE, *command]
    done = subprocess.run(measure, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return Ended(*map(float, done.stdout.split()[-3:]))


def labeler(*arguments: str, folder: str | None = None) -> Ended:
    """The command, in a process of its own."""
    return run(sys.executable, "-m", "labeler", *arguments, folder=folder)
