"""What ``import --soft`` says: predictions of another model as soft labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from labeler.cli.command import Run, counted
from labeler.cli.left_out import say_left_out
from labeler.errors import UsageError

Soft = Annotated[
    bool,
    typer.Option("--soft", help="The files hold probabilities of topics by another model: no judgements, soft labels."),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="NAME", help="With --soft: the model that made them (default: as the rows say)."),
]


def refuse_other_options(given: Iterable[object]) -> None:
    """Refuse options for judgements beside ``--soft``.

    Raises:
        UsageError: one is given.
    """
    if any(given):
        raise UsageError("--soft takes --from, --format and --dry-run alone", "soft labels are no judgements")


def import_soft_labels(run: Run, files: list[str], model: str | None, format_name: str | None) -> None:
    """Import the soft labels in files, and say what was brought in."""
    from labeler.flows.import_soft import import_soft

    result = import_soft(run.workspace, files, model or "", format_name, run.dry_run)
    counts = result.counts()
    models = ", ".join(f"{name} ({counted(papers, 'paper')})" for name, papers in counts["models"].items())
    verb = "would be added" if run.dry_run else "added"
    said = f"Soft labels of {models}: {counts['added']} {verb}, {counts['known']} known before."
    run.done(counts, said)
    for note in result.notes:
        run.say(note)
    say_left_out(run, result.refused, result.unknown_labels)
