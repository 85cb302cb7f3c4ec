"""Commands about annotation: export, import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.command import (
    Format,
    InputsIfAny,
    Model,
    Run,
    Separator,
    command,
    counted,
    divider,
    known_ending,
)
from labeler.cli.left_out import MOST_LISTED, say_left_out
from labeler.cli.papers import say_reading
from labeler.cli.review import Blind, Review, check_options, export_for_review
from labeler.cli.soft_labels import From, Soft, import_soft_labels, refuse_other_options
from labeler.errors import UsageError
from labeler.sampling.registry import DEFAULT, STRATEGIES, strategy_named

if TYPE_CHECKING:
    from labeler.flows.export import ExportResult
    from labeler.flows.import_ import ImportResult


def known_strategy(name: str | None) -> str | None:
    """``name``, if it is that of a strategy, or None.

    Raises:
        UsageError: it is not.
    """
    return name if name is None else strategy_named(name)


def known_tags(name: str) -> str:
    """``name``, if it is that of a field with tags.

    Raises:
        UsageError: it is not.
    """
    from labeler.judgements.tags import TAGS

    if name not in TAGS:
        raise UsageError(
            f"--topics-from takes {' or '.join(TAGS)}, not {name!r}", "a column of a table: --topics-column"
        )
    return name


def refuse_strategy(strategy: str | None, topic: str | None, search: str | None) -> None:
    """Refuse a strategy beside a topic or words that papers are sought by.

    Raises:
        UsageError: there are both.
    """
    given = "--search" if topic is None else "--topic"
    if strategy and (topic, search) != (None, None):
        raise UsageError(f"--strategy and {given} each say which papers", "leave one out")


STRATEGY = typer.Option(
    "--strategy",
    metavar="NAME",
    callback=known_strategy,
    help=f"Which papers are the most useful (default: {DEFAULT}). {STRATEGIES.described()}.",
)


OfTopic = Annotated[
    str | None,
    typer.Option(
        "--topic", metavar="NAME", help="Papers that are most likely of this topic, rare or new as it may be."
    ),
]
Search = Annotated[
    str | None,
    typer.Option(
        "--search", metavar="WORDS", help="Papers that hold these words, or are about the same. Also with --topic."
    ),
]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE…", help="Exports of Label Studio, sheets of `label`, or tables.", show_default=False),
]
TopicsColumn = Annotated[
    list[str] | None,
    typer.Option(
        "--topics-column",
        metavar="COLUMN",
        help="The files are tables; this column names topics, or says 0 or 1 to one. Repeatable.",
    ),
]
TopicsFrom = Annotated[
    list[str] | None,
    typer.Option(
        "--topics-from",
        metavar="keywords|notes",
        callback=lambda fields: list(map(known_tags, fields)) if fields else fields,
        help="The files are digests, such as RIS or BibTeX: topics among the keywords, or notes, become judgements. "
        "Repeatable.",
    ),
]
Complete = Annotated[
    bool,
    typer.Option("--complete/--partial", help="In a table, a topic that is not named is a no / is unknown."),
]
Annotator = Annotated[
    str | None,
    typer.Option(
        "--annotator", metavar="NAME", help="Who judged a table or sheet without a column annotator (default: table)."
    ),
]
Control = Annotated[
    list[str] | None,
    typer.Option(
        "--control", metavar="NAME", help="The control with the topics, in an interface not ours. Repeatable."
    ),
]
TextField = Annotated[
    str | None, typer.Option("--text-field", metavar="NAME", help="The field with the text, in tasks not ours.")
]


Count = Annotated[
    int | None,
    typer.Option("--count", metavar="N", min=1, help="Only the N most useful papers; with --topic or --search 20."),
]
Again = Annotated[bool, typer.Option("--again", help="Also papers that were judged before.")]
TasksOutput = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to a file (.json; with --review .csv or .xlsx)."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "export", export, names_people=True, writes=True)
    command(app, "import", import_, writes=True)


def export(
    run: Run,
    inputs: InputsIfAny = None,
    model: Model = None,
    count: Count = None,
    strategy: Annotated[str | None, STRATEGY] = None,
    topic: OfTopic = None,
    search: Search = None,
    again: Again = False,
    review: Review = None,
    blind: Blind = False,
    format_name: Format = None,
    output: TasksOutput = None,
) -> None:
    """Make a task file for Label Studio (Import) from a digest. With a model, its suggestions are in it.

    With --review, make a sheet of judged papers in which a person settles what others said; `import` takes it back.

    Example: labeler export page.txt --count 50 -o tasks.json
    """
    import json

    from labeler.flows.export import tasks_for

    of_papers = {"--count": count, "--strategy": strategy, "--topic": topic, "--search": search}
    check_options(inputs, review, of_papers | {"--again": again, "--format": format_name}, {"--blind": blind})
    if review:
        export_for_review(run, review, blind, model, output)
        return
    refuse_strategy(strategy, topic, search)
    if strategy and count is None:
        raise UsageError("--strategy is for --count", "say how many papers with --count N")
    known_ending(output, ".json")
    wanted = count, strategy or DEFAULT, topic, search
    result = tasks_for(run.workspace, inputs or [], format_name, model, again, *wanted)
    record = {"papers": len(result.tasks), "model": result.model, "judged_before": result.judged_before}
    record |= {"strategy": result.strategy, "left": result.not_chosen, "nearly_the_same": result.near_duplicates}
    if run.as_json and output is None:
        run.result({**record, "tasks": result.tasks}, "")
        return
    with run.output(output) as out:
        out.write(json.dumps(result.tasks, ensure_ascii=False, indent=1) + "\n")
    if run.as_json:
        run.result({**record, "file": str(output)}, "")
    _say_tasks(run, result, output)


def _say_tasks(run: Run, result: ExportResult, output: str | None) -> None:
    """Say how many tasks were made, of which papers."""
    reasons = {"judged before": result.judged_before, "nearly the same as another": result.near_duplicates}
    out_of_it = " and ".join(f"{number} {reason}" for reason, number in reasons.items() if number)
    before = f", {out_of_it} were left out" if out_of_it else ""
    by = f"suggestions by {result.model}" if result.model else result.note or "no model yet, so no suggestions"
    papers = len(result.tasks) + result.not_chosen
    audits = f", {result.audits} at random and without a suggestion to check the model" if result.audits else ""
    of = f" of {counted(papers, 'paper')}, chosen by {result.strategy}{audits}" if result.strategy else ""
    say_reading(run, result.reading)
    run.say(f"{counted(len(result.tasks), 'task')}{of} ({by}{before}).")
    if output and not run.dry_run:
        run.say(f"Import {output} in Label Studio; the interface comes from `labeler topics config`.")


def import_(
    run: Run,
    files: Files,
    topics_column: TopicsColumn = None,
    topics_from: TopicsFrom = None,
    complete: Complete = False,
    annotator: Annotator = None,
    separator: Separator = None,
    control: Control = None,
    text_field: TextField = None,
    soft: Soft = False,
    model_name: From = None,
    format_name: Format = None,
) -> None:
    """Bring judgements in from a Label Studio export (JSON, JSON_MIN, CSV, snapshot), a table, or a reference manager.

    A sheet that `label` wrote (CSV, Excel) is known by its columns: what people wrote under `corrected` counts.

    Example: labeler import project-1.json
    """
    columns = topics_column or topics_from
    if soft:
        refuse_other_options((columns, complete, annotator, separator, control, text_field))
        import_soft_labels(run, files, model_name, format_name)
        return
    if model_name:
        raise UsageError("--from names the model of soft labels", "add --soft, or drop it")
    if columns:
        _check_columns(topics_column, topics_from, control or text_field)
        from labeler.flows.import_ import import_tables

        options = annotator or "", format_name, run.dry_run, divider(separator)
        result = import_tables(run.workspace, files, columns, complete, *options, of_tags=bool(topics_from))
    else:
        of_tables = bool(complete or format_name)
        result = _import_files(run, files, control, text_field, annotator or "", divider(separator), of_tables)
    counts = result.counts()
    run.done(counts, summary(counts, run.dry_run))
    say_notes(run, result)


def _check_columns(topics_column: list[str] | None, topics_from: list[str] | None, of_studio: object) -> None:
    """Refuse options that do not go together with the columns or tags that hold topics.

    Raises:
        UsageError: there are such.
    """
    given = "--topics-column" if topics_column else "--topics-from"
    if of_studio:
        raise UsageError(f"{given} is for tables and digests, --control and --text-field for Label Studio", "drop one")
    if topics_column and topics_from:
        raise UsageError("topics are in columns (--topics-column) or in tags (--topics-from), not in both", "drop one")


def _import_files(
    run: Run,
    files: list[str],
    control: list[str] | None,
    text_field: str | None,
    annotator: str,
    separator: str,
    of_tables: bool,
) -> ImportResult:
    """Import exports of Label Studio, or sheets of labelled papers, which are known by their columns.

    ``of_tables`` says that options for tables of other columns are given.
    """
    from labeler.digests import open_sources
    from labeler.flows.import_ import import_exports, import_sheets, sheets_among

    sources = [] if of_tables else open_sources(files)
    sheets = [] if control or text_field else sheets_among(sources)
    if sheets and len(sheets) < len(sources):
        other = next(source for source in sources if source not in sheets)
        raise UsageError(
            f"{sheets[0].name} is a sheet of labelled papers, and {other.name} is none", "import them one by one"
        )
    if sheets:
        return import_sheets(run.workspace, sheets, annotator, run.dry_run, separator)
    if of_tables or annotator or separator:
        raise UsageError(
            "--complete, --format, --annotator and --separator are for tables and digests",
            "name the table's column with --topics-column, or the digest's tags with --topics-from",
        )
    settings = run.workspace.settings
    names = control or [settings.import_control], text_field or settings.import_text_field
    return import_exports(run.workspace, sources, *names, run.dry_run)


def summary(counts: Mapping[str, Any], dry_run: bool) -> str:
    """What was brought in, in one line."""
    verb = "would be added" if dry_run else "added"
    kinds = {"skipped": "skipped", "empty": "of no topic", "unsure": "unsure", "not_judged": "not judged"}
    kinds_said = [f"{counts[kind]} {said}" for kind, said in kinds.items() if counts[kind]]
    drafts = [f"{counted(counts['drafts_left_out'], 'draft')} left out"] if counts["drafts_left_out"] else []
    also = f" ({', '.join(kinds_said + drafts)})" if kinds_said or drafts else ""
    corrections = f", {counts['corrections']} of them corrections" if counts["corrections"] else ""
    own = f" ({counts['own_verdicts']} on judgements of their own)" if counts["own_verdicts"] else ""
    verdicts = f", {counted(counts['verdicts'], 'verdict')}{own} among them" if counts["verdicts"] else ""
    return (
        f"{counted(counts['annotations'], 'annotation')} of {counted(counts['annotators'], 'annotator')} "
        f"on {counted(counts['papers'], 'paper')}{also}: "
        f"{counts['added']} {verb}{corrections}{verdicts}, {counts['known']} known before."
    )


def say_notes(run: Run, result: ImportResult, again: str = "import again") -> None:
    """Say what else there is to say of an import; ``again`` is what to do when the scheme knows the labels."""
    incoming = result.incoming
    for note in result.notes:
        run.say(note)
    say_left_out(run, incoming.refused, incoming.unknown_labels, again)
    if incoming.ground_truth:
        run.say(
            f"marked as ground truth in Label Studio: {counted(incoming.ground_truth, 'annotation')}; "
            "the mark does not count here: each annotator has one vote"
        )
    if incoming.unknown_controls:
        names = ", ".join(f"{name!r} ({count})" for name, count in incoming.unknown_controls.most_common(MOST_LISTED))
        run.say(f"annotations with controls that were not read: {names}; --control reads those, too")
