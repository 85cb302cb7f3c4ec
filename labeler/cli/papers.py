"""Commands about papers: read, label, explain."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Format, Inputs, Model, Output, Run, command, counted
from labeler.errors import UsageError

if TYPE_CHECKING:
    from labeler.digests import Reading
    from labeler.digests.source import Refusal
    from labeler.flows.label import Labelling
    from labeler.papers import Paper

_REFUSALS_TOLD = 10
_SUFFIXES = {".csv": "csv", ".md": "md", ".jsonl": "jsonl", ".txt": "table"}


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
    from labeler.digests import FORMATS, read_inputs, reader_named
    from labeler.files import json_line

    if formats:
        abouts = {name: reader_named(name).ABOUT for name in FORMATS}
        run.result(abouts, "\n".join(f"{name:12} {about}" for name, about in abouts.items()))
        return
    if not inputs:
        raise UsageError("read needs a digest", "for example `labeler read page.txt`")
    reading = read_inputs(inputs, format_name)
    as_json = run.as_json or output is not None
    with run.output(output) as out:
        for paper in reading.papers:
            out.write((json_line(paper.to_dict()) if as_json else _shown(paper)) + "\n")
    if duplicates:
        for paper, reason, merged in reading.merged:
            run.say(f"merged by {reason}: {merged.title!r} into {paper.id} ({paper.title!r})")
    _tell_reading(run, reading)


def label(
    run: Run,
    inputs: Inputs,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="OUTPUT",
            help="table, jsonl, csv or md (default: by the file's ending; table on a terminal, else jsonl).",
        ),
    ] = None,
    model: Model = None,
    format_name: Format = None,
    output: Output = None,
) -> None:
    """Give the papers of a digest their topics, with probabilities and the words behind them.

    Example: labeler label tomorrow.txt --to md -o tomorrow.md
    """
    from labeler.digests import open_sources
    from labeler.publish import writer_named

    writer = writer_named(_output_name(run, to, output))
    from labeler.flows.label import labelling

    sources = open_sources(inputs)
    job = labelling(run.models, model)
    with run.output(output) as out:
        writer.write(job.label(sources, format_name), out, job.names)
    _tell_refusals(run, job.refused)
    if job.model.unlearned:
        named = ", ".join(job.names.get(topic, topic) for topic in job.model.unlearned)
        run.say(f"never given, because they could not be learned yet: {named}")
    _tell_lent(run, job)
    told = ", ".join(f"{job.decisions.get(decision, 0)} {decision}" for decision in ("auto", "review", "none"))
    if strange := job.reasons.get("unfamiliar", 0):
        told += f" ({strange} of unfamiliar words)"
    repeated = f", {job.repeated} repeated" if job.repeated else ""
    run.say(f"{counted(job.papers, 'paper')} labelled by {job.version.label}: {told}{repeated}.")


def explain(
    run: Run,
    inputs: Inputs,
    topic: Annotated[list[str] | None, typer.Option("--topic", metavar="ID", help="Only these topics.")] = None,
    words: Annotated[int, typer.Option("--words", min=1, help="How many words to show a topic.")] = 12,
    model: Model = None,
    format_name: Format = None,
    output: Output = None,
) -> None:
    """For each paper and topic: the words, what each adds to the score, and the sum.

    Example: labeler explain tomorrow.txt --topic vision
    """
    from labeler.cli.explained import record_of, text_of
    from labeler.digests import open_sources
    from labeler.errors import NotFoundError
    from labeler.files import json_line
    from labeler.flows.label import labelling

    sources = open_sources(inputs)
    job = labelling(run.models, model)
    if unknown := set(topic or ()) - set(job.names):
        raise NotFoundError(f"{job.version.label} has no topic {min(unknown)!r}", f"it has: {', '.join(job.names)}")
    with run.output(output) as out:
        for paper, told in job.explain(sources, topic, format_name):
            chosen = told if topic else told[:3]
            if run.as_json:
                out.write(json_line(record_of(paper, told, job.version.label)) + "\n")
            else:
                out.write(text_of(paper, chosen, job.names, words) + "\n")
    for name in topic or ():
        if name in job.model.unlearned:
            run.say(f"{job.names[name]} was not learned: {job.model.unlearned[name]}")
    _tell_refusals(run, job.refused)
    _tell_lent(run, job)


def _output_name(run: Run, to: str | None, output: Path | None) -> str:
    if run.as_json and to not in (None, "jsonl"):
        raise UsageError(f"--json and --to {to} contradict each other", "give one of them")
    if run.as_json:
        return "jsonl"
    if to is None and output is not None:
        return _SUFFIXES.get(output.suffix.lower(), "jsonl")
    return to or ("table" if sys.stdout.isatty() else "jsonl")


def _shown(paper: Paper) -> str:
    from labeler.papers.text import printable

    facts = [paper.id, paper.date or "no date", *(f"[{flag}]" for flag in paper.flags)]
    words = len(paper.abstract.split())
    title = printable(paper.title or paper.abstract[:80])
    return f"{title}\n    {' · '.join(facts)} · abstract of {words} words"


def _tell_reading(run: Run, reading: Reading) -> None:
    _tell_refusals(run, reading.refused)
    formats = ", ".join(sorted(set(reading.formats.values())))
    run.say(f"{reading.summary()} (read as {formats})")


def _tell_lent(run: Run, job: Labelling) -> None:
    if not job.lent:
        return
    label, name = job.version.label, job.version.name
    gave = f"{label}, which comes with labeler, gave the topics, arXiv's categories (`labeler models show {name}`)"
    if run.models.versions():
        run.say(f"None of your models is in use: {gave}. To choose one: `labeler models use NAME`.")
    else:
        run.say(f"No model of your own yet: {gave}. For topics of your own: `labeler init`.")


def _tell_refusals(run: Run, refused: Iterable[Refusal]) -> None:
    told = list(refused)
    for refusal in told[:_REFUSALS_TOLD]:
        run.say(f"not used: {refusal}")
    if len(told) > _REFUSALS_TOLD:
        run.say(f"not used: {len(told) - _REFUSALS_TOLD} more records")
