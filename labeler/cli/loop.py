"""Commands of the loop with a Label Studio server: push, pull, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.annotation import Strategy, summary, tell
from labeler.cli.command import DryRun, Format, Inputs, Model, Run, command, counted

if TYPE_CHECKING:
    from labeler.flows.push import PushResult
    from labeler.flows.status import Status

_TOLD = 200
_TIES_TOLD = 10


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "push", push)
    command(app, "pull", pull)
    command(app, "status", status)


def push(
    run: Run,
    inputs: Inputs,
    count: Annotated[
        int | None,
        typer.Option("--count", metavar="N", min=0, help="Fill the queue up to N unanswered papers (default: all)."),
    ] = None,
    strategy: Annotated[Strategy, typer.Option("--strategy", help="What is useful.")] = Strategy.MIX,
    overlap: Annotated[
        int, typer.Option("--overlap", metavar="K", min=1, help="How many people are to judge each new paper.")
    ] = 1,
    model: Model = None,
    new_project: Annotated[
        bool, typer.Option("--new-project", help="Make another project where the old one was deleted.")
    ] = False,
    format_name: Format = None,
    dry_run: DryRun = False,
) -> None:
    """Send papers to Label Studio: what is new, the most useful first, with the model's suggestions.

    Nothing is doubled: papers that were judged or are there already are not sent again, and suggestions of earlier
    models are replaced. It can be run every day, and again after it was interrupted.

    Example: labeler push digest.txt --count 50
    """
    from labeler.flows.push import PushRequest
    from labeler.flows.push import push as flow

    wanted = PushRequest(count, strategy.value, overlap, model, dry_run, new_project)
    done = flow(run.workspace, inputs, format_name, wanted, run.say)
    if run.as_json:
        run.result(_record(done, dry_run), "")
        return
    for one in done.picks[:_TOLD]:
        run.say(f"  {one.paper.id}  {(one.paper.title or one.paper.abstract)[:70]} — {one.reason}")
    if len(done.picks) > _TOLD:
        run.say(f"  … and {len(done.picks) - _TOLD} more (--json lists all)")
    if done.note:
        run.say(f"note: {done.note}")
    run.say(_told(done, dry_run))


def _told(done: PushResult, dry_run: bool) -> str:
    verb = "would be sent" if dry_run else "sent"
    before = {
        "judged before": done.judged,
        "there already": done.held,
        "nearly the same as another": done.near,
        "left for later": done.left,
    }
    others = ", ".join(f"{number} {what}" for what, number in before.items() if number)
    lines = [f"{counted(len(done.picks), 'paper')} of {done.papers} {verb}" + (f" ({others})." if others else ".")]
    waiting = done.waiting + len(done.picks)
    audits = sum(one.audit for one in done.picks)
    lines.append(
        f"{counted(waiting, 'paper')} {'would wait' if dry_run else 'wait' if waiting != 1 else 'waits'} for an answer"
        + (f", {audits} of the new ones to check the model" if audits else "")
        + "."
    )
    if done.predictions:
        by = f"suggestions by {done.model}" if done.model else "places in the queue (no model yet)"
        lines.append(f"{done.predictions} {by} renewed.")
    also = {"paper brought up to date": done.updated, "double removed": done.doubles}
    lines += [f"{number} {what}." for what, number in also.items() if number]
    made = "A new project would be made." if dry_run else f"Made a project: {done.project}"
    lines.append(made if done.made_project else f"Annotate at {done.project}")
    return "\n".join(lines)


def _record(done: PushResult, dry_run: bool) -> dict[str, Any]:
    picks = [
        {
            "paper": one.paper.id,
            "title": one.paper.title,
            "reason": one.reason,
            "strategy": one.asked["strategy"],
            "audit": one.audit,
        }
        for one in done.picks
    ]
    return {
        "project": done.project,
        "made_project": done.made_project,
        "papers": done.papers,
        "judged_before": done.judged,
        "held_before": done.held,
        "nearly_the_same": done.near,
        "left": done.left,
        "sent": len(picks),
        "waiting": done.waiting + len(picks),
        "updated": done.updated,
        "doubles_removed": done.doubles,
        "predictions": done.predictions,
        "model": done.model,
        "strategy": done.strategy,
        "note": done.note,
        "dry_run": dry_run,
        "picks": picks,
    }


def pull(
    run: Run,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Yes, many annotations (or the project) were deleted on purpose.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Bring new, changed and withdrawn judgements from Label Studio into the log.

    Example: labeler pull
    """
    from labeler.flows.pull import pull as flow

    pulled = flow(run.workspace, confirm, dry_run)
    counts = pulled.brought.counts()
    withdrawn = len(pulled.withdrawn)
    record = {**counts, "withdrawn": withdrawn, "tasks_read": pulled.read, "project": pulled.project}
    gone = f" {counted(withdrawn, 'annotation')} {'would be' if dry_run else 'recorded as'} withdrawn."
    run.done({**record, "dry_run": dry_run}, summary(counts, dry_run) + (gone if withdrawn else ""))
    tell(run, pulled.brought, "pull again")


def status(run: Run) -> None:
    """Tell how far the loop is: what is asked, answered and by whom, and how the model does.

    Example: labeler status
    """
    from labeler.flows.status import status as flow

    found = flow(run.workspace)
    run.result(found.to_dict(), _status_text(found))


def _status_text(found: Status) -> str:
    lines = []
    if found.project is None and found.gone:
        lines.append(f"The project of this workspace, {found.gone}, is not there (any more); `labeler pull` says more.")
    elif found.project is None:
        lines.append("Nothing was pushed to a Label Studio server yet (`labeler push DIGEST`).")
    else:
        pull_now = f" {counted(found.to_pull or 0, 'annotation')} to pull." if found.to_pull else ""
        lines.append(f"{found.project}: {counted(found.tasks or 0, 'paper')}, {found.waiting} waiting.{pull_now}")
    lines.append(
        f"In the log: {counted(found.judgements, 'judgement')} on {counted(found.judged_papers, 'paper')}"
        + (f", {found.withdrawn} withdrawn" if found.withdrawn else "")
        + (f", {counted(found.ties, 'tie')} to settle" if found.ties else "")
        + "."
    )
    for tie in found.tied[:_TIES_TOLD]:
        lines.append(f"  tied: {tie['title'][:70]} ({tie['paper']}) — {tie['votes']}")
    if len(found.tied) > _TIES_TOLD:
        lines.append(f"  … and {len(found.tied) - _TIES_TOLD} more (--json lists all)")
    for name, one in found.annotators.items():
        shown = one.kept + one.changed
        over = f", overruled {one.changed} of {shown} suggestions ({one.changed / shown:.0%})" if shown else ""
        pace = f", {one.seconds:g} seconds a paper" if one.seconds is not None else ""
        lines.append(f"  {name}: {one.judged} judged, {one.skipped} skipped, {one.unsure} unsure{over}{pace}")
    if found.model is None:
        lines.append("No model yet: `labeler train`.")
    else:
        behind = "judgements or topics have changed since: `labeler train`" if found.changed else "up to date"
        if found.behind:
            behind = f"{counted(found.behind, 'labelled paper')} behind: `labeler train`"
        lines.append(f"Model {found.model}, learned from {counted(found.model_judged, 'paper')}; {behind}.")
    for audit in found.audits:
        share = f"{audit.right} of {audit.papers} papers right in all topics"
        lines.append(f"  {audit.model} on papers asked at random and blind: {share} ({audit.right / audit.papers:.0%})")
    return "\n".join(lines)
