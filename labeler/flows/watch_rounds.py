"""Runs of all watches of a workspace: once, or whenever each is due."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from labeler.config import Workspace, find_workspace
from labeler.errors import LabelerError, ServerError
from labeler.flows.watch import Between, WatchRun, run_watch
from labeler.temporary import temporary_folder
from labeler.watching.inputs import fault_of
from labeler.watching.schedule import ENDED, Schedule, at_work, beat, last_beat
from labeler.watching.settings import Watch, chosen, watches_of

_LONGEST_WAIT = 60.0  # seconds between two looks at the settings, and two signs of life


class _EndedError(Exception):
    """The process was asked to end, and is between two steps."""


def watch_once(
    workspace: Workspace, watches: Sequence[Watch], due: Sequence[Watch], between: Between = lambda _: None
) -> list[WatchRun] | None:
    """Run those of the workspace's ``watches`` that are ``due``; None where another process is at work.

    Raises:
        InputError: the folder of the watches cannot be written to.
    """
    outputs, results = _outputs(workspace, watches), []
    with at_work(workspace) as is_free:
        if not is_free:
            return None
        for watch in due:

            def step(what: str, name: str = watch.name) -> None:
                between(what)
                beat(workspace, f"{name}: {what}")

            try:
                results.append(run_watch(workspace, watch, outputs, step))
            except LabelerError as error:
                results.append(WatchRun(watch.name, faults=[fault_of(error)]))
        beat(workspace, ENDED)
    return results


def watch_plan(workspace: Workspace, watches: Sequence[Watch], due: Sequence[Watch]) -> list[WatchRun]:
    """What :func:`watch_once` would do: servers are asked, and nothing is written, sent or trained."""
    outputs, results = _outputs(workspace, watches), []
    for watch in due:
        try:
            with temporary_folder() as scratch:
                results.append(run_watch(workspace, watch, outputs, scratch=scratch))
        except LabelerError as error:
            results.append(WatchRun(watch.name, faults=[fault_of(error)], dry_run=True))
    return results


def _outputs(workspace: Workspace, watches: Sequence[Watch]) -> list[str]:
    """The files that watches write."""
    return [str(workspace.root / output) for watch in watches for output in watch.outputs]


def watch_on(root: Path, names: Sequence[str], ended: Event) -> Iterator[WatchRun | str | float]:
    """Run the watches of these names (none: all) whenever they are due, until the process is asked to end.

    The settings are read again each time. It yields each run, what there is to say, and the seconds to wait.
    """
    schedule, said = Schedule(), ""

    def between(_: str) -> None:
        if ended.is_set():
            raise _EndedError

    while not ended.is_set():
        wait, now_said = _LONGEST_WAIT, ""
        try:
            workspace = find_workspace(str(root))
            watches = watches_of(workspace)
            wanted = chosen(watches, list(names))
            results = watch_once(workspace, watches, due, between) if (due := schedule.due(wanted)) else []
            for result in results or ():
                schedule.note(result.name, has_failed=bool(result.faults))
                yield result
            if results is None:
                now_said = "another `labeler watch` is at work here; waiting"
            else:
                wait = min(map(schedule.wait, wanted))
            beat(workspace, "waiting")
        except _EndedError:
            break
        except LabelerError as error:  # of the settings, which a person may be changing just now
            now_said = str(error)
        if now_said not in ("", said):
            yield now_said
        said = now_said
        yield wait
        ended.wait(min(wait, _LONGEST_WAIT))
    sign = last_beat(Workspace(root))
    if sign and sign.get("process") == os.getpid():  # not that of another process
        beat(Workspace(root), ENDED)


def exit_code(results: Sequence[WatchRun]) -> int:
    """The exit code of several runs: that of a server where one failed, else that of the first fault."""
    codes = [result.exit_code for result in results if result.faults]
    return ServerError.exit_code if ServerError.exit_code in codes else next(iter(codes), 0)
