"""Commands about papers: read, label, explain."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Format, Inputs, Model, Output, Run, command, counted
from labeler.errors import UsageError
from labeler.publish.registry import COLUMNS, OUTPUTS, output_of, output_of_many

if TYPE_CHECKING:
    from labeler.digests import Reading
    from labeler.digests.source import Refusal
    from labeler.flows.label_many import LabelManyRequest
    from labeler.modelstore import Version
    from labeler.papers import Paper

_REFUSALS_TOLD = 10


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
            help=f"{', '.join(OUTPUTS.names)} (default: by the file's ending; table on a terminal, else jsonl).",
        ),
    ] = None,
    model: Model = None,
    format_name: Format = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="PLACE", help="Write to a file; or, of many papers, to a folder (ending in /)."
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", help="Processes for many papers (-1: one a core).")] = 1,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADDRESS", help="A dask.distributed cluster for many papers (local: one here)."),
    ] = None,
) -> None:
    """Give the papers of a digest their topics, with probabilities and the words behind them.

    Many papers (a folder, a pattern such as 'pile/*.parquet', an address such as s3://…, or Parquet to Parquet) are
    labelled in parts, a row a paper; a run that was ended goes on where it stopped when it is started again.

    Example: labeler label tomorrow.txt --to md -o tomorrow.md
    """
    # Nothing here is a product of large matrices: threads for them would only take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    many = _many(run, inputs, to, output)
    if many is not None:
        _label_many(run, replace(many, model=model, format_name=format_name, jobs=jobs, dask=dask))
        return
    if jobs != 1 or dask:
        raise UsageError("--jobs and --dask are for many papers", "write to a folder (-o labels/) or a .parquet file")
    from labeler.digests import open_sources
    from labeler.publish import writer_named

    writer = writer_named(_output_name(run, to, output))
    from labeler.flows.label import labelling

    sources = open_sources(inputs)
    job = labelling(run.models, model)
    with run.output(Path(output) if output else None) as out:
        writer.write(job.label(sources, format_name), out, job.names)
    _tell_refusals(run, job.refused)
    if job.model.unlearned:
        named = ", ".join(job.names.get(topic, topic) for topic in job.model.unlearned)
        run.say(f"never given, because they could not be learned yet: {named}")
    if job.lent:
        _tell_lent(run, job.version)
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
    from labeler.cli.explanations import record_of, text_of
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
    if job.lent:
        _tell_lent(run, job.version)


def _many(run: Run, inputs: list[str], to: str | None, output: str | None) -> LabelManyRequest | None:
    """What is asked for where it is many papers; None where it is a digest."""
    from labeler.bulk.parts import is_for_labels
    from labeler.storage import may_match_many

    folder = output is not None and (output.endswith("/") or is_for_labels(Path(output)))

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
    ending = Path(output).suffix
    if not (to or run.as_json or folder or ending):
        raise UsageError(f"{output} is no folder yet and has no ending", f"write {output}/, or {output}.parquet")
    name = to or ("jsonl" if run.as_json else COLUMNS if folder else output_of(ending))
    from labeler.flows.label_many import LabelManyRequest

    return LabelManyRequest(inputs, output, output_of_many(name), not folder)


def _label_many(run: Run, wanted: LabelManyRequest) -> None:
    from labeler.cli.progress import progress
    from labeler.flows.label_many import label_many

    told = False

    def begin(total: int | None) -> Callable[[int], None]:
        nonlocal told
        told = True
        return progress(run, total)

    try:
        done = label_many(run.models, wanted, begin)
    finally:
        if told:
            run.progress("")
    _tell_refusals(run, done.outcome.refusals)
    if done.outcome.refused > len(done.outcome.refusals):
        run.say(f"not used: {done.outcome.refused - len(done.outcome.refusals)} more records")
    if not wanted.model and run.models.current() is None:
        _tell_lent(run, done.version)
    counts = ", ".join(f"{done.outcome.decisions.get(one, 0)} {one}" for one in ("auto", "review", "none"))
    there = f" ({counted(done.there, 'paper')} had been labelled before)" if done.there else ""
    run.say(
        f"{counted(done.outcome.papers, 'paper')} of {counted(done.files, 'file')} labelled by {done.version.label}: "
        f"{counts}{there}. The labels are in {wanted.output}"
    )


def _output_name(run: Run, to: str | None, output: str | None) -> str:
    if run.as_json and to not in (None, "jsonl"):
        raise UsageError(f"--json and --to {to} contradict each other", "give one of them")
    if run.as_json:
        return "jsonl"
    if to is None and output is not None:
        ending = Path(output).suffix
        return output_of(ending) if ending else "jsonl"
    return to or ("table" if sys.stdout.isatty() else "jsonl")


def _shown(paper: Paper) -> str:
    from labeler.papers.cleaning import printable

    facts = [paper.id, paper.date or "no date", *(f"[{flag}]" for flag in paper.flags)]
    words = len(paper.abstract.split())
    title = printable(paper.title or paper.abstract[:80])
    return f"{title}\n    {' · '.join(facts)} · abstract of {words} words"


def _tell_reading(run: Run, reading: Reading) -> None:
    _tell_refusals(run, reading.refused)
    formats = ", ".join(sorted(set(reading.formats.values())))
    run.say(f"{reading.summary()} (read as {formats})")


def _tell_lent(run: Run, version: Version) -> None:
    label, name = version.label, version.name
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
