"""The command that says how good a model is: evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.annotation import Complete, TopicsColumn
from labeler.cli.command import Format, Model, Run, Separator, command, divider, known_ending
from labeler.errors import UsageError
from labeler.terminal import table
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.evaluation.evaluation import Evaluation
    from labeler.flows.evaluate import Evaluated
    from labeler.measure.estimates import Estimate

_MOST_TOPICS, _MOST_PAIRS = 40, 5  # that are shown
_NAME = 24  # letters of a name in a table

Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="INPUT…", help="Judged tables, or the log of another workspace (default: the log).", show_default=False
    ),
]
Report = Annotated[
    str | None, typer.Option("--report", metavar="FILE.html", help="Also write all of it to one page for a browser.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "evaluate", evaluate, names_people=True, writes=True)


def evaluate(
    run: Run,
    inputs: Inputs = None,
    model: Model = None,
    topics_column: TopicsColumn = None,
    complete: Complete = False,
    separator: Separator = None,
    format_name: Format = None,
    report: Report = None,
) -> None:
    """Say how good a model is: on judged papers that it had not seen, and on those asked blind and at random.

    What a version would have said of the papers that it learned from is kept with it, so nothing is trained again. It
    is compared with simpler methods and with the version before, on the same papers. With inputs it is measured on
    judged tables, or on the log of another workspace.

    Example: labeler evaluate --report report.html
    """
    from labeler.flows.evaluate import Judged
    from labeler.flows.evaluate import evaluate as flow

    if (complete or separator or format_name) and not topics_column:
        raise UsageError("--complete, --separator and --format are for tables", "name their column: --topics-column")
    if topics_column and not inputs:
        raise UsageError(
            "--topics-column is for tables", "name one: labeler evaluate judged.csv --topics-column topics"
        )
    known_ending(report, ".html", ".htm")
    what = Judged(tuple(inputs or ()), tuple(topics_column or ()), complete, format_name, divider(separator))
    outcome = flow(run.workspace if not inputs else run.workspace_if_any, run.models, model, what, run.progress)
    for note in outcome.notes:
        run.say(f"note: {note}")
    if report is not None:
        _write(run, report, outcome, of_log=not inputs)
    run.result(record_of(outcome), text_of(outcome))


def _write(run: Run, file: str, outcome: Evaluated, of_log: bool) -> None:
    """Write the report, of the log also with how far people agree and the learning curve, and say where it is."""
    from labeler.flows.agreement import agreement_in_log
    from labeler.flows.kept_curve import kept_curve
    from labeler.flows.stability import stability_on
    from labeler.pages.plots import has_plots
    from labeler.pages.report import report_page

    run.progress("the report …")
    agreed = agreement_in_log(run.workspace).found if of_log else None
    shared = agreed if agreed and (agreed.papers or agreed.selves) else None
    curve = kept_curve(run.workspace) if of_log else None
    stable = stability_on(outcome.version, outcome.found.judged)
    page = report_page(outcome.version, outcome.found, outcome.names, outcome.notes, shared, curve, stable)
    with run.output(file) as out:
        out.write(page)
    if not run.dry_run:
        run.say(f"Wrote {file}: open it in a browser.")
    if not has_plots():
        run.say("It has tables, and no plots: these need `pip install 'labeler[report]'`.")


def record_of(outcome: Evaluated) -> dict[str, object]:
    """The evaluation, for programs."""
    version = outcome.version
    record = {"model": version.label, "fingerprint": version.fingerprint, "precision": version.precision}
    return record | outcome.found.to_dict() | {"names": dict(outcome.names), "notes": list(outcome.notes)}


def text_of(outcome: Evaluated) -> str:
    """The evaluation, for people: the verdict first."""
    from labeler.evaluation.verdict import decided_sentence, next_steps, sentences

    found, names = outcome.found, outcome.names
    parts = ["\n".join(sentences(outcome.version.label, found, outcome.version.precision))]
    if found.time_ordered is not None:
        later = decided_sentence(found.time_ordered, outcome.version.precision)
        since = f"papers since {found.time_ordered.since}, each by a model of the papers before"
        parts.append(f"In the order of time ({since}): {later}")
    parts.append(_compared_text(found))
    parts.append(_topics_text(found, names))
    parts.append(_pairs_text(found, names))
    parts.append(_searches_text(found, names))
    if steps := next_steps(found, names):
        parts.append("\n".join(["What to do next:", *(f"- {step}" for step in steps)]))
    return "\n\n".join(part for part in parts if part)


def _compared_text(found: Evaluation) -> str:
    """The model beside simpler methods."""
    from labeler.evaluation.verdict import figure, has_two_answers

    key, name = ("average_precision", "AP") if has_two_answers(found) else ("macro_f1", "macro-F1")
    rows = [["this model", figure(found.unseen.figures.averages.get(key)), ""]]
    for other in found.compared:
        lead = figure(other.differences.get(key), "+") if other.averages else ""
        rows.append([other.name, figure(other.averages.get(key)), lead])
    notes = [f"  {other.name}: {other.made}." for other in found.compared if not other.averages]
    head = ["method", name, "lead of this model"]
    return "\n".join(["Beside other methods, on the same papers:", table(head, rows), *notes])


def _topics_text(found: Evaluation, names: Mapping[str, str]) -> str:
    """The figures of each topic."""
    from labeler.evaluation.verdict import figure, named

    measured = [one for one in found.unseen.figures.topics if one.papers or one.given]
    topics = sorted(measured, key=lambda one: -one.papers)
    rows = [
        [
            shortened(named(one.topic, names), _NAME),
            str(one.papers),
            _value(one.precision),
            _value(one.recall),
            figure(one.f1),
            _value(one.average_precision),
        ]
        for one in topics[:_MOST_TOPICS]
    ]
    more = f"\n… and {len(topics) - _MOST_TOPICS} more topics (--json has all)" if len(topics) > _MOST_TOPICS else ""
    return f"Each topic:\n{table(['topic', 'papers', 'precision', 'recall', 'F1', 'AP'], rows)}{more}"


def _value(estimate: Estimate | None) -> str:
    return "–" if estimate is None else f"{estimate.value:z.2f}"


def _pairs_text(found: Evaluation, names: Mapping[str, str]) -> str:
    """The pairs of topics that are confused most."""
    from labeler.evaluation.verdict import named

    pairs = found.unseen.figures.confusions[:_MOST_PAIRS]
    if not pairs:
        return ""
    rows = [
        [shortened(named(one.missed, names), _NAME), shortened(named(one.given, names), _NAME), str(one.papers)]
        for one in pairs
    ]
    return "Confused most:\n" + table(["papers of", "were given", "papers"], rows)


def _searches_text(found: Evaluation, names: Mapping[str, str]) -> str:
    """The work that the model saves who looks for the papers of a rare topic."""
    from labeler.evaluation.verdict import figure, named

    searches = found.unseen.figures.searches[:_MOST_PAIRS]
    if not searches:
        return ""
    rows = [
        [shortened(named(one.topic, names), _NAME), f"{one.read} of {one.of}", figure(one.saved)] for one in searches
    ]
    return "To find 95 % of the papers of a topic, read:\n" + table(["topic", "papers", "work saved"], rows)
