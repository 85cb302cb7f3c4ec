"""The state of the loop in words, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from labeler.cli.command import counted
from labeler.cli.watched import watch_lines
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.flows.status import Annotator, Status
    from labeler.measure.changes import Changes
    from labeler.suggest.audits import Audit

_MOST_TIES = 10
_MOST_TOPICS = 15
_MOST_FAULTS = 5
_MOST_FIELDS = 3

# What the counts of changes are called: where people saw a suggestion, and where they judged blind.
_SEEN = {
    "multi": {
        "added_to": "added to",
        "taken_from": "taken away from",
        "exchanged": "both added to and taken away from",
    },
    "single": {"exchanged": "changed to another topic", "added_to": "changed from none", "to_none": "changed to none"},
}
_BLIND = {
    "multi": {
        "added_to": "some missing",
        "taken_from": "some too many",
        "exchanged": "some missing and others too many",
    },
    "single": {
        "exchanged": "another topic",
        "added_to": "no topic where there is one",
        "to_none": "a topic where there is none",
    },
}


def status_text(state: Status) -> str:
    """The state of the loop, in lines."""
    lines = [_server_line(state), _log_line(state), *_unreadable_lines(state.unreadable)]
    for tie in state.tied[:_MOST_TIES]:
        lines.append(f"  tied: {shortened(tie['title'], 70)} ({tie['paper']}) — {tie['votes']}")
    if len(state.tied) > _MOST_TIES:
        lines.append(f"  … and {len(state.tied) - _MOST_TIES} more (--json lists all)")
    if state.screened:
        included, excluded = state.screened.included, state.screened.excluded
        name = state.scheme.name(state.screened.topic)
        papers = counted(included + excluded, "paper")
        lines.append(f"Screened for {name!r}: {papers}, {included} included and {excluded} excluded.")
    lines += _review_lines(state)
    lines += [f"  {note}" for note in state.notes]
    lines += [_annotator_line(name, annotator, state) for name, annotator in state.annotators.items()]
    lines += _suggestion_lines(state)
    lines.append(_model_line(state))
    for audit in state.audits.counted:
        lines.append(_audit_line(audit, state))
    if state.audits.counted:
        topics = _topic_lines(state.audits.counted[-1].changes, ("right", "too many", "missing"), state)
        lines += topics
    for left_out in state.audits.uncounted:
        papers = counted(left_out.papers, "paper")
        lines.append(f"  {papers} asked blind with {left_out.model} not counted: {left_out.reason}.")
    models = (f"{model}, {counted(papers, 'paper')}" for model, papers in state.soft_labels.items())
    lines += [f"Soft labels of other models: {'; '.join(models)}."] if state.soft_labels else []
    lines += [*_labelling_lines(state), *_drift_lines(state)]
    return "\n".join([*lines, *watch_lines(state.watches, state.heartbeat)])


def _labelling_lines(state: Status) -> list[str]:
    """What was labelled so far, if anything was."""
    done = state.labelling
    if done is None:
        return []
    named = f"{counted(done.papers, 'paper')} in " if done.papers else ""
    day, papers = done.last.at[:10], counted(done.last.papers, "paper")
    return [
        f"Labelled: {named}{counted(done.runs, 'run')} since {done.since}; last {papers} by {done.last.model}, {day}."
    ]


def _drift_lines(state: Status) -> list[str]:
    """Which fields became more frequent in what is labelled."""
    if not state.drift:
        return []
    from labeler.flows.drift import field_names

    names = field_names()
    more = [f"  … and {counted(len(state.drift) - _MOST_FIELDS, 'field')} more (--json lists all)"]
    return [
        *(one.sentence(names) for one in state.drift[:_MOST_FIELDS]),
        *(more if len(state.drift) > _MOST_FIELDS else []),
    ]


def _server_line(state: Status) -> str:
    """Where people annotate, and how much waits there; or why that is not known."""
    if state.failure:
        why = str(state.failure)
        return (
            f"Label Studio could not be asked: {why}{'' if why.endswith(('.', '?')) else '.'} The rest is from the log."
        )
    if state.project:
        pull_now = f" {counted(state.to_pull or 0, 'annotation')} to pull." if state.to_pull else ""
        return f"{state.project}: {counted(state.tasks or 0, 'paper')}, {state.waiting} waiting.{pull_now}"
    if state.gone:
        return f"The project of this workspace, {state.gone}, is not there (any more); `labeler pull` says more."
    if state.server:
        return f"No digest was pushed to {state.server} yet (`labeler push DIGEST`)."
    unasked = "No server was asked, as no Label Studio server is known here."
    if state.project_before:
        return (
            f"{unasked} This workspace's project was at {state.project_before}: name its server in LABEL_STUDIO_URL "
            "and your key in LABEL_STUDIO_API_KEY."
        )
    return f"{unasked} Nothing was pushed to a Label Studio server yet (`labeler push DIGEST`)."


def _log_line(state: Status) -> str:
    return (
        f"In the log: {counted(state.judgements, 'judgement')} on {counted(state.judged_papers, 'paper')}"
        + (f", {state.withdrawn} withdrawn" if state.withdrawn else "")
        + (f", {counted(state.ties, 'tie')}{_tied_papers(state)} to settle" if state.ties else "")
        + "."
    )


def _tied_papers(state: Status) -> str:
    """On how many papers there are ties, where on some of them more than one topic is tied."""
    papers = len({tie["paper"] for tie in state.tied})
    return f" on {counted(papers, 'paper')}" if 0 < papers < state.ties else ""


def _review_lines(state: Status) -> list[str]:
    """What is open in review, and what became of the verdicts; nothing where nothing ever was in review."""
    lines, verdicts = [], state.verdicts
    if state.review:
        to_pull = f", {counted(state.review_to_pull, 'verdict')} to pull" if state.review_to_pull else ""
        lines.append(f"In review: {state.review_waiting or 0} waiting at {state.review}{to_pull}.")
    if not verdicts.total:
        return lines
    by = ", ".join(f"{name} {count}" for name, count in verdicts.by.most_common())
    own = f"; {verdicts.own} on judgements of their own" if verdicts.own else ""
    lines.append(f"Settled: {counted(verdicts.total, 'verdict')} ({by}{own}).")
    followed = ", ".join(f"{name} on {same} of {of}" for name, (same, of) in verdicts.followed.items())
    lines += [f"  Just as a verdict had it: {followed}."] if followed else []
    for control, (changed, of) in sorted(verdicts.changed.items()):
        papers = counted(of, "paper drawn at random", "papers drawn at random") if control else counted(of, "suspect")
        lines.append(f"  Of {papers}, verdicts changed the label of {changed}.")
    return lines


def _unreadable_lines(faults: Sequence[str]) -> list[str]:
    """What to say of lines of the log that cannot be read."""
    if not faults:
        return []
    what_to_do = "mend or remove them in annotations/judgements.jsonl, then import or pull again what they held"
    more = [f"  … and {len(faults) - _MOST_FAULTS} more (--json lists all)"] if len(faults) > _MOST_FAULTS else []
    return [
        f"Not read, and not counted: {counted(len(faults), 'line')} of the log; {what_to_do}:",
        *(f"  {fault}" for fault in faults[:_MOST_FAULTS]),
        *more,
    ]


def _annotator_line(name: str, annotator: Annotator, state: Status) -> str:
    """What an annotator did, and made of suggestions."""
    parts = [f"{annotator.judged} judged, {annotator.skipped} skipped, {annotator.unsure} unsure"]
    if annotator.changes.papers:
        shares = _shares(annotator.changes, _SEEN[state.scheme.mode], "")
        kept = f"{annotator.changes.kept} of {annotator.changes.papers} suggestions kept"
        parts.append(f"{kept} ({_share(annotator.changes.kept, annotator.changes)}){shares}")
    if annotator.unknown:
        parts.append(f"{counted(annotator.unknown, 'suggestion')} changed (how was not noted)")
    if annotator.seconds is not None:
        parts.append(f"{annotator.seconds:g} seconds a paper")
    return f"  {name}: {'; '.join(parts)}"


def _suggestion_lines(state: Status) -> list[str]:
    """What became of suggested topics, over all annotators; nothing where all were kept."""
    from labeler.measure.changes import Changes

    every = Changes()
    for annotator in state.annotators.values():
        every.join(annotator.changes)
    return _topic_lines(every, ("kept", "taken away", "added"), state) if every.changed else []


def _model_line(state: Status) -> str:
    """Which model is used, and whether it has learned all there is."""
    if state.unusable:
        return f"The current model cannot be used: {state.unusable}."
    if state.model is None:
        train = "`labeler train`" if state.judgements else "`labeler train --unread DIGEST`"
        return f"No model yet: {train}."
    if state.shipped:
        own = f"`labeler models use {state.newest}` goes back to your newest" if state.newest else ""
        train = "`labeler train` makes one that learns from them" if state.labelled else "judge some papers, then train"
        return (
            f"Model {state.model} comes with labeler and has learned from none of your "
            f"{counted(state.labelled, 'labelled paper')}: {own or train}."
        )
    behind = "what it learns from has changed since: `labeler train`" if state.changed else "up to date"
    if state.behind:
        behind = f"{counted(state.behind, 'labelled paper')} behind: `labeler train`"
    return f"Model {state.model}, learned from {counted(state.model_judged, 'paper')}; {behind}."


def _audit_line(audit: Audit, state: Status) -> str:
    """How good a model is on papers that were judged blind, with the interval of the share that is right.

    Of very few, no share is told.
    """
    from labeler.measure.report import FEWEST_BLIND, with_interval

    changes = audit.changes
    asked = f"  {audit.model} on {counted(changes.papers, 'paper')} asked at random and blind"
    what = "the topic" if state.scheme.mode == "single" else "all topics"
    if changes.papers < FEWEST_BLIND:
        return f"{asked}: {what} right on {changes.kept}, too few to tell how good it is"
    shares = _shares(changes, _BLIND[state.scheme.mode], "on ")
    return f"{asked}: {what} right on {changes.kept} {with_interval(changes.kept, changes.papers)}{shares}"


def _shares(changes: Changes, names: Mapping[str, str], before: str) -> str:
    """The counts of changed papers that are not zero, with ``before`` before each, and their shares."""
    counts = {name: getattr(changes, kind) for kind, name in names.items()}
    return "".join(f", {before}{count} {name} ({_share(count, changes)})" for name, count in counts.items() if count)


def _share(count: int, changes: Changes) -> str:
    return f"{count / changes.papers:.0%}"


def _topic_lines(changes: Changes, columns: tuple[str, str, str], state: Status) -> list[str]:
    """A table of topics: on how many papers each was kept, taken away and added, in columns of these names."""
    topics = sorted(changes.topics.items(), key=lambda item: -(item[1].added + item[1].taken_away))
    rows: list[tuple[str, ...]] = [("topic", *columns)]
    for topic, counts in topics[:_MOST_TOPICS]:
        numbers = (counts.kept, counts.taken_away, counts.added)
        rows.append((state.scheme.name(topic), *(str(number) for number in numbers)))
    width = max(len(row[0]) for row in rows)
    lines = [
        f"    {row[0]:{width}}" + "".join(f"  {cell:>{len(columns[n])}}" for n, cell in enumerate(row[1:]))
        for row in rows
    ]
    return lines + (
        [f"    … and {len(topics) - _MOST_TOPICS} more (--json lists all)"] if topics[_MOST_TOPICS:] else []
    )
