"""Commands about versions of models: models compare, models remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.annotation import Complete, TopicsColumn
from labeler.cli.command import Format, Run, Separator, divider
from labeler.errors import UsageError
from labeler.terminal import table
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labeler.evaluation.comparison import Comparison, Flip
    from labeler.flows.compare import Compared

_MOST_TOPICS, _MOST_FLIPS = 40, 10  # that are shown
_NAME, _TITLE = 20, 70  # letters of the name of a topic, and of a title
_ORIGINS = {
    "held_out": "held out in its training",
    "new": "new to it",
    "unknown": "perhaps known, as it does not say what it learned from",
}

Label = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", show_default=False)]
First = Annotated[str, typer.Argument(metavar="A", help="The version before, NAME[@VERSION].", show_default=False)]
Second = Annotated[str, typer.Argument(metavar="B", help="The version after.", show_default=False)]
Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="INPUT…", help="Judged tables, or the log of another workspace (default: the log).", show_default=False
    ),
]


def remove(run: Run, model: Label) -> None:
    """Remove a version for good. The one that commands use stays, and a number is never given again.

    Example: labeler models remove mine@1
    """
    from labeler.modelstore import ModelStore

    removed = ModelStore(run.workspace.models).remove(model, run.dry_run)
    run.done({"removed": removed}, f"{'Would remove' if run.dry_run else 'Removed'} {removed}.")


def compare(
    run: Run,
    before: First,
    after: Second,
    inputs: Inputs = None,
    topics_column: TopicsColumn = None,
    complete: Complete = False,
    separator: Separator = None,
    format_name: Format = None,
) -> None:
    """Compare two versions on judged papers that neither had seen: what the second one gains and loses.

    What a version would have said of the papers that it learned from is kept with it, so nothing is trained. Where
    papers were kept apart (`labeler train --hold-out`), these are compared on.

    Example: labeler models compare mine@1 mine@2
    """
    from labeler.flows.compare import compare_versions
    from labeler.flows.evaluate import Judged

    if (topics_column is None) and (complete or separator or format_name):
        raise UsageError("--complete, --separator and --format are for tables", "name their column: --topics-column")
    if topics_column and not inputs:
        raise UsageError("--topics-column is for tables", "name them: labeler models compare A B judged.csv …")
    what = Judged(tuple(inputs or ()), tuple(topics_column or ()), complete, format_name, divider(separator))
    workspace = run.workspace_if_any if inputs else run.workspace
    outcome = compare_versions(workspace, run.models, (before, after), what, run.progress)
    for note in outcome.notes:
        run.say(f"note: {note}")
    record = outcome.found.to_dict() | {"evaluation_set": outcome.is_evaluation_set, "names": dict(outcome.names)}
    run.result(record | {"notes": list(outcome.notes)}, _text(outcome))


def _text(outcome: Compared) -> str:
    """The comparison, for people: the verdict first."""
    found, names = outcome.found, outcome.names
    papers = "papers of the evaluation set" if outcome.is_evaluation_set else "judged papers"
    if not outcome.is_evaluation_set and not any("unknown" in counts for counts in found.origins.values()):
        papers = "judged papers that neither had seen"
    asked = "; ".join(
        f"to {label}, " + ", ".join(f"{count} were {_ORIGINS.get(name, name)}" for name, count in counts.items())
        for label, counts in found.origins.items()
    )
    parts = [
        f"{_verdict(found)} On {found.papers} {papers} ({asked}):",
        "\n".join(_averages(found)),
        _rejudged_text(found),
        _topics_text(found, names),
        _decisions_text(found),
        _flips_text(found.negative_flips, found, names),
    ]
    return "\n\n".join(part for part in parts if part)


def _rejudged_text(found: Comparison) -> str:
    """How many papers have other judgements than before, where some have."""
    if not found.rejudged:
        return ""
    papers = counted(found.rejudged, "of these papers was", "of these papers were")
    return (
        f"{papers} judged otherwise when {found.before} learned from them; both are held against the judgements of "
        "today: are these right?"
    )


def _verdict(found: Comparison) -> str:
    differences = [change.difference for change in found.averages.values()]
    if any(one.low > 0 for one in differences) and not any(one.high < 0 for one in differences):
        return f"{found.after} is better than {found.before}."
    if any(one.high < 0 for one in differences) and not any(one.low > 0 for one in differences):
        return f"{found.after} is worse than {found.before}."
    return f"{found.after} and {found.before} cannot be told apart by their F1."


def _averages(found: Comparison) -> list[str]:
    lines = [
        f"- {name.replace('_f1', '-F1')} {change.after:.2f}, was {change.before:.2f}: difference "
        f"{change.difference.value:+z.3f} [{change.difference.low:+z.3f}, {change.difference.high:+z.3f}]"
        for name, change in found.averages.items()
    ]
    flips = len(found.negative_flips)
    gains = len(found.flips) - flips
    return [
        *lines,
        f"- {counted(gains, 'paper')} wrong before and right now, {counted(flips, 'paper')} right before and wrong now",
    ]


def _topics_text(found: Comparison, names: Mapping[str, str]) -> str:
    """What changed for each topic, those with most changes first."""
    topics = sorted(found.topics, key=lambda one: (-(one.gains + one.losses), -one.papers))
    rows = [
        [
            shortened(names.get(one.topic, one.topic), _NAME),
            str(one.papers),
            str(one.gains),
            str(one.losses),
            str(one.negative_flips),
            f"{one.difference.value:+z.2f} [{one.difference.low:+z.2f}, {one.difference.high:+z.2f}]"
            if one.difference
            else "–",
        ]
        for one in topics[:_MOST_TOPICS]
    ]
    more = f"\n… and {len(topics) - _MOST_TOPICS} more topics (--json has all)" if len(topics) > _MOST_TOPICS else ""
    head = ["topic", "papers", "gains", "losses", "flips", "difference of F1"]
    about = (
        "Gains are papers on which the answer for the topic was wrong and is right now, losses the reverse; flips are "
        "the losses on papers that were right in every topic."
    )
    return f"Each topic:\n{table(head, rows)}{more}\n{about}"


def _decisions_text(found: Comparison) -> str:
    if not found.decisions:
        return ""
    told = ", ".join(f"{old} → {new} {count}" for (old, new), count in found.decisions.items())
    return f"Decisions that changed, in papers: {told}."


def _flips_text(flips: Sequence[Flip], found: Comparison, names: Mapping[str, str]) -> str:
    """The papers that were right before and are wrong now."""
    if not flips:
        return ""

    def told(topics: Sequence[str]) -> str:
        return ", ".join(names.get(topic, topic) for topic in topics) or "none"

    lines = [
        f"- {shortened(flip.paper.title or flip.paper.abstract, _TITLE)}: judged {told(flip.judged)}, "
        f"{found.after} says {told(flip.after)}"
        for flip in flips[:_MOST_FLIPS]
    ]
    more = f" ({_MOST_FLIPS} of {len(flips)}, --json has all)" if len(flips) > _MOST_FLIPS else ""
    return "\n".join([f"Right before, wrong now{more}:", *lines])
