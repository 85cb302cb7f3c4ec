"""The command that says how far annotators agree: agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.annotation import Control
from labeler.cli.command import Run, command
from labeler.errors import UsageError
from labeler.terminal import table
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from labeler.annotators.agreement import Agreement
    from labeler.flows.agreement import Agreed

_MOST_TOPICS, _MOST_PAIRS, _MOST_CONFUSED = 40, 30, 5  # that are shown
_EXAMPLES = 2  # papers of each pair of topics
_NAME, _PERSON, _TITLE = 22, 18, 70  # letters
_SHORT = {"usable with care": "with care", "not clear yet": "unclear", "all answers are the same": "–", "too few": ""}

Exports = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="EXPORT…", help="Exports of Label Studio projects (default: the workspace's log).", show_default=False
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "agreement", agreement, names_people=True)


def agreement(run: Run, exports: Exports = None, control: Control = None) -> None:
    """Say how far annotators agree: over all, on each topic, in pairs, each with itself, and as time went by.

    Figures are of the papers that at least two people judged, with 95 % intervals where these are 50 or more. With
    exports, no workspace is needed: any project in which people choose among labels will do.

    Example: labeler agreement export.json --control topics
    """
    from labeler.flows.agreement import agreement_in_exports, agreement_in_log

    if control and not exports:
        raise UsageError("--control is for exports", "name one: labeler agreement export.json --control topics")
    agreed = agreement_in_exports(exports, control or ()) if exports else agreement_in_log(run.workspace)
    for note in agreed.notes:
        run.say(f"note: {note}")
    run.result(record_of(agreed), text_of(agreed))


def record_of(agreed: Agreed) -> dict[str, object]:
    """The agreement, for programs."""
    from labeler.annotators.verdict import sentences, word_of

    found = agreed.found
    verdict = {"verdict": word_of(found.alpha), "sentences": sentences(found, agreed.names)}
    return verdict | found.to_dict() | {"names": dict(agreed.names), "notes": list(agreed.notes)}


def text_of(agreed: Agreed) -> str:
    """The agreement, for people: the verdict first."""
    from labeler.annotators.verdict import sentences

    found, names = agreed.found, agreed.names
    parts = ["\n".join(sentences(found, names))]
    if found.papers:
        parts += [_overall_text(found), _topics_text(found, names), _pairs_text(found)]
    parts += [_selves_text(found)]
    if found.papers:
        parts += [_confused_text(found, names)]
    return "\n\n".join(part for part in parts if part)


def _overall_text(found: Agreement) -> str:
    """The coefficients over all."""
    from labeler.annotators.verdict import COEFFICIENTS

    return "\n".join(["Over all:", *(f"  {COEFFICIENTS[name]}: {figure}" for name, figure in found.overall.items())])


def _topics_text(found: Agreement, names: Mapping[str, str]) -> str:
    """The figures of each topic, the most disputed first."""
    from labeler.annotators.verdict import word_of

    topics = sorted(found.topics, key=lambda one: (-one.disputed, one.topic))
    rows = [
        [
            shortened(names.get(one.topic, one.topic), _NAME),
            f"{one.disputed} of {one.given}",
            f"{one.prevalence:.0%}",
            str(one.alpha),
            "–" if one.ac1.value is None else f"{one.ac1.value:.2f}",
            _SHORT.get(word := word_of(one.alpha), word),
        ]
        for one in topics[:_MOST_TOPICS]
    ]
    head = ["topic", "disputed", "yes", "alpha", "AC1", ""]
    return f"Each topic:\n{table(head, rows)}{_more(topics, _MOST_TOPICS, 'topic')}"


def _pairs_text(found: Agreement) -> str:
    """The pairs of annotators."""
    rows = [
        [
            f"{shortened(one.one, _PERSON)}, {shortened(one.other, _PERSON)}",
            str(one.papers),
            f"{one.agreement.value:.0%}",
            str(one.kappa),
        ]
        for one in found.pairs[:_MOST_PAIRS]
    ]
    told = table(["annotators", "papers", "the same", "kappa"], rows)
    return f"Each pair:\n{told}{_more(found.pairs, _MOST_PAIRS, 'pair')}"


def _selves_text(found: Agreement) -> str:
    """Annotators with themselves; nothing where nobody judged a paper twice or corrected an answer."""
    if not found.selves:
        return ""
    rows = [
        [shortened(one.annotator, _NAME), str(one.asked_again), str(one.same), str(one.corrected)]
        for one in found.selves
    ]
    return "Annotators with themselves:\n" + table(["annotator", "asked twice", "the same", "corrected"], rows)


def _confused_text(found: Agreement, names: Mapping[str, str]) -> str:
    """The pairs of topics that people take for each other, with some papers."""
    lines = []
    for pair in found.disagreements.confused[:_MOST_CONFUSED]:
        one, other = names.get(pair.one, pair.one), names.get(pair.other, pair.other)
        lines.append(f"  {one} or {other}: {counted(len(pair.papers), 'paper')}")
        lines += [f"    {shortened(found.titles.get(paper) or paper, _TITLE)}" for paper in pair.papers[:_EXAMPLES]]
    more = _more(found.disagreements.confused, _MOST_CONFUSED, "pair of topics", "pairs of topics")
    return "\n".join(["Topics that are taken for each other:", *lines]) + more if lines else ""


def _more(listed: Sequence[object], most: int, noun: str, many: str = "") -> str:
    left = len(listed) - most
    return (
        f"\n… and {counted(left, f'more {noun}', f'more {many}' if many else '')} (--json has all)" if left > 0 else ""
    )
