"""The command that says what more labels would bring: curve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Run, command
from labeler.errors import UsageError
from labeler.terminal import table
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from labeler.flows.curve import Curve, TopicCurve
    from labeler.flows.recall import Found
    from labeler.learning_curve.projection import Needed
    from labeler.measure.estimates import Estimate

_NAME = 20  # letters, so that the table with a target fits 80 columns
_MOST_TOPICS = 15  # that are shown

Target = Annotated[
    float | None, typer.Option("--target", metavar="F1", help="The macro-F1 that is wanted, such as 0.8.")
]
More = Annotated[int, typer.Option("--more", min=1, metavar="N", help="Whether so many more labels are worth it.")]
Unread = Annotated[
    list[str] | None,
    typer.Option(
        "--unread", metavar="INPUT", help="Unlabeled papers to learn from, as `labeler train` does; repeatable."
    ),
]

Inputs = Annotated[
    list[str] | None, typer.Argument(metavar="INPUT…", help="With --recall: all papers to be read.", show_default=False)
]
Recall = Annotated[
    float | None,
    typer.Option("--recall", metavar="SHARE", help="Whether this share of a topic's papers is found, such as 0.95."),
]
Topic = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="With --recall: the topic to be found.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "curve", curve)


def curve(
    run: Run,
    inputs: Inputs = None,
    target: Target = None,
    more: More = 100,
    unread: Unread = None,
    recall: Recall = None,
    topic: Topic = None,
) -> None:
    """Say how good models of fewer and of more judged papers are, and whether to go on judging.

    Models are trained on parts of the judged papers and asked for others, sixteen in all: with 400 judged papers that
    took four times as long as `labeler train`. The curve is carried on with 90 % intervals: how many labels a target
    needs, and whether more of them still add anything. No version is made; `labeler evaluate --report` shows the curve.

    Who reads papers to find all of one topic asks with --recall whether that may stop: with the papers to be read, in
    the order in which they were judged, `labeler curve --recall 0.95 --topic NAME all.csv`.

    Example: labeler curve --target 0.8
    """
    if recall is not None:
        _recall(run, inputs or [], recall, topic)
    elif inputs or topic:
        raise UsageError("papers and --topic are for --recall", "labeler curve --recall 0.95 --topic NAME all.csv")
    else:
        _curve(run, target, more, unread)


def _curve(run: Run, target: float | None, more: int, unread: list[str] | None) -> None:
    """Say what more labels would bring."""
    if target is not None and not 0 < target < 1:
        raise UsageError(f"--target is {target:g}", "give a macro-F1 between 0 and 1, such as 0.8")
    from labeler.flows.curve import curve as flow

    found = flow(run.workspace, target, more, unread or run.workspace.unread, run.say)
    for note in found.notes:
        run.say(f"note: {note}")
    run.result(found.to_dict(), text_of(found))


def _recall(run: Run, inputs: list[str], wanted: float, topic: str | None) -> None:
    """Say whether reading may stop."""
    if not 0 < wanted < 1:
        raise UsageError(f"--recall is {wanted:g}", "give a share between 0 and 1, such as 0.95")
    if not inputs or topic is None:
        raise UsageError(
            "--recall needs --topic and the papers to be read", "labeler curve --recall 0.95 --topic NAME all.csv"
        )
    from labeler.flows.recall import recall

    found = recall(run.workspace, inputs, topic, wanted)
    for note in found.notes:
        run.say(f"note: {note}")
    run.result(found.to_dict(), recall_text(found))


def recall_text(found: Found) -> str:
    """Whether reading may stop, for people."""
    one = found.stopping
    lines = [
        f"{one.read:,} of {counted(one.papers, 'paper')} are judged ({one.read / one.papers:.0%}), "
        f"{one.found:,} of them are of {found.name}."
    ]
    promise = f"with {one.confidence:.0%} confidence, at least {one.recall:.0%} of the papers of {found.name} are found"
    if one.stop:
        return "\n".join([*lines, f"You may stop: {promise}."])
    if not one.found:
        return "\n".join([*lines, "Go on: of a topic without a paper so far nothing can be said."])
    lines.append(
        f"Go on: if fewer than {one.recall:.0%} were found, the papers read last could still hold so few "
        f"(p = {one.p:.2f}; from {1 - one.confidence:.2f} down you may stop)."
    )
    lines.append(f"If the next {counted(found.further, 'paper')} hold none of that topic, you may stop.")
    return "\n".join(lines)


def text_of(found: Curve) -> str:
    """The curve, for people."""
    from labeler.learning_curve.chart import chart

    names = {topic.id: topic.name for topic in found.scheme.topics}
    farthest = max(papers for papers, _ in found.said)
    papers = counted(found.curve.papers, "judged paper")
    parts = [
        f"Macro-F1 by number of judged papers (o measured, * carried on, . 90 % interval), of {papers}:",
        chart(found.curve, found.projection, farthest),
        table(["judged papers", "macro-F1", "90 % interval"], [_row(size, one) for size, one in found.said]),
        *found.sentences,
    ]
    return "\n\n".join([*parts, _topics_text(found, names)])


def _row(size: int, figure: Estimate) -> list[str]:
    return [f"{size:,}", f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}"]


def _topics_text(found: Curve, names: Mapping[str, str]) -> str:
    """The topics with the lowest F1, and what these need for the target."""
    shown = found.topics[:_MOST_TOPICS]
    head = ["topic", "F1", "90 % interval"]
    if found.target is not None:
        head += [f"needs for {found.target:g}", "90 %"]
    rows = [_topic_row(one, names, found.curve.papers) for one in shown]
    left = len(found.topics) - len(shown)
    more = f"\n… and {counted(left, 'more topic')} with a higher F1" if left else ""
    legend = " (? is more than can be told)" if found.target is not None else ""
    return f"By topic, the lowest F1 first{legend}:\n{table(head, rows)}{more}"


def _topic_row(one: TopicCurve, names: Mapping[str, str], papers: int) -> list[str]:
    row = [shortened(names.get(one.topic, one.topic), _NAME), *_row(0, one.f1)[1:]]
    return row if one.needed is None else [*row, *_needed_cells(one.needed, papers)]


def _needed_cells(needed: Needed, papers: int) -> list[str]:
    """How many judged papers are needed, in cells; "?" is more than can be told."""
    told = ["?" if size is None else "there" if size <= papers else f"{size:,}" for size in needed]
    return [told[0], "" if told[1:] == ["there", "there"] else f"{told[1]} to {told[2]}"]
