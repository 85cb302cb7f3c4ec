"""Commands about papers: read, explain; and what is said of a digest at the end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

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
    known_ending,
)
from labeler.errors import UsageError
from labeler.terminal import columns, fit
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.digests import Reading
    from labeler.digests.source import Refusal
    from labeler.flows.label import Labelling
    from labeler.modelstore import Version
    from labeler.papers import Paper

_MAX_REFUSALS = 10  # that are listed
ExplainOutput = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write to a file: JSON lines (.jsonl, .ndjson) or text (.txt, no ending).",
    ),
]
OnePaper = Annotated[
    str | None, typer.Option("--paper", metavar="TEXT", help="Only one paper, by an identifier or a part of its title.")
]
Words = Annotated[
    int | None, typer.Option("--words", min=1, help="How many words to show a topic (default: a screenful).")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "read", read, writes=True)
    command(app, "explain", explain, writes=True)


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
    from labeler.judgements.language import language_of_log
    from labeler.papers.languages import ENGLISH

    if formats:
        abouts = {reader.NAME: reader.ABOUT for reader in FORMATS.all}
        width = max(map(len, abouts))
        run.result(abouts, "\n".join(f"{name:{width}} {about}" for name, about in abouts.items()))
        return
    if not inputs:
        raise UsageError("read needs a digest", "for example `labeler read page.txt`")
    if not run.as_json:  # which says what is written, whatever the name
        known_ending(output, *JSON_LINES)
    workspace = run.workspace_if_any
    language = ENGLISH if workspace is None else language_of_log(workspace.judgements)
    reading = read_inputs(inputs, format_name, language)
    as_json, width = run.as_json or output is not None, columns(sys.stdout)
    with run.output(output) as out:
        for paper in reading.papers:
            out.write((json_line(_record_of(paper)) if as_json else fit(_text_of(paper), width)) + "\n")
    if duplicates:
        for paper, reason, merged in reading.merged:
            run.say(f"merged by {reason}: {merged.title!r} into {paper.id} ({paper.title!r})")
    say_reading(run, reading)
    _say_flags(run, reading)
    _say_summary(run, reading)


def explain(
    run: Run,
    inputs: Inputs,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", metavar="TOPIC", help="Only these topics, by their names or ids; repeatable."),
    ] = None,
    paper: OnePaper = None,
    words: Words = None,
    model: Model = None,
    format_name: Format = None,
    output: ExplainOutput = None,
) -> None:
    """For each paper and topic: the words, what each adds to the score, and the sum.

    Example: labeler explain tomorrow.txt --paper "title or a part of it" --topic vision
    """
    from labeler.cli.explanations import left_out, shown_of, text_of
    from labeler.digests import open_sources
    from labeler.files import json_line
    from labeler.flows.label import labelling
    from labeler.publish.explained import record_of

    as_json = run.as_json or known_ending(output, ".txt", *JSON_LINES) in JSON_LINES
    sources = open_sources(inputs)
    job = labelling(run.models, model, run.workspace_if_any)
    topics, more, width = list(map(job.topic, topic)) if topic else None, set[str](), columns(sys.stdout)
    with run.output(output) as out:
        for one, explanations in job.explain(sources, topics, format_name, paper):
            alike = job.alike(one)
            if as_json:
                out.write(json_line(record_of(one, explanations, job.version.label, alike, job.keywords)) + "\n")
                continue
            shown, most = shown_of(explanations, topics is not None, words, alike)
            text = text_of(one, shown, job.names, most, alike, job.keywords)
            out.write((fit(text, width) if output is None else text) + "\n")
            more |= left_out(explanations, shown, most)
    if more:
        alone = ["--paper TEXT shows one paper alone"] if job.papers > 1 and paper is None else []
        run.say(f"{'; '.join([*alone, *sorted(more)])}; --json has all.")
    _say_unlearned(run, job, topics or ())
    say_refusals(run, job.refused)
    say_notes(run, job.notes)
    if job.shipped_model_used:
        say_shipped_model(run, job.version, inputs[0])


def _say_unlearned(run: Run, job: Labelling, topics: Iterable[str]) -> None:
    """Say which of some topics were not learned, and why."""
    for topic in topics:
        if topic in job.model.unlearned:
            run.say(f"{job.names[topic]} was not learned: {job.model.unlearned[topic]}")


def _record_of(paper: Paper) -> dict[str, Any]:
    """The record of a paper, which says the language of one in another than English also where the digest did not."""
    from labeler.papers.languages import ENGLISH, language_of

    language = paper.language or language_of(paper.abstract or paper.title)
    return paper.to_dict() | ({"language": language} if language not in ("", ENGLISH) else {})


def _text_of(paper: Paper) -> str:
    from labeler.papers.cleaning import printable
    from labeler.papers.dates import format_date

    facts = [paper.id, format_date(paper.date) or "no date", *(f"[{flag}]" for flag in paper.flags)]
    words = len(paper.abstract.split())
    title = printable(paper.title or shortened(paper.abstract, 80))
    return f"{title}\n    {' · '.join(facts)} · abstract of {counted(words, 'word')}"


def _say_flags(run: Run, reading: Reading) -> None:
    """Say how many papers have each flag, and what to do about them."""
    from labeler.papers.quality import SENTENCES

    for flag, count in reading.flags.most_common():
        if flag in SENTENCES:
            run.say(f"{flag}: {counted(count, 'paper')} {SENTENCES[flag]}")


def _say_summary(run: Run, reading: Reading) -> None:
    """Say how many papers there are, and in which languages where not all are in English."""
    names = ", ".join(sorted(set(reading.formats.values())))
    run.say(f"{reading.summary()} (read as {names})")
    if languages := reading.languages():
        run.say(languages)


def say_reading(run: Run, reading: Reading) -> None:
    """Say what of some digests could not be used, and what is to know of the others."""
    say_refusals(run, reading.refused)
    say_notes(run, reading.notes)


def say_shipped_model(run: Run, version: Version, digest: str) -> None:
    """Say that the model that comes with labeler was used for ``digest``, and how to use or make another one."""
    label, name = version.label, version.name
    gave = f"{label}, which comes with labeler, gave the topics, arXiv's categories (`labeler models show {name}`)"
    if run.models.versions():
        run.say(f"None of your models is in use: {gave}. To choose one: `labeler models use NAME`.")
    else:
        run.say(f"No model of your own yet: {gave}. For topics of your own: `{first_step(run, digest)}`.")


def first_step(run: Run, digest: str = "-") -> str:
    """The command that leads to a model of one's own from where the user stands."""
    workspace = run.workspace_if_any
    if workspace is None:
        return "labeler init"
    if workspace.judgements.is_file() and workspace.judgements.stat().st_size:
        return "labeler train"
    return f"labeler train --unread {'DIGEST' if digest == '-' else shlex.quote(digest)}"


def say_notes(run: Run, notes: Sequence[str]) -> None:
    """Say what is to know of the papers; of many notes the first ones."""
    for note in notes[:_MAX_REFUSALS]:
        run.say(f"note: {note}")
    if len(notes) > _MAX_REFUSALS:
        run.say(f"note: {len(notes) - _MAX_REFUSALS} more of this kind")


def say_refusals(run: Run, refused: Iterable[Refusal]) -> None:
    """Say what could not be used, and why; of many records the first ones."""
    refusals = list(refused)
    for refusal in refusals[:_MAX_REFUSALS]:
        run.say(f"not used: {refusal}")
    if len(refusals) > _MAX_REFUSALS:
        run.say(f"not used: {len(refusals) - _MAX_REFUSALS} more records")
