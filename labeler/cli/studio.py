"""Commands about a Label Studio server of one's own: studio start, stop, status, env."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from labeler.cli.command import Run, command
from labeler.cli.help import Group
from labeler.errors import NotFoundError

if TYPE_CHECKING:
    from labeler.studio.local import LocalStudio


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    studio = typer.Typer(
        cls=Group,
        help="A Label Studio server for this workspace: start, stop, status, env.\n\nExample: labeler studio start",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    command(studio, "start", start)
    command(studio, "stop", stop)
    command(studio, "status", status)
    command(studio, "env", env)
    app.add_typer(studio, name="studio")


def _local(run: Run) -> LocalStudio:
    from labeler.studio.local import LocalStudio

    return LocalStudio(run.workspace.private / "studio", run.workspace.settings.studio_program)


def start(run: Run) -> None:
    """Start a Label Studio server on this machine alone; the first time, install it in an environment of its own.

    Example: labeler studio start
    """
    local = _local(run)
    known, started = local.start(run.say)
    text = (
        f"Label Studio {'runs' if started else 'was running'} at {known.url}\n"
        f"Log in as {known.email} with the password in {local.login}\n"
        "push, pull and status find it by themselves; `labeler studio stop` ends it."
    )
    run.done({"url": known.url, "email": known.email, "login": str(local.login), "started": started}, text)


def stop(run: Run) -> None:
    """Stop the server that `labeler studio start` started. Its data stay.

    Example: labeler studio stop
    """
    stopped = _local(run).stop(run.say)
    run.done({"stopped": stopped}, "Label Studio was stopped." if stopped else "Label Studio was not running.")


def status(run: Run) -> None:
    """Tell whether the server runs, and where.

    Example: labeler studio status
    """
    local = _local(run)
    known, pid = local.credentials(), local.pid()
    answers = pid is not None and local.answers()
    record = {"running": answers, "process": pid, "url": known.url if known else None, "log": str(local.log)}
    if known is None:
        text = "There is no Label Studio server here yet: `labeler studio start`."
    elif answers:
        text = f"Label Studio runs at {known.url}; log in as {known.email} with the password in {local.login}"
    elif pid is not None:
        text = f"Label Studio runs (process {pid}), but does not answer at {known.url} now: is it busy, or starting?"
    else:
        text = f"Label Studio is not running (its data are in {local.folder}): `labeler studio start`."
    run.result(record, text)


def env(run: Run) -> None:
    """Print the lines that make a shell, and any program with Label Studio's SDK, use this server.

    Example: eval "$(labeler studio env)"
    """
    local = _local(run)
    known = local.credentials()
    if known is None and local.kept.exists():
        raise NotFoundError(f"{local.kept} cannot be read", "restore that file")
    if known is None:
        raise NotFoundError("there is no Label Studio server here yet", "make one with `labeler studio start`")
    record = {"LABEL_STUDIO_URL": known.url, "LABEL_STUDIO_API_KEY": known.token}
    run.result(
        dict(record),
        "\n".join(f"export {name}={shlex.quote(value)}" for name, value in record.items()),
        for_people=False,
    )
