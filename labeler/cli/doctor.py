"""The command that looks whether all is well: doctor."""

from __future__ import annotations

import typer

from labeler.cli.command import Run, command
from labeler.errors import NotFoundError, RefusedError


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "doctor", doctor)


def doctor(run: Run) -> None:
    """Look at what is installed, and at what in the workspace is wrong, out of reach or stale; nothing is changed.

    Each thing that is not as it should be has a line that says what to do. The exit code is 6 where something is wrong.

    Example: labeler doctor
    """
    from labeler.flows.doctor import Verdict, findings

    try:
        workspace = run.workspace
    except NotFoundError:
        workspace = None
    found = list(findings(workspace))
    lines = [f"{one.verdict:<5}  {one.what}" + (f"\n       -> {one.do}" if one.do else "") for one in found]
    record = {"findings": [{"verdict": str(one.verdict), "what": one.what, "do": one.do} for one in found]}
    run.result(record, "\n".join(lines))
    if faults := [one for one in found if one.verdict == Verdict.WRONG]:
        raise RefusedError(f"{len(faults)} of {len(found)} are wrong", "the lines above say what to do")
