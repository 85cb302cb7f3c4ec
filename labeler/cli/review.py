"""What ``push --review`` and ``export --review`` say: judged papers that a person judges once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.command import Run, counted, known_ending
from labeler.errors import UsageError
from labeler.wording import nearest, shortened

if TYPE_CHECKING:
    from labeler.flows.review import ReviewPush

_MOST = 200  # papers in the text for people


def known_kind(name: str | None) -> str | None:
    """``name``, if it is a kind of papers for review, or None.

    Raises:
        UsageError: it is not.
    """
    if name is None:
        return None
    from labeler.review import KINDS

    if name in KINDS:
        return name
    meant = nearest(name, KINDS)
    hint = f"is {meant!r} meant?" if meant else f"known are: {', '.join(KINDS)}"
    raise UsageError(f"--review takes {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {name!r}", hint)


Review = Annotated[
    str | None,
    typer.Option(
        "--review",
        metavar="KIND",
        callback=known_kind,
        help="Judged papers once more, no input: ties, suspects, unsure (what people are unsure of), disagreements.",
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="NAME", help="With --review: who is to settle them (an address on the server)."),
]
Blind = Annotated[bool, typer.Option("--blind", help="With --review: letters in the place of people's names.")]


def check_options(
    inputs: Sequence[str] | None, review: str | None, of_papers: Mapping[str, Any], of_review: Mapping[str, Any]
) -> None:
    """Refuse options that do not go together: those for new papers beside ``--review``, and those of it without.

    Raises:
        UsageError: there are such, or there is no input and no ``--review``.
    """
    given = [name for name, value in (of_papers if review else of_review).items() if value]
    if review and inputs:
        raise UsageError("--review takes no input: its papers are those of the log", f"leave out {inputs[0]}")
    if given and review:
        raise UsageError(f"{given[0]} is for new papers, not for --review", "leave it out")
    if given:
        raise UsageError(f"{given[0]} is for --review", "add --review KIND, or leave it out")
    if not review and not inputs:
        raise UsageError("Missing argument 'INPUT…'")


def push_for_review(
    run: Run,
    kind: str,
    to: str,
    blind: bool,
    count: int | None,
    model: str | None,
    new_project: bool,
) -> None:
    """Send judged papers to the review project, and say which."""
    from labeler.flows.review import ReviewRequest, push_review

    result = push_review(run.workspace, ReviewRequest(kind, to, blind, count, model, run.dry_run, new_project), run.say)
    if run.as_json:
        run.result({**_record(result), "dry_run": run.dry_run}, "")
        return
    for one in result.sent[:_MOST]:
        run.say(f"  {one.paper.id}  {shortened(one.paper.title or one.paper.abstract, 70)} — {one.reason}")
    if len(result.sent) > _MOST:
        run.say(f"  … and {len(result.sent) - _MOST} more (--json lists all)")
    if result.note:
        run.say(f"note: {result.note}")
    run.say(_summary(result, run.dry_run))


def export_for_review(run: Run, kind: str, blind: bool, model: str | None, output: str | None) -> None:
    """Write judged papers as a sheet in which a person writes verdicts, and say how many they are."""
    from pathlib import Path

    from labeler.flows.corrections import refuse_to_lose_corrections
    from labeler.flows.export_review import write_review

    ending = known_ending(output, ".csv", ".xlsx")
    if output:
        refuse_to_lose_corrections(Path(output), run.workspace)
    elif run.as_json:
        raise UsageError("--json tells what was written to a file", "name one with -o")
    is_workbook = ending == ".xlsx"
    with run.output(output, is_workbook) as out:
        found = write_review(run.workspace, kind, blind, model, out, is_workbook)
    papers = [{"paper": one.paper.id, "title": one.paper.title, "reason": one.reason} for one in found.papers]
    record = {"review": kind, "papers": papers, "model": found.model, "note": found.note, "file": output}
    if run.as_json:
        run.result(record, "")
        return
    if found.note:
        run.say(f"note: {found.note}")
    run.say(f"{counted(len(papers), 'paper')} to settle ({kind}).")
    if output and papers and not run.dry_run:
        run.say(f"Write verdicts under 'corrected' in {output}, then `labeler import {output} --annotator NAME`.")


def changed_tasks(updated: int, duplicates: int) -> list[str]:
    """What a push has changed of tasks that were there, a line each."""
    lines = [f"{counted(updated, 'paper')} brought up to date."] if updated else []
    return lines + ([f"{counted(duplicates, 'double')} removed."] if duplicates else [])


def _summary(result: ReviewPush, dry_run: bool) -> str:
    """What a push for review has changed, in a few lines for people."""
    reasons = {"in review already": result.in_project, "left for later": result.remaining}
    others = ", ".join(f"{number} {reason}" for reason, number in reasons.items() if number)
    sent, waiting = len(result.sent), result.waiting + len(result.sent)
    verb = "would be sent" if dry_run else "sent"
    what = f"{counted(sent, 'paper')} of {result.found} ({result.kind}) {verb} to review"
    lines = [what + (f" ({others})." if others else ".")]
    lines.append(
        f"{counted(waiting, 'paper')} {'would wait' if dry_run else 'wait' if waiting != 1 else 'waits'} there."
    )
    if result.remaining and result.waiting:
        lines.append("With --count, no more papers wait there than it says: a larger one sends more.")
    if result.to and sent:
        own = f", who judged {result.own} of them before: verdicts on these are marked" if result.own else ""
        lines.append(f"They are for {result.to}{own}.")
    lines += changed_tasks(result.updated, result.duplicates)
    if result.failure:
        lines.append(f"Label Studio was not asked: {result.failure}. Papers that are in review count as new here.")
    elif result.project and result.is_new_project:
        lines.append(f"Made a project: {result.project}")
    elif result.project:
        lines.append(f"Settle them at {result.project}")
    elif sent:
        lines.append("A new project would be made.")
    return "\n".join(lines)


def _record(result: ReviewPush) -> dict[str, Any]:
    """What a push for review has changed, for programs."""
    sent = [
        {"paper": one.paper.id, "title": one.paper.title, "reason": one.reason, "people": len(one.people)}
        for one in result.sent
    ]
    return {
        "review": result.kind,
        "project": result.project,
        "made_project": result.is_new_project,
        "found": result.found,
        "held_before": result.in_project,
        "sent": len(sent),
        "left": result.remaining,
        "waiting": result.waiting + len(sent),
        "updated": result.updated,
        "doubles_removed": result.duplicates,
        "to": result.to or None,
        "own": result.own,
        "model": result.model,
        "note": result.note,
        "failure": result.failure,
        "papers": sent,
    }
