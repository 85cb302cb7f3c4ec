"""Commands about models: train, models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labeler.cli.command import Format, Run, Separator, command, divider
from labeler.cli.help import Group
from labeler.cli.papers import first_step
from labeler.cli.trained import MACRO_F1, figures_of, plan_text, training_text
from labeler.cli.versions import compare, remove
from labeler.errors import RefusedError, UsageError
from labeler.files import read_bytes
from labeler.terminal import unwrapped
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.flows.train import Training
    from labeler.judgements.labels import Tie
    from labeler.judgements.tables import Tables as JudgedFiles
    from labeler.modelstore import Version
    from labeler.topics import Scheme

_MAX_TIES = 5  # that are listed
_TRAINING_KEYS = (
    "name version measured right bands promises in_time no_topic counts unlearned weak parameters papers evaluation_set"
).split()

Precision = Annotated[
    float | None, typer.Option("--precision", metavar="SHARE", help="Share of automatic topics that must be right.")
]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="The model's name.")]
Unread = Annotated[
    list[str] | None,
    typer.Option("--unread", metavar="INPUT", help="Papers nobody has judged, to learn from as well; repeatable."),
]
Table = Annotated[
    list[str] | None,
    typer.Option(
        "--table", metavar="FILES", help="Tables of judged papers, too large for `labeler import`; repeatable."
    ),
]
TopicsColumn = Annotated[
    str | None, typer.Option("--topics-column", metavar="COLUMN", help="The tables' column that names topics.")
]
Complete = Annotated[
    bool,
    typer.Option("--complete/--partial", help="In the tables, a topic that is not named is a no / is unknown."),
]


HoldOut = Annotated[
    str | None,
    typer.Option(
        "--hold-out",
        metavar="SHARE",
        help="Keep this share of the judged papers apart, once and for all, to measure every version on the same ones; "
        "`audits`: those asked blind and at random.",
    ),
]


Accept = Annotated[bool, typer.Option("--accept", help="Put it to use also if it is worse than the one in use.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "train", train, writes=True)
    models = typer.Typer(
        cls=Group,
        help="Trained versions: list, show, compare, use, remove, export.\n\nExample: labeler models list",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    command(models, "list", list_)
    command(models, "show", show)
    command(models, "compare", compare)
    command(models, "use", use, writes=True)
    command(models, "remove", remove, writes=True)
    command(models, "export", export, writes=True)
    app.add_typer(models, name="models")


def train(
    run: Run,
    precision: Precision = None,
    name: Name = None,
    unread: Unread = None,
    table: Table = None,
    topics_column: TopicsColumn = None,
    complete: Complete = False,
    separator: Separator = None,
    format_name: Format = None,
    hold_out: HoldOut = None,
    accept: Accept = False,
) -> None:
    """Train on the judgements and keep the model as a new version.

    Without a judgement, `--unread` makes a first model from the names of the topics. Very many judged papers are
    learned from where they lie: `--table 'pile/*.parquet' --topics-column topics --complete`.

    Example: labeler train --unread digest.txt
    """
    from labeler.config import PRECISION_HINT, is_precision
    from labeler.flows.train import train as training

    settings = run.workspace.settings
    model_name = _valid_name(name or settings.train_name)
    if precision is not None and not is_precision(precision):
        raise UsageError(f"--precision is {precision}", PRECISION_HINT)
    tables = _tables(table, topics_column, complete, format_name, divider(separator))
    unlabeled = unread or run.workspace.unread
    promised = precision if precision is not None else settings.train_precision
    apart = _hold_out(hold_out)
    if run.dry_run:
        _say_plan(run, model_name, promised, unlabeled, tables, apart)
        return
    run.progress("training …")
    outcome = training(run.workspace, model_name, promised, unlabeled, tables, run.progress, apart, accept)
    run.done(_training_record(outcome), training_text(outcome))
    for note in outcome.notes:
        run.say(note)
    _say_ties(run, outcome.labels.ties, outcome.scheme)
    _say_whether_used(run, outcome, accept)


def _say_plan(
    run: Run, name: str, precision: float, unlabeled: Sequence[str], tables: JudgedFiles | None, apart: str
) -> None:
    """Say what a training would learn from, and which version it would make."""
    from labeler.flows.train_plan import training_plan

    plan = training_plan(run.workspace, name, precision, unlabeled, tables, apart)
    run.done(plan.to_dict(), plan_text(plan))
    for note in plan.notes:
        run.say(note)
    _say_ties(run, plan.ties, plan.scheme)


def _say_whether_used(run: Run, outcome: Training, accept: bool) -> None:
    """Say which version commands use, where it is not the new one, or is an old one that was asked for (``accept``).

    Raises:
        RefusedError: the new one is worse than that.
    """
    from labeler.modelstore import ModelStore

    current = ModelStore(run.workspace.models).current()
    if accept and not outcome.fresh:
        run.say(f"Commands use {current}.")
    if current != outcome.version.label and not outcome.refusal:
        run.say(f"Commands still use {current}; `labeler models use {outcome.version.label}` changes that.")
    if outcome.refusal:
        raise RefusedError(
            outcome.refusal,
            f"are the latest judgements right? `labeler models compare {current} {outcome.version.label}` shows what "
            "changed, and `labeler train --accept` puts it to use all the same",
        )


def list_(run: Run) -> None:
    """List the trained versions, and the model that comes with labeler; what commands use is marked.

    Example: labeler models list
    """
    from labeler.errors import LabelerError

    try:
        current = run.models.find_or_shipped().label
    except LabelerError:
        current = ""  # it was removed or is damaged: the list helps to choose another
    versions = run.models.known()
    records = [
        {"model": version.label, "current": version.label == current, "created": version.manifest.created}
        | {"measured": version.manifest.to_dict()["measured"], "shipped": version.shipped}
        for version in versions
    ]
    lines = [
        f"{'*' if version.label == current else ' '} {version.label:16} {version.manifest.created:21} "
        f"{figures_of(version) or 'not measured'}{' (comes with labeler)' if version.shipped else ''}"
        for version in versions
    ]
    damaged = run.models.damaged()
    lines += [f"  {label:16} damaged: {fault}" for label, fault in damaged.items()]
    if not damaged and all(version.shipped for version in versions):
        lines.append(f"There is no model of your own yet; `{first_step(run)}` makes one.")
    told = [{"model": label, "fault": fault} for label, fault in damaged.items()]
    run.result({"models": records, "damaged": told}, "\n".join(lines))


def show(
    run: Run,
    model: Annotated[str | None, typer.Argument(metavar="NAME[@VERSION]")] = None,
    card: Annotated[bool, typer.Option("--card", help="As a model card, in Markdown.")] = False,
) -> None:
    """Show one version: what it learned, from how much, and how good it is.

    Example: labeler models show mine@1 --card
    """
    if card:
        from labeler.flows.card import card_of

        page = card_of(run.workspace_if_any, run.models, model)
        run.result({"card": page}, page.rstrip(), for_people=False)
        return
    version = run.models.find_or_shipped(model)
    report = version.folder / "report.md"
    text = read_bytes(report).decode("utf-8", "replace") if report.is_file() else version.label
    origin = " (comes with labeler)" if version.shipped else ""
    heading = f"{version.label}{origin}, trained {version.manifest.created}"
    parts = [heading, unwrapped(text).rstrip()]
    if "macro_f1" in version.manifest.training.figures.measured:
        parts.append(MACRO_F1)
    parts += _origin(version)
    run.result(version.manifest.to_dict(), "\n\n".join(parts))


def _origin(version: Version) -> list[str]:
    """From which probability on topics are given, and where a version comes from, as far as the manifest knows."""
    from labeler.score.lineage import lineage_sentence

    manifest, lineage = version.manifest, version.manifest.training.lineage
    least = ", ".join(f"{manifest.names[topic]} {value:.2f}" for topic, value in manifest.thresholds.items())
    told = [f"Topics are given from these probabilities on: {least}."] if least else []
    return told + ([lineage_sentence(lineage)] if lineage else [])


def use(run: Run, model: Annotated[str, typer.Argument(metavar="NAME[@VERSION]", show_default=False)]) -> None:
    """Make a version the one that commands use.

    Example: labeler models use mine@1
    """
    from labeler.modelstore import ModelStore

    store = ModelStore(run.workspace.models)
    version = store.find(model)
    if not run.dry_run:
        store.use(version)
    text = f"Commands {'would' if run.dry_run else 'now'} use {version.label}."
    run.done({"current": version.label}, text)


def export(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.", show_default=False)],
    to: Annotated[str, typer.Option("--to", metavar="KIND", help="What to make: sklearn.")] = "sklearn",
    model: Annotated[str | None, typer.Option("--model", metavar="NAME[@VERSION]", help="Which model.")] = None,
) -> None:
    """Write a model as a plain scikit-learn pipeline (joblib) for notebooks.

    It takes texts of the form "TITLE __ TITLE __ ABSTRACT": the title counts twice.

    Example: labeler models export --to sklearn model.joblib
    """
    from labeler.score.persistence import load_model

    if to != "sklearn":
        raise UsageError(f"models cannot be exported to {to!r}", "use --to sklearn")
    version = run.models.find_or_shipped(model)
    trained = load_model(version.folder, verify=True)
    from labeler.learn.to_sklearn import export_pipeline

    with run.output(file, binary=True) as out:
        export_pipeline(trained, out)
    text = "joblib files run code when loaded: open it only where you trust its maker."
    text = text if run.dry_run else f"Wrote {version.label} to {file}. {text}"
    run.done({"model": version.label, "file": str(file)}, text)


def _hold_out(text: str | None) -> str:
    """How an evaluation set is to be drawn: a share as it is kept in its file, ``audits``, or empty for none.

    Raises:
        UsageError: it is neither.
    """
    if text is None or text.lower() == "audits":
        return (text or "").lower()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0.1 <= share <= 0.5:
        raise UsageError(f"--hold-out is {text!r}", "give a share from 0.1 to 0.5, such as 0.2, or `audits`")
    return f"{share:g}"


def _valid_name(name: str) -> str:
    """``name``, if it is a valid name for a model of the user.

    Raises:
        UsageError: it is not.
    """
    from labeler.modelstore import SHIPPED

    if not name.replace("-", "").replace("_", "").isalnum() or name.lower() == "current":
        raise UsageError(f"{name!r} cannot be the name of a model", "use letters, digits, - and _, not CURRENT")
    if name.lower() == SHIPPED:
        raise UsageError(f"{SHIPPED!r} is the model that comes with labeler", "choose another name")
    return name


def _tables(
    files: list[str] | None, column: str | None, complete: bool, format_name: str | None, separator: str
) -> JudgedFiles | None:
    """The tables of judged papers that the options name, None where they name none.

    Raises:
        UsageError: some of the options are given without the others.
    """
    from labeler.judgements.tables import Tables

    if (files is None) != (column is None) or ((complete or format_name or separator) and files is None):
        raise UsageError(
            "--table, --topics-column, --complete, --separator and --format belong together",
            "name the tables and their column",
        )
    return Tables.of(files, column, complete, format_name, separator) if files and column else None


def _training_record(outcome: Training) -> dict[str, Any]:
    manifest = outcome.version.manifest.to_dict()
    return {
        **{key: manifest.get(key) for key in _TRAINING_KEYS},
        "fresh": outcome.fresh,
        "refusal": outcome.refusal or None,
    }


def _say_ties(run: Run, ties: Sequence[Tie], scheme: Scheme) -> None:
    for tie in ties[:_MAX_TIES]:
        votes = ", ".join(f"{count} {answer}" for answer, count in tie.votes)
        about = f" ({scheme.name(tie.topic)})" if tie.topic else ""
        named = shortened(tie.paper.title or tie.paper.abstract, 60)
        run.say(f"annotators disagree, not trained on: {named!r}{about}: {votes}")
    if len(ties) > _MAX_TIES:
        run.say(f"annotators disagree in {len(ties) - _MAX_TIES} more cases")
