"""How the time of a call grows with the length of its input: in CPU time, the best of several, so that other work on
the machine hardly counts."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

_TIMES = 3
_ATTEMPTS = 4
LARGEST_RATIO = 3.0  # of the time for twice the input; four where the time grows with the square


def doubling(make: Callable[[int], Any], run: Callable[[Any], object], size: int) -> float:
    """The time for an input of twice ``size`` by the time for one of ``size``; the least of several attempts."""
    small, large = make(size), make(2 * size)
    least = float("inf")
    for _ in range(_ATTEMPTS):
        least = min(least, _seconds(run, large) / max(_seconds(run, small), 1e-9))
        if least <= LARGEST_RATIO:
            break
    return least


def _seconds(run: Callable[[Any], object], value: Any) -> float:
    collects = gc.isenabled()
    gc.disable()
    try:
        return min(_once(run, value) for _ in range(_TIMES))
    finally:
        if collects:
            gc.enable()


def _once(run: Callable[[Any], object], value: Any) -> float:
    began = time.process_time()
    run(value)
    return time.process_time() - began
