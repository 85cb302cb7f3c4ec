"""Commands of the loop with a Label Studio server: push, pull, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.annotation import STRATEGY, OfTopic, Search, refuse_strategy, say_notes, summary
from labeler.cli.command import Format, InputsIfAny, Model, Run, command, counted
from labeler.cli.papers import say_reading
from labeler.cli.review import Blind, Review, To, changed_tasks, check_options, push_for_review
from labeler.cli.state import status_text
from labeler.errors import UsageError
from labeler.sampling.registry import DEFAULT
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.flows.push import PushResult

_MOST_PICKS = 200  # in the text for people

Count = Annotated[
    int | None,
    typer.Option(
        "--count",
        metavar="N",
        min=0,
        help="Fill the queue up to N unanswered papers (default: all; with --topic or --search, 20 that these found).",
    ),
]
Overlap = Annotated[
    int, typer.Option("--overlap", metavar="K", min=1, help="How many people are to judge each new paper.")
]
Share = Annotated[
    float | None, typer.Option("--share", metavar="S", help="With --overlap: only this share of the new papers.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "push", push, writes=True)
    command(app, "pull", pull, writes=True)
    command(app, "status", status, names_people=True)


def push(
    run: Run,
    inputs: InputsIfAny = None,
    count: Count = None,
    strategy: Annotated[str | None, STRATEGY] = None,
    topic: OfTopic = None,
    search: Search = None,
    overlap: Overlap = 1,
    share: Share = None,
    review: Review = None,
    to: To = None,
    blind: Blind = False,
    model: Model = None,
    new_project: Annotated[
        bool, typer.Option("--new-project", help="Make another project where the old one was deleted.")
    ] = False,
    format_name: Format = None,
) -> None:
    """Send papers to Label Studio: what is new, the most useful first, with the model's suggestions.

    Nothing is doubled: papers that were judged or are there already are not sent again, and suggestions of earlier
    models are replaced. It can be run every day, and again after it was interrupted. --topic and --search send what
    fits them. With --review, judged papers go to a project of their own, in which a person settles what others said.

    Example: labeler push digest.txt --count 50
    """
    from labeler.flows.push import PushRequest
    from labeler.flows.push import push as flow

    of_papers = {"--strategy": strategy, "--overlap": overlap > 1, "--share": share, "--format": format_name}
    of_papers |= {"--topic": topic, "--search": search}
    check_options(inputs, review, of_papers, {"--to": to, "--blind": blind})
    if review:
        push_for_review(run, review, to or "", blind, count, model, new_project)
        return
    refuse_strategy(strategy, topic, search)
    how = strategy or DEFAULT, overlap, model, run.dry_run, new_project, known_share(share, overlap), topic, search
    result = flow(run.workspace, inputs or [], format_name, PushRequest(count, *how), run.say)
    say_reading(run, result.reading)
    if run.as_json:
        run.result({**_record(result), "dry_run": run.dry_run}, "")
    else:
        _say_picks(run, result, share is not None)
        run.say(_summary(result, run.dry_run))


def _say_picks(run: Run, result: PushResult, tell_people: bool) -> None:
    """Say which papers were sent and why, and with ``tell_people`` which of them several people are to judge."""
    for pick in result.picks[:_MOST_PICKS]:
        people = f" (by {pick.overlap} people)" if tell_people and pick.overlap > 1 else ""
        run.say(f"  {pick.paper.id}  {shortened(pick.paper.title or pick.paper.abstract, 70)} — {pick.reason}{people}")
    if len(result.picks) > _MOST_PICKS:
        run.say(f"  … and {len(result.picks) - _MOST_PICKS} more (--json lists all)")
    if result.note:
        run.say(f"note: {result.note}")


def known_share(share: float | None, overlap: int) -> float:
    """The share of papers that several people are to judge: all of them where none is named.

    Raises:
        UsageError: it is no share, or nothing says how many people.
    """
    if share is not None and overlap == 1:
        raise UsageError("--share is for --overlap", "say how many people with --overlap 2")
    if share is not None and not 0 < share <= 1:
        raise UsageError(f"--share is {share}", "give a share above 0 and up to 1, such as 0.2")
    return 1.0 if share is None else share


def _summary(result: PushResult, dry_run: bool) -> str:
    """What a push has changed, in a few lines for people."""
    verb = "would be sent" if dry_run else "sent"
    reasons = {
        "judged before": result.judged,
        "that do not fit": result.unfit,
        "there already": result.in_project,
        "nearly the same as another": result.near_duplicates,
        "left for later": result.remaining,
    }
    others = ", ".join(f"{number} {reason}" for reason, number in reasons.items() if number)
    lines = [f"{counted(len(result.picks), 'paper')} of {result.papers} {verb}" + (f" ({others})." if others else ".")]
    waiting = result.waiting + len(result.picks)
    audits = sum(pick.audit for pick in result.picks)
    several = sum(pick.overlap > 1 for pick in result.picks)
    lines.append(
        f"{counted(waiting, 'paper')} {'would wait' if dry_run else 'wait' if waiting != 1 else 'waits'} for an answer"
        + (f", {audits} of the new ones to check the model" if audits else "")
        + (f", {several} of the new ones for several people" if several else "")
        + "."
    )
    if result.predictions:
        kind = f"Suggestions by {result.model}" if result.model else "Places in the queue (no model yet)"
        new = min(len(result.picks), result.predictions)  # those of the papers that were sent
        counts = {"added": new, "renewed": result.predictions - new}
        lines.append(f"{kind}: {', '.join(f'{count} {what}' for what, count in counts.items() if count)}.")
    lines += changed_tasks(result.updated, result.duplicates)
    if result.failure:
        lines.append(f"Label Studio was not asked: {result.failure}. Papers that are there already count as new here.")
    elif result.is_new_project:
        lines.append("A new project would be made." if dry_run else f"Made a project: {result.project}")
    else:
        lines.append(f"Annotate at {result.project}")
    return "\n".join(lines)


def _record(result: PushResult) -> dict[str, Any]:
    """What a push has changed, as JSON for programs."""
    picks = [
        {
            "paper": pick.paper.id,
            "title": pick.paper.title,
            "reason": pick.reason,
            "strategy": pick.asked["strategy"],
            "audit": pick.audit,
            "overlap": pick.overlap,
        }
        for pick in result.picks
    ]
    return {
        "project": result.project,
        "made_project": result.is_new_project,
        "papers": result.papers,
        "judged_before": result.judged,
        "held_before": result.in_project,
        "nearly_the_same": result.near_duplicates,
        "unfit": result.unfit,
        "left": result.remaining,
        "sent": len(picks),
        "waiting": result.waiting + len(picks),
        "updated": result.updated,
        "doubles_removed": result.duplicates,
        "predictions": result.predictions,
        "model": result.model,
        "strategy": result.strategy,
        "note": result.note,
        "failure": result.failure,
        "picks": picks,
    }


def pull(
    run: Run,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Yes, many annotations (or the project) were deleted on purpose.")
    ] = False,
) -> None:
    """Bring new, changed and withdrawn judgements from Label Studio into the log.

    Example: labeler pull
    """
    from labeler.flows.pull import pull as flow

    result = flow(run.workspace, confirm, run.dry_run)
    counts = result.imported.counts()
    withdrawn = len(result.withdrawn)
    record = {**counts, "withdrawn": withdrawn, "tasks_read": result.tasks_read, "project": result.project}
    gone = f" {counted(withdrawn, 'annotation')} {'would be' if run.dry_run else 'recorded as'} withdrawn."
    run.done(record, summary(counts, run.dry_run) + (gone if withdrawn else ""))
    say_notes(run, result.imported, "pull again")


def status(run: Run) -> None:
    """Tell how far the loop is: what is asked, answered and by whom, how the model does, and what watches did.

    Where the server cannot be asked, it says why, and tells what the log and the models say.

    Example: labeler status
    """
    from labeler.flows.status import status as flow

    state = flow(run.workspace)
    root = str(run.workspace.root)
    run.result({"workspace": root, **state.to_dict()}, f"Workspace {root}\n{status_text(state)}")
