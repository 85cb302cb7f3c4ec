"""The command plugins: what other packages add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from labeler.cli.command import Run, command

if TYPE_CHECKING:
    from labeler.registry import Addition


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "plugins", plugins)


def plugins(run: Run) -> None:
    """List what other packages add: formats, outputs, strategies, metrics, sources.

    One that cannot be used is listed with the reason, and every other command leaves it out.

    Example: labeler plugins
    """
    from labeler.flows.plugins import additions, groups

    found = additions()
    lines = [_line(one) for one in found] or [
        "No installed package adds anything to labeler. One does by entry points of a group "
        f"{', '.join(groups()[:-1])} or {groups()[-1]}."
    ]
    run.result({"plugins": [one._asdict() for one in found]}, "\n".join(lines))


def _line(one: Addition) -> str:
    about = f": {one.about}" if one.about else ""
    origin = f"{one.package} {one.version}".strip() or "a package without a name"
    fault = f" — LEFT OUT: {one.fault}" if one.fault else ""
    return f"{one.kind} {one.name}{about} ({one.place} of {origin}){fault}"
