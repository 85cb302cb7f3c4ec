"""Worker processes of joblib, with one sentence for the user when one of them is ended from outside."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from labeler.errors import ServerError
from labeler.temporary import temporary_folder

_WARNINGS = "PYTHONWARNINGS"
_HIDE_TRACKER = "ignore:resource_tracker:UserWarning"  # the text that each of its warnings begins with

_SHARED_MEMORY, _ENOUGH = Path("/dev/shm"), 2_000_000_000  # noqa: S108  (bytes, as joblib has it)
_SECONDS_BETWEEN_LOOKS = 0.5
_KEPT = ExitStack()
atexit.register(_KEPT.close)


@contextmanager
def worker_processes(count: int, hint: str, **options: Any) -> Iterator[Any]:
    """A ``joblib.Parallel`` with ``count`` processes (-1: one a core) and these options, for the length of the context.

    Its exceptions become errors of labeler there, and ``hint`` says what to do about them.

    Raises:
        ServerError: a process was ended from outside.
    """
    from joblib import Parallel
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    if count != 1:
        _start_tracker()
        options |= {"temp_folder": str(_shared_folder()), "backend": _backend()}
    try:
        yield Parallel(n_jobs=count, **options)
    except TerminatedWorkerError as error:
        raise ServerError("a process was ended from outside (is there too little memory?)", hint) from error


def _backend() -> Any:
    """joblib's backend of processes, each of which ends soon after this one, also where that was killed.

    None where the program around labeler has chosen another one, or this process is a worker itself.
    """
    from joblib.parallel import LokyBackend, get_active_backend

    class Backend(LokyBackend):  # type: ignore[misc]
        def configure(self, *given: Any, **named: Any) -> Any:
            return super().configure(*given, initializer=_end_with, initargs=(os.getpid(),), **named)

    return Backend() if type(get_active_backend()[0]) is LokyBackend else None


def _end_with(parent: int) -> None:
    """End this process soon after its parent has ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@lru_cache(maxsize=1)
def _shared_folder() -> Path:
    """The folder of arrays that processes share, in memory where there is room as joblib has it; one for this process.

    joblib goes on using the first one that it was given. What it leaves there when all its processes are killed is
    removed by the next process of labeler.
    """
    from shutil import disk_usage

    with suppress(OSError):
        if disk_usage(_SHARED_MEMORY).free >= _ENOUGH:
            return _KEPT.enter_context(temporary_folder(_SHARED_MEMORY))
    return _KEPT.enter_context(temporary_folder())


def _start_tracker() -> None:
    """Start joblib's resource tracker, whose warnings are not shown.

    The tracker is a process beside the workers that removes what they leave behind. After one was killed it warns on
    standard error that it does so, and of files that are gone already: nothing that a user could do anything about. It
    takes its warning filters from the environment with which it starts, and it starts once in the life of a process.
    """
    from joblib.externals.loky.backend.resource_tracker import ensure_running

    before = os.environ.get(_WARNINGS)
    os.environ[_WARNINGS] = ",".join(filter(None, (before, _HIDE_TRACKER)))  # later filters come first
    try:
        ensure_running()
    finally:
        if before is None:
            del os.environ[_WARNINGS]
        else:
            os.environ[_WARNINGS] = before
