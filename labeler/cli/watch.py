"""The command watch: what is new is labelled and published, once or from now on."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Run, command
from labeler.wording import duration

if TYPE_CHECKING:
    from labeler.flows.watch import WatchRun

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME…]", help="The watches to run (default: all of [[watch]]).", show_default=False),
]
Once = Annotated[bool, typer.Option("--once", help="Run each watch once, as for cron; else go on and on.")]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "watch", watch, names_people=True, writes=True)


def watch(run: Run, names: Names = None, once: Once = False) -> None:
    """Label and publish what is new in the inputs of [[watch]] in labeler.toml.

    Each new paper is labelled once, and each output, mail and task is made once, whatever was interrupted before; what
    fails is tried again the next time. Exit code 5 says that a server failed, 3 that an input could not be used.

    Example: labeler watch --once
    """
    # Nothing here is a product of large matrices: threads for them would only take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from labeler.flows.watch_rounds import exit_code, watch_once, watch_plan
    from labeler.watching.settings import chosen, watches_of

    if not (once or run.dry_run):
        _go_on(run, names or [])
        return
    watches = watches_of(run.workspace)
    due = chosen(watches, names or [])
    results = watch_plan(run.workspace, watches, due) if run.dry_run else watch_once(run.workspace, watches, due)
    if results is None:
        run.done({"watches": [], "another": True}, "Another `labeler watch` is at work here; nothing was done.")
        return
    for result in results:
        _tell(run, result)
    if run.as_json:
        run.result({"watches": [result.to_dict() for result in results], "another": False}, "")
    if code := exit_code(results):
        raise typer.Exit(code)


def _go_on(run: Run, names: list[str]) -> None:
    """Run watches whenever they are due, until a signal ends that between two steps.

    Raises:
        KeyboardInterrupt: it was a key that interrupts.
    """
    from labeler.flows.watch_rounds import watch_on
    from labeler.watching.settings import chosen, watches_of

    workspace = run.workspace
    chosen(watches_of(workspace), names)  # later faults of the settings are told, and end nothing
    with _signals() as (ended, interrupted):
        for event in watch_on(workspace.root, names, ended):
            if isinstance(event, str):
                _clear_line(run)
                run.say(event)
            elif isinstance(event, float):
                _status_line(run, f"waiting; the next run is in {duration(event)} (Ctrl-C ends)")
            elif event.is_worth_telling:
                _clear_line(run)
                _tell(run, event)
                if run.as_json:
                    run.result({"watches": [event.to_dict()]}, "")
        _clear_line(run)
    if interrupted.is_set():
        raise KeyboardInterrupt


@contextmanager
def _signals() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Events: the process was asked to end, and that by a key. A second key interrupts at once."""
    ended, interrupted = threading.Event(), threading.Event()

    def end(number: int, _: object) -> None:
        if number == signal.SIGINT and interrupted.is_set():
            raise KeyboardInterrupt
        if number == signal.SIGINT:
            interrupted.set()
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield ended, interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(run: Run, result: WatchRun) -> None:
    """Say what a run of a watch has come to."""
    for note in result.notes:
        run.say(f"{result.name}: {note}")
    for fault in result.faults:
        _say_fault(run, f"{result.name}: {fault.text}")
    run.say(result.summary())


def _say_fault(run: Run, text: str) -> None:
    """Say what failed, also with ``--quiet``."""
    from labeler.papers.cleaning import printable

    if run.quiet:
        print(printable(f"labeler: {text}"), file=sys.stderr)
    else:
        run.say(text)


def _status_line(run: Run, text: str) -> None:
    """Write a line of a terminal anew."""
    if sys.stderr.isatty() and not run.quiet:
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def _clear_line(run: Run) -> None:
    _status_line(run, "")
