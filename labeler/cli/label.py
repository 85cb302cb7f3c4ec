"""The command label: topics for the papers of a digest, or for very many papers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Format, Inputs, Model, Run, command, counted, ending_of
from labeler.cli.label_plan import tell_plan
from labeler.cli.papers import say_notes, say_refusals, say_shipped_model
from labeler.errors import UsageError
from labeler.publish.registry import COLUMNS, OUTPUTS, output_of, output_of_many

if TYPE_CHECKING:
    from labeler.cli.destinations import Destination
    from labeler.flows.label import Labelling
    from labeler.flows.label_many import LabelManyRequest

DECISIONS = ("auto", "review", "none", "judged")  # of labeler.score.decision, which loads what is heavy
_REASONS = {
    "unfamiliar": "of unfamiliar words",
    "ambiguous": "with a doubtful topic",
    "few_examples": "as few papers of their topic were judged",
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
    list[str] | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PLACE",
        help="Write to a file, whose ending says the output (none: jsonl); repeatable, then --to is for standard "
        "output. Or, of many papers, to a folder (labels/).",
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Option(
        "--topic",
        metavar="TOPIC",
        help="Only papers of this topic (its name or id), or likely listed there; repeatable.",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="DECISION", help=f"Only these: {', '.join(DECISIONS)}; repeatable."),
]
New = Annotated[bool, typer.Option("--new", help="Only papers that no earlier run in this workspace has shown.")]
Sets = Annotated[
    float | None,
    typer.Option(
        "--sets", metavar="ERROR", help="In JSON lines, also a set of topics that lacks the right one in this share."
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", help="Processes for many papers (-1: one a core).")]
Dask = Annotated[
    str | None,
    typer.Option("--dask", metavar="ADDRESS", help="A dask.distributed cluster for many papers (local: one here)."),
]


@dataclass(frozen=True, slots=True)
class _Digest:
    """The inputs that are labelled, by which model, and what is shown of them."""

    inputs: list[str]
    format_name: str | None
    model: str | None
    topics: list[str]
    decisions: frozenset[str]
    new: bool
    sets: float | None


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "label", label, names_people=True, writes=True)


def label(
    run: Run,
    inputs: Inputs,
    to: To = None,
    model: Model = None,
    format_name: Format = None,
    output: LabelOutput = None,
    topic: Topics = None,
    only: Only = None,
    new: New = False,
    sets: Sets = None,
    jobs: Jobs = 1,
    dask: Dask = None,
) -> None:
    """Give the papers of a digest their topics, with probabilities and the words behind them.

    Each paper is decided: auto (the model is sure of its topics), none (it is sure that none fits), review (a person
    should look, and why) or judged (people have judged it: the topics are theirs).

    Many papers (a folder, a pattern such as 'pile/*.parquet', an address such as s3://…, or Parquet to Parquet) are
    labelled in parts, a row a paper; a run that was ended goes on where it stopped when it is started again.

    Example: labeler label tomorrow.txt -o tomorrow.md -o tomorrow.csv
    """
    # Nothing here is a product of large matrices: threads for them would only take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    decisions = _decisions(only)
    if request := _many_papers(run, inputs, to, output or [], jobs != 1 or dask is not None):
        if topic or decisions or new or sets is not None:
            raise UsageError("--topic, --only, --new and --sets are for a digest", "choose among the labels written")
        _label_many(run, replace(request, model=model, format_name=format_name, jobs=jobs, dask=dask))
        return
    _refuse_several_processes(jobs, dask)
    from labeler.cli.destinations import destinations_of

    destinations = destinations_of(run, to, output or [])
    _check_sets(sets, [destination.writer.NAME for destination in destinations])
    if new and run.workspace_if_any is None:
        raise UsageError(
            "--new is for a workspace, which knows the papers of before",
            "make one with `labeler init`, or name one with --workspace DIR",
        )
    _label_digest(run, destinations, _Digest(inputs, format_name, model, topic or [], decisions, new, sets))


def _label_digest(run: Run, destinations: Sequence[Destination], digest: _Digest) -> None:
    """Label the papers of a digest, and write them to the destinations."""
    from labeler.cli.destinations import opened
    from labeler.digests import open_sources
    from labeler.flows.label import Filter, labelling
    from labeler.publish.registry import is_dated, is_linked
    from labeler.publish.together import write_all

    sources, job = open_sources(digest.inputs), labelling(run.models, digest.model, run.workspace_if_any)
    shown = Filter(frozenset(map(job.topic, digest.topics)), digest.decisions, digest.new)
    dated, linked = (any(asks(destination.writer) for destination in destinations) for asks in (is_dated, is_linked))
    papers = job.label(sources, digest.format_name, shown, digest.sets, dated, linked)
    with opened(run, destinations) as outputs:
        write_all(papers, outputs, job.names_for(shown))
    if not run.dry_run:
        job.leave(digest.inputs)
    _say_labelled(run, job, digest.inputs[0])
    if run.dry_run:
        _tell_topics(run, job)


def _tell_topics(run: Run, job: Labelling) -> None:
    """Say how many papers would get each topic, and what the workspace would keep of it."""
    given = {topic: count for topic, count in job.given.most_common() if count}
    if run.as_json:
        record = {"model": job.version.label, "papers": job.papers, "shown": job.shown}
        run.result(record | {"decisions": dict(job.decisions), "topics": given}, "")
    elif given:
        run.say(f"Topics: {', '.join(f'{job.names.get(topic, topic)} {count}' for topic, count in given.items())}.")
    if job.history:
        run.say("Would note in the history of the workspace which papers were shown.")


def _decisions(names: list[str] | None) -> frozenset[str]:
    """The decisions of these names.

    Raises:
        UsageError: one is no decision.
    """
    if unknown := set(names or ()) - set(DECISIONS):
        raise UsageError(f"--only {min(unknown)} is no decision", f"known are: {', '.join(DECISIONS)}")
    return frozenset(names or ())


def _refuse_several_processes(jobs: int, dask: str | None) -> None:
    """Refuse the options for several processes.

    Raises:
        UsageError: one is given.
    """
    if jobs != 1 or dask:
        raise UsageError("--jobs and --dask are for many papers", "write to a folder (-o labels/) or a .parquet file")


def _check_sets(error: float | None, outputs: Sequence[str]) -> None:
    """Check the share of sets of topics that may lack the right one, where sets are wanted.

    Raises:
        UsageError: the share is none, or no output has a place for sets.
    """
    if error is not None and not 0 < error < 1:
        raise UsageError(f"--sets is {error}", "give the share of sets that may lack the right topic, such as 0.1")
    if error is not None and "jsonl" not in outputs:
        named = " or ".join(outputs)
        raise UsageError(f"sets of topics are written as JSON lines, not as {named}", "add --to jsonl")


def _say_labelled(run: Run, job: Labelling, digest: str) -> None:
    say_refusals(run, job.refused)
    say_notes(run, job.notes)
    _say_topics(run, job)
    if job.shipped_model_used:
        say_shipped_model(run, job.version, digest)
    if job.known_before and not job.papers:
        run.say(f"No new papers: {counted(job.known_before, 'paper')} of the digest, all shown before.")
        return
    counts = _counts_text(job.decisions, job.reasons)
    repeated = f", {job.repeated} repeated" if job.repeated else ""
    repeated += f", {job.known_before} left out as shown before" if job.known_before else ""
    shown = f" Shown: {job.shown}." if job.shown != job.papers else ""
    shown += f" {job.in_sets / job.papers:.1f} topics in a set." if job.in_sets else ""
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
    counts = {decision: decisions.get(decision, 0) for decision in DECISIONS}
    parts = [f"{count} {decision}" for decision, count in counts.items() if count or decision != "judged"]
    told = [f"{reasons[reason]} {words}" for reason, words in _REASONS.items() if reasons.get(reason)]
    return ", ".join(parts) + (f" ({', '.join(told)})" if told else "")


def _many_papers(
    run: Run, inputs: list[str], to: str | None, outputs: list[str], at_once: bool
) -> LabelManyRequest | None:
    """The request where the inputs are many papers, or are to be labelled ``at_once``; None where they are a digest."""
    from labeler.digests.opening import may_be_fetched
    from labeler.storage import list_files, may_match_many

    output = next((file for file in outputs if file != "-"), None)
    folder = any(map(_is_folder_of_labels, outputs))
    several = any(may_match_many(each) for each in inputs if not may_be_fetched(each))
    columns = to == COLUMNS or any(ending_of(file) == f".{COLUMNS}" for file in outputs)
    of_columns = columns and (at_once or all(ending_of(each) == f".{COLUMNS}" for each in inputs))
    if not (folder or several or of_columns):
        return None
    if len(outputs) > 1:
        raise UsageError(
            "the labels of many papers go to one place",
            "give -o once, or name the files themselves to label them as one digest",
        )
    if output is None:
        list_files([each for each in inputs if set("*?[") & set(each) and "://" not in each])  # each matches a file
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
    from labeler.flows.corrections import refuse_to_lose_corrections
    from labeler.flows.label_many import label_many

    refuse_to_lose_corrections(Path(request.output), run.workspace_if_any)
    if run.dry_run:
        tell_plan(run, request)
        return
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
    say_refusals(run, outcome.refusals)
    if outcome.refused > len(outcome.refusals):
        run.say(f"not used: {outcome.refused - len(outcome.refusals)} more records")
    if not request.model and run.models.current() is None:
        say_shipped_model(run, result.version, request.inputs[0])
    say_notes(run, list(result.notes))
    counts = _counts_text(outcome.decisions, {})
    before = f" ({counted(result.labelled_before, 'paper')} had been labelled before)" if result.labelled_before else ""
    run.say(
        f"{counted(outcome.papers, 'paper')} of {counted(result.files, 'file')} labelled by {result.version.label}: "
        f"{counts}{before}. The labels are in {request.output}"
    )
