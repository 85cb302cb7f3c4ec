"""The command that makes a workspace forget a person or a paper: forget."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Run, command, counted
from labeler.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from labeler.flows.forget import Forgetting, Meant

_MOST = 10  # files, or tasks, that are listed


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "forget", forget, writes=True)


def forget(
    run: Run,
    annotator: Annotated[
        str | None, typer.Option("--annotator", metavar="NAME", help="The person, by any of the names in the log.")
    ] = None,
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="ID", help="The paper, by an identifier or its title.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a person or a paper: out of the log, of all other files that labeler keeps, and of the models.

    Models that learned from it are trained again from what is left, and the old versions removed. A hash of the name
    or identifiers stays, so that no pull, import or merge of branches brings it back. What git's history and the
    Label Studio server still hold is told, with what to do about it. This cannot be undone.

    Without --annotator or --paper, an earlier run that was interrupted is completed, and what a merge brought back is
    taken out again. So do other clones, once they have the hash.

    Example: labeler forget --annotator ada@example.org
    """
    from labeler.flows.forget import annotator_meant, paper_meant
    from labeler.flows.forget import forget as flow

    if annotator is not None and paper is not None:
        raise UsageError("--annotator and --paper are two things to forget", "name one at a time")
    meant = None
    if annotator is not None:
        meant = annotator_meant(run.workspace, annotator)
    elif paper is not None:
        meant = paper_meant(run.workspace, paper)
    if meant is not None and meant.stones and not yes and not run.dry_run:
        _confirm(run, meant)
    done = flow(run.workspace, meant, run.say, run.dry_run)
    lines = _done(meant, done, run.dry_run) + _elsewhere(meant, done, run.workspace.judgements.parent.name)
    run.done({**done.to_dict(), "judgements": meant.judgements if meant else 0}, "\n".join(lines))


def _confirm(run: Run, meant: Meant) -> None:
    """Ask a person whether to go on; where there is no terminal, nobody can be asked.

    Raises:
        RefusedError: the answer is no, or nobody can be asked.
    """
    others = [name for name in meant.names if name != meant.called]
    known = f" (also {', '.join(others)})" if others else ""
    models = f", and {', '.join(meant.models)} learned from it" if meant.models else ""
    found = f"{meant.called}{known}: {counted(meant.judgements, 'judgement')} in the log{models}"
    if not sys.stdin.isatty():
        raise RefusedError(f"nothing was forgotten of {found}", "it cannot be undone: say --yes if that is meant")
    run.say(found)
    if not typer.confirm("Forget it? This cannot be undone.", err=True):
        raise RefusedError("nothing was forgotten", "it was not confirmed")


def _done(meant: Meant | None, done: Forgetting, dry_run: bool = False) -> list[str]:
    """What was done, or in a dry run would be, as lines."""
    verb = "would be taken out" if dry_run else "taken out"
    lines = [f"  {name}: {counted(count, 'entry', 'entries')} {verb}" for name, count in done.files.items()]
    if meant is not None:
        lines.insert(0, f"{'Would be forgotten' if dry_run else 'Forgotten'}: {meant.called}.")
    lines += [one.sentence(dry_run) for one in done.models]
    lines += [f"Take {name!r} out of [annotators] in the settings yourself." for name in done.in_settings]
    if not (done.files or done.models):
        lines.append("Nothing of what was forgotten is left in the files that labeler keeps here.")
    return lines


def _elsewhere(meant: Meant | None, done: Forgetting, annotations: str) -> list[str]:
    """What still holds it elsewhere, and what to do about it."""
    from labeler.config import WORKSPACE_FILE

    lines, settings = [], f" --path {WORKSPACE_FILE}" if meant and meant.names else ""
    if done.remains:
        lines.append("These files of yours still hold it; edit or remove them:")
        lines += [f"  {name}" for name in done.remains[:_MOST]]
        lines += [f"  and {counted(len(done.remains) - _MOST, 'more file')}"] if len(done.remains) > _MOST else []
    if meant is None:
        return lines
    if done.projects:
        which = ", ".join(meant.tasks or done.projects)
        what = "its tasks" if not meant.names else "this person's annotations (Filters > Annotated by) and account"
        lines.append(f"The Label Studio server still holds it: delete {what} there, at {which}.")
    if done.git:
        lines += [
            "Git's history still holds it. Commit, copy the folder, then rewrite the history (git-filter-repo):",
            f"  git filter-repo --force --invert-paths --path {annotations}/{settings}",
            "  put what that removed back from the copy, commit, and push with --force; others clone anew.",
        ]
    lines.append(
        "Backups, files that were published or mailed, and models that were exported are not looked at; what sources "
        "answered lies in the cache of this machine (~/.cache/labeler) for a week."
    )
    return lines
