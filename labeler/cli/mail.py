"""The command mail: a labelled digest to the subscribers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Format, Inputs, Model, Run, command, counted
from labeler.cli.papers import say_notes, say_refusals, say_shipped_model
from labeler.errors import ServerError

if TYPE_CHECKING:
    from labeler.flows.mail import Mailed

_MOST_TOLD = 10  # people that a message could not be sent to
MessagesFolder = Annotated[
    Path | None,
    typer.Option("--dry-run", metavar="DIR", help="Write the messages into a folder, and send nothing."),
]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "mail", mail, names_people=True)


def mail(
    run: Run,
    inputs: Inputs,
    dry_run: MessagesFolder = None,
    model: Model = None,
    format_name: Format = None,
) -> None:
    """Send the papers of a digest, with their topics, to the subscribers of [mail] in labeler.toml.

    Everybody gets a digest once, however often this is run. The password of the mail server is in
    LABELER_MAIL_PASSWORD.

    Example: labeler mail tomorrow.txt --dry-run messages
    """
    from labeler.digests import open_sources
    from labeler.flows.label import labelling
    from labeler.flows.mail import mail_digest, write_messages
    from labeler.mail.settings import mail_settings

    workspace = run.workspace
    settings = mail_settings(workspace)
    sources, job = open_sources(inputs), labelling(run.models, model, workspace)
    labelled = list(job.label(sources, format_name, dated=True, linked=True))
    if dry_run is not None:
        mailed = write_messages(labelled, job, settings, dry_run)
    else:
        mailed = mail_digest(labelled, job, settings, workspace, lambda to: run.progress(f"sent to {to}"))
    say_refusals(run, job.refused)
    say_notes(run, [*job.notes, *mailed.notes])
    if job.shipped_model_used:
        say_shipped_model(run, job.version, inputs[0])
    for address, reason in list(mailed.failed.items())[:_MOST_TOLD]:
        run.say(f"not sent to {address}: {reason}")
    if len(mailed.failed) > _MOST_TOLD:
        run.say(f"not sent to {len(mailed.failed) - _MOST_TOLD} more (--json names all)")
    run.done(_record(mailed), _text(mailed, dry_run))
    if mailed.fault:
        raise mailed.fault
    if mailed.failed:
        raise ServerError(
            f"{counted(len(mailed.failed), 'message')} of {len(mailed.failed) + len(mailed.sent)} could not be sent",
            "correct these addresses, or run it again: nobody gets a message twice",
        )


def _text(mailed: Mailed, folder: Path | None) -> str:
    """What was done, in a sentence."""
    papers = counted(mailed.papers, "paper")
    parts = [f"{len(mailed.before)} had it before"] if mailed.before else []
    parts += [f"{len(mailed.empty)} get nothing, as no paper is for them"] if mailed.empty else []
    parts += [f"{len(mailed.waiting)} wait for the next run"] if mailed.waiting else []
    more = f" ({'; '.join(parts)})" if parts else ""
    if folder is not None:
        return f"{papers}: wrote {counted(len(mailed.files), 'message')} into {folder}, sent none{more}."
    return f"{papers}: sent {counted(len(mailed.sent), 'message')}{more}."


def _record(mailed: Mailed) -> dict[str, object]:
    return {
        "digest": mailed.digest,
        "papers": mailed.papers,
        "sent": mailed.sent,
        "sent_before": mailed.before,
        "nothing_for": mailed.empty,
        "failed": mailed.failed,
        "waiting": mailed.waiting,
        "files": mailed.files,
    }
