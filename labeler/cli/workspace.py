"""Commands about the workspace and its topic scheme: init, topics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Format, Run, Separator, command, counted, divider, known_ending
from labeler.cli.help import Group
from labeler.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from labeler.flows.add_topics import AddedTopics
    from labeler.flows.migrate import Migration


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "init", init, writes=True)
    topics = typer.Typer(
        cls=Group,
        help="The topic scheme: show, check, add, config, migrate.\n\nExample: labeler topics check",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    command(topics, "show", show)
    command(topics, "check", check)
    command(topics, "add", add, writes=True)
    command(topics, "config", config, writes=True)
    command(topics, "migrate", migrate, writes=True)
    app.add_typer(topics, name="topics")


def init(
    run: Run,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder of the workspace (default: the current one).")
    ] = None,
) -> None:
    """Make a workspace: settings, a topic scheme to edit, folders for judgements and models.

    Example: labeler init my-topics
    """
    from labeler.flows.init import start

    folder = folder or Path(run.named_workspace or ".")
    written = start(folder, run.dry_run)
    if written and run.dry_run:
        text = f"Would make a workspace in {folder.resolve()}: {', '.join(written)}, and a folder for models."
    elif written:
        scheme = folder / "annotations" / "topics.toml"
        text = f"Made a workspace in {folder.resolve()}. Now edit {scheme}, then run `labeler topics check`."
    else:
        text = f"{folder.resolve()} is a workspace already; nothing was changed."
    run.done({"workspace": str(folder), "written": written}, text)


def show(run: Run) -> None:
    """Print the topics.

    Example: labeler topics show
    """
    from labeler.flows.keywords import keyword_counts
    from labeler.topics import load_scheme

    scheme = load_scheme(run.workspace.topics)
    counts = keyword_counts(run.workspace, scheme)
    lines = [f"{counted(len(scheme.topics), 'topic')}, mode {scheme.mode if scheme.has_mode else 'missing'}"]
    for topic in scheme.topics:
        below = f"(below {scheme.name(topic.parent)})" if topic.parent else ""
        marks = [f"[{topic.hotkey}]" if topic.hotkey else "", below, "(hidden)" if topic.hidden else ""]
        lines.append(" ".join(part for part in (f"  {topic.id}: {topic.name}", *marks) if part))
        if topic.definition:
            lines.append(f"      {topic.definition}")
        lines += [f"      {'' if one.negated else 'keyword '}{one.told}" for one in counts.get(topic.id, ())]
    found = {topic: [one.to_dict() for one in some] for topic, some in counts.items()}
    run.result(scheme.to_dict() | ({"keywords": found} if found else {}), "\n".join(lines))


def check(run: Run) -> None:
    """Look for faults in the topic scheme.

    Example: labeler topics check
    """
    from labeler.judgements import JudgementLog, missing_topic_notes
    from labeler.topics import load_scheme
    from labeler.topics.faults import faults

    path = run.workspace.topics
    scheme = load_scheme(path)
    scheme_faults = faults(scheme)
    record = {
        "topics": len(scheme.topics),
        "mode": scheme.mode,
        "faults": [{"topic": fault.topic, "message": fault.message} for fault in scheme_faults],
    }
    if scheme_faults:
        if run.as_json:
            run.result(record, "")
        for fault in scheme_faults[1:]:
            run.say(f"labeler: {path}: {fault}")
        raise RefusedError(f"{path}: {scheme_faults[0]}", "mend it in topics.toml")
    run.done(record, f"The scheme is sound: {counted(len(scheme.topics), 'topic')}, mode {scheme.mode}.")
    for note in missing_topic_notes(JudgementLog(run.workspace.judgements).read().judgements, scheme):
        run.say(f"note: {note}")


def add(
    run: Run,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", help="The names of new topics.", show_default=False)
    ] = None,
    tables: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="FILE", help="Take the labels of the papers of a table. Repeatable."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", "--topics-column", metavar="COLUMN", help="The table's column of labels. Repeatable."),
    ] = None,
    separator: Separator = None,
    at_least: Annotated[
        int, typer.Option("--min", metavar="N", min=1, help="Leave out labels of fewer than N papers.")
    ] = 1,
    format_name: Format = None,
) -> None:
    """Add topics to the scheme: by their names, or all labels of a table, the most frequent first.

    What is a topic already, by its id, name or an alias, stays as it is. The examples of a new workspace give way.

    Example: labeler topics add --from table.csv --column area
    """
    from labeler.flows.add_topics import LabelledTables, add_topics

    if bool(tables) != bool(columns):
        raise UsageError("--from and --column belong together", "name a table and its column of labels")
    if not names and not tables:
        raise UsageError(
            "no topic is named", "name some, or a table: labeler topics add --from table.csv --column area"
        )
    labels = at_least, format_name, divider(separator)
    labelled = LabelledTables(tables, columns, *labels) if tables and columns else None
    result = add_topics(run.workspace, names or [], labelled, run.dry_run)
    run.done(result.to_dict(), _added(result, run.dry_run))


def _added(result: AddedTopics, dry_run: bool) -> str:
    """What was added, and what comes next."""
    from labeler.topics.mode import Mode

    verb = "would be added to" if dry_run else "added to"
    lines = [
        f"  {topic.id}: {topic.name}" + (f" ({counted(papers, 'paper')})" if papers else "")
        for topic, papers in result.topics
    ]
    lines.append(f"{counted(len(result.topics), 'topic')} {verb} {result.file}.")
    if result.known:
        lines.append(f"{counted(result.known, 'label')} {'were topics' if result.known > 1 else 'was a topic'} before.")
    if result.rare:
        lines.append(f"{counted(result.rare, 'label')} of too few papers left out (--min).")
    if result.examples:
        lines.append("The examples that the file began with give way.")
    if result.mode == Mode.SINGLE and result.most > 1:
        lines.append('Some papers have several labels: write mode = "multi" above the topics to keep them.')
    elif result.mode == Mode.MULTI and result.most == 1 and result.examples:
        lines.append('No paper has several labels: if none ever has, write mode = "single" above the topics.')
    if result.topics and not dry_run:
        lines.append("Read them through, then run `labeler topics check`.")
    return "\n".join(lines)


def config(
    run: Run,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file (.xml, .txt or no ending).")
    ] = None,
) -> None:
    """Make the labelling interface for Label Studio (Settings > Labeling Interface > Code) from the topics.

    Example: labeler topics config -o interface.xml
    """
    from labeler.studio.interface import interface
    from labeler.topics import load_checked_scheme

    known_ending(output, ".xml", ".txt")
    xml = interface(load_checked_scheme(run.workspace.topics))
    if not run.as_json or output is not None:
        with run.output(output) as out:
            out.write(xml)
    if run.as_json:
        run.result({"label_config": xml, "file": str(output) if output else None}, "")
    if output and not run.dry_run:
        run.say(f"Wrote {output}: paste it in Label Studio under Settings > Labeling Interface > Code.")


def migrate(run: Run) -> None:
    """Carry a changed topic scheme through the log of judgements and the server: both or neither.

    A topic may be added, renamed (its id stays), hidden (hidden = true), put below another one (parent = "its-id"), or
    merged: remove it, and name its id in the aliases of the topic it goes into. It is split into others that say
    split_from = "its-id": remove it, or make it their parent. Its papers then go to people again, with the part that a
    model, or the definitions, suggest.

    Example: labeler topics migrate --dry-run
    """
    from labeler.flows.migrate import migrate as flow

    result = flow(run.workspace, run.dry_run)
    lines = [f"  {change}" for change in result.changes]
    if result.carried:
        verb = "would be carried" if run.dry_run else "carried"
        lines.append(f"{counted(result.carried, 'judgement')} {verb} over; the old ones stay in the log.")
    if result.interface_changed:
        lines.append(f"The labelling interface of {result.project} {'would be' if run.dry_run else 'was'} changed.")
    elif result.project is None:
        lines.append(_only_the_log(result))
    if result.again:
        lines.append(
            f"{counted(result.again, 'paper')} of topics that were split {'are' if result.again > 1 else 'is'} to be "
            "judged again: the next `labeler push` or `labeler export` has them, the surest first."
        )
    if not result.carried and not result.interface_changed and not result.again:
        lines.append("There is nothing to do.")
    run.done(result.to_dict(), "\n".join(lines))


def _only_the_log(result: Migration) -> str:
    """Why a migration has looked at the log alone."""
    if result.server is None:
        asked = "No server was asked, as no Label Studio server is known here: only the log was looked at."
        if result.elsewhere:
            return (
                f"{asked} The project at {result.elsewhere} keeps its topics until this is run with its address in "
                "LABEL_STUDIO_URL and a key in LABEL_STUDIO_API_KEY."
            )
        return asked
    if result.elsewhere:
        return f"The project at {result.elsewhere} is not at {result.server} (any more): only the log was looked at."
    return f"Nothing was pushed to {result.server} yet: only the log was looked at."
