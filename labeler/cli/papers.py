"""Commands about papers: read, label, explain."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import (
    JSON_LINES,
    Format,
    Inputs,
    Model,
    Output,
    Run,
    command,
    counted,
    ending_of,
    known_ending,
)
from labeler.errors import UsageError
from labeler.publish.registry import COLUMNS, OUTPUTS, output_of, output_of_many

if TYPE_CHECKING:
    from labeler.digests import Reading
    from labeler.digests.source import Refusal
    from labeler.flows.label import Labelling
    from labeler.flows.label_many import LabelManyRequest
    from labeler.modelstore import Version
    from labeler.papers import Paper

_MAX_REFUSALS = 10  # that are listed
_DECISIONS = ("auto", "review", "none", "judged")  # of labeler.score.decision, which loads what is heavy
_REASONS = {
    "unfamiliar": "of unfamiliar words",
    "ambiguous": "torn between topics",
    "unchecked": "as too little was judged to decide alone",
    "tied": "as annotators disagree",
}

To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="OUTPUT",
        help=f"{', '.join(OUTPUTS.names)} (default: by the file's ending; table on a terminal, else jsonl).",
    ),
]
LabelOutput = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PLACE",
        help="Write to a file, whose ending says the output (none: jsonl); or, of many papers, to a folder (labels/).",
    ),
]
ExplainOutput = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write to a file: JSON lines (.jsonl, .ndjson) or text (.txt, no ending).",
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Option("--topic", metavar="TOPIC", help="Only papers of this topic (its name or id); repeatable."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="DECISION", help=f"Only these: {', '.join(_DECISIONS)}; repeatable."),
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", help="Processes for many papers (-1: one a core).")]
Dask = Annotated[
    str | None,
    typer.Option("--dask", metavar="ADDRESS", help="A dask.distributed cluster for many papers (local: one here)."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "read", read)
    command(app, "label", label)
    command(app, "explain", explain)


def read(
    run: Run,
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="INPUT…", help="Digests, or - for standard input.", show_default=False)
    ] = None,
    format_name: Format = None,
    formats: Annotated[bool, typer.Option("--formats", help="List the formats that can be read.")] = False,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Explain which records were merged and why.")
    ] = False,
    output: Output = None,
) -> None:
    """Show the papers in a digest, and what could not be used and why. With -o or --json: as JSON lines.

    Example: labeler read page.txt --json > papers.jsonl
    """
    from labeler.digests import FORMATS, read_inputs
    from labeler.files import json_line

    if formats:
        abouts = {reader.NAME: reader.ABOUT for reader in FORMATS.all}
        run.result(abouts, "\n".join(f"{name:12} {about}" for name, about in abouts.items()))
        return
    if not inputs:
        raise UsageError("read needs a digest", "for example `labeler read page.txt`")
    if not run.as_json:  # which says what is written, whatever the name
        known_ending(output, *JSON_LINES)
    reading = read_inputs(inputs, format_name)
    as_json = run.as_json or output is not None
    with run.output(output) as out:
        for paper in reading.papers:
            out.write((json_line(paper.to_dict()) if as_json else _text_of(paper)) + "\n")
    if duplicates:
        for paper, reason, merged in reading.merged:
            run.say(f"merged by {reason}: {merged.title!r} into {paper.id} ({paper.title!r})")
    _say_reading(run, reading)


def label(
    run: Run,
    inputs: Inputs,
    to: To = None,
    model: Model = None,
    format_name: Format = None,
    output: LabelOutput = None,
    topic: Topics = None,
    only: Only = None,
    jobs: Jobs = 1,
    dask: Dask = None,
) -> None:
    """Give the papers of a digest their topics, with probabilities and the words behind them.

    Each paper is decided: auto (the model is sure of its topics), none (it is sure that none fits), review (a person
    should look, and why) or judged (people have judged it: the topics are theirs).

    Many papers (a folder, a pattern such as 'pile/*.parquet', an address such as s3://…, or Parquet to Parquet) are
    labelled in parts, a row a paper; a run that was ended goes on where it stopped when it is started again.

    Example: labeler label tomorrow.txt --to md -o tomorrow.md
    """
    # Nothing here is a product of large matrices: threads for them would only take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    decisions = _decisions(only)
    request = _many_papers(run, inputs, to, output)
    if request is not None:
        if topic or decisions:
            raise UsageError("--topic and --only are for a digest", "of many papers, choose among the labels written")
        _label_many(run, replace(request, model=model, format_name=format_name, jobs=jobs, dask=dask))
        return
    if jobs != 1 or dask:
        raise UsageError("--jobs and --dask are for many papers", "write to a folder (-o labels/) or a .parquet file")
    from labeler.digests import open_sources
    from labeler.publish.registry import writer_named

    writer = writer_named(_output_name(run, to, output))
    from labeler.flows.label import Filter, labelling

    sources = open_sources(inputs)
    job = labelling(run.models, model, run.workspace_if_any)
    shown = Filter(frozenset(map(job.topic, topic or ())), decisions)
    with run.output(output) as out:
        writer.write(job.label(sources, format_name, shown), out, job.names)
    _say_labelled(run, job)


def _decisions(names: list[str] | None) -> frozenset[str]:
    """The decisions of these names.

    Raises:
        UsageError: one is no decision.
    """
    if unknown := set(names or ()) - set(_DECISIONS):
        raise UsageError(f"--only {min(unknown)} is no decision", f"known are: {', '.join(_DECISIONS)}")
    return frozenset(names or ())


def _say_labelled(run: Run, job: Labelling) -> None:
    _say_refusals(run, job.refused)
    _say_notes(run, job.notes)
    _say_topics(run, job)
    if job.shipped_model_used:
        _say_shipped_model(run, job.version)
    counts = _counts_text(job.decisions, job.reasons)
    repeated = f", {job.repeated} repeated" if job.repeated else ""
    shown = f" Shown: {job.shown}." if job.shown != job.papers else ""
    run.say(f"{counted(job.papers, 'paper')} labelled by {job.version.label}: {counts}{repeated}.{shown}")


def _say_topics(run: Run, job: Labelling) -> None:
    """Say which topics are not predicted, and why."""
    from labeler.score.model import NEWER

    names = {topic: job.names.get(topic, topic) for topic in job.model.unlearned}
    newer = [name for topic, name in names.items() if job.model.unlearned[topic] == NEWER]
    unlearned = [name for topic, name in names.items() if job.model.unlearned[topic] != NEWER]
    if unlearned:
        run.say(f"never predicted, for want of examples: {', '.join(unlearned)}")
    if newer:
        run.say(f"not predicted before the next training, as they are new in the scheme: {', '.join(newer)}")


def _counts_text(decisions: Mapping[str, int], reasons: Mapping[str, int]) -> str:
    """How many papers have each decision, in words; of those for review with the reasons."""
    counts = {decision: decisions.get(decision, 0) for decision in _DECISIONS}
    parts = [f"{count} {decision}" for decision, count in counts.items() if count or decision != "judged"]
    told = [f"{reasons[reason]} {words}" for reason, words in _REASONS.items() if reasons.get(reason)]
    return ", ".join(parts) + (f" ({', '.join(told)})" if told else "")


def explain(
    run: Run,
    inputs: Inputs,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", metavar="TOPIC", help="Only these topics, by their names or ids.")
    ] = None,
    words: Annotated[int, typer.Option("--words", min=1, help="How many words to show a topic.")] = 12,
    model: Model = None,
    format_name: Format = None,
    output: ExplainOutput = None,
) -> None:
    """For each paper and topic: the words, what each adds to the score, and the sum.

    Example: labeler explain tomorrow.txt --topic vision
    """
    from labeler.cli.explanations import record_of, text_of
    from labeler.digests import open_sources
    from labeler.files import json_line
    from labeler.flows.label import labelling

    as_json = run.as_json or known_ending(output, ".txt", *JSON_LINES) in JSON_LINES
    sources = open_sources(inputs)
    job = labelling(run.models, model, run.workspace_if_any)
    topics = list(map(job.topic, topic)) if topic else None
    with run.output(output) as out:
        for paper, explanations in job.explain(sources, topics, format_name):
            if as_json:
                out.write(json_line(record_of(paper, explanations, job.version.label)) + "\n")
            else:
                out.write(text_of(paper, explanations if topic else explanations[:3], job.names, words) + "\n")
    for name in topics or ():
        if name in job.model.unlearned:
            run.say(f"{job.names[name]} was not learned: {job.model.unlearned[name]}")
    _say_refusals(run, job.refused)
    _say_notes(run, job.notes)
    if job.shipped_model_used:
        _say_shipped_model(run, job.version)


def _many_papers(run: Run, inputs: list[str], to: str | None, output: str | None) -> LabelManyRequest | None:
    """The request where the inputs are many papers; None where they are a digest."""
    from labeler.storage import may_match_many

    folder = output is not None and _is_folder_of_labels(output)
    several = any(map(may_match_many, inputs))
    if not (folder or several or to == "parquet" or str(output).lower().endswith(".parquet")):
        return None
    if output is None:
        raise UsageError(
            "many papers need a place for their labels", "name a folder (-o labels/) or a file (-o x.parquet)"
        )
    if "-" in inputs:
        raise UsageError("many papers do not come through standard input", "name files or a folder")
    if run.as_json and to not in (None, "jsonl"):
        raise UsageError(f"--json and --to {to} contradict each other", "give one of them")
    ending = ending_of(output)
    if not (to or run.as_json or folder or ending):
        raise UsageError(f"{output} is no folder yet and has no ending", f"write {output}/, or {output}.parquet")
    name = to or ("jsonl" if run.as_json else COLUMNS if folder else output_of(ending))
    from labeler.flows.label_many import LabelManyRequest

    return LabelManyRequest(inputs, output, output_of_many(name), not folder)


def _is_folder_of_labels(output: str) -> bool:
    if output.endswith("/"):
        return True
    from labeler.bulk.parts import is_for_labels

    return is_for_labels(Path(output))


def _label_many(run: Run, request: LabelManyRequest) -> None:
    from labeler.cli.progress import progress
    from labeler.flows.label_many import label_many

    begun = False

    def begin(total: int | None) -> Callable[[int], None]:
        nonlocal begun
        begun = True
        return progress(run, total)

    try:
        result = label_many(run.models, request, begin, run.workspace_if_any)
    finally:
        if begun:
            run.progress("")  # the line of progress ends
    outcome = result.outcome
    _say_refusals(run, outcome.refusals)
    if outcome.refused > len(outcome.refusals):
        run.say(f"not used: {outcome.refused - len(outcome.refusals)} more records")
    if not request.model and run.models.current() is None:
        _say_shipped_model(run, result.version)
    _say_notes(run, list(result.notes))
    counts = _counts_text(outcome.decisions, {})
    before = f" ({counted(result.labelled_before, 'paper')} had been labelled before)" if result.labelled_before else ""
    run.say(
        f"{counted(outcome.papers, 'paper')} of {counted(result.files, 'file')} labelled by {result.version.label}: "
        f"{counts}{before}. The labels are in {request.output}"
    )


def _output_name(run: Run, to: str | None, output: str | None) -> str:
    if run.as_json and to not in (None, "jsonl"):
        raise UsageError(f"--json and --to {to} contradict each other", "give one of them")
    if run.as_json:
        return "jsonl"
    if to is None and output is not None:
        ending = ending_of(output)
        return output_of(ending) if ending else "jsonl"
    return to or ("table" if sys.stdout.isatty() else "jsonl")


def _text_of(paper: Paper) -> str:
    from labeler.papers.cleaning import printable

    facts = [paper.id, paper.date or "no date", *(f"[{flag}]" for flag in paper.flags)]
    words = len(paper.abstract.split())
    title = printable(paper.title or paper.abstract[:80])
    return f"{title}\n    {' · '.join(facts)} · abstract of {words} words"


def _say_reading(run: Run, reading: Reading) -> None:
    _say_refusals(run, reading.refused)
    _say_notes(run, reading.notes)
    formats = ", ".join(sorted(set(reading.formats.values())))
    run.say(f"{reading.summary()} (read as {formats})")


def _say_shipped_model(run: Run, version: Version) -> None:
    label, name = version.label, version.name
    gave = f"{label}, which comes with labeler, gave the topics, arXiv's categories (`labeler models show {name}`)"
    if run.models.versions():
        run.say(f"None of your models is in use: {gave}. To choose one: `labeler models use NAME`.")
    else:
        run.say(f"No model of your own yet: {gave}. For topics of your own: `labeler init`.")


def _say_notes(run: Run, notes: list[str]) -> None:
    for note in notes[:_MAX_REFUSALS]:
        run.say(f"note: {note}")
    if len(notes) > _MAX_REFUSALS:
        run.say(f"note: {len(notes) - _MAX_REFUSALS} more of this kind")


def _say_refusals(run: Run, refused: Iterable[Refusal]) -> None:
    refusals = list(refused)
    for refusal in refusals[:_MAX_REFUSALS]:
        run.say(f"not used: {refusal}")
    if len(refusals) > _MAX_REFUSALS:
        run.say(f"not used: {len(refusals) - _MAX_REFUSALS} more records")
