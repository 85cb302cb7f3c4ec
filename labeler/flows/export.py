"""Papers for annotators: tasks to import into Label Studio, with the suggestions of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labeler.config import Workspace
from labeler.digests import Reading, read_inputs
from labeler.features.background import named_background
from labeler.judgements import read_log
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.judged import distinct, judged_papers, not_judged
from labeler.papers import Paper
from labeler.papers.merge import match_indices
from labeler.studio.tasks import task
from labeler.suggest.advice import advice, adviser_of
from labeler.suggest.alike import JudgedPapers
from labeler.suggest.queue import MARGIN, Pick, Picking, alike, interleaved, narrowed, pick, ranked, shown
from labeler.suggest.sought import COUNT, Sought
from labeler.suggest.splits import split_picks, to_judge_again
from labeler.topics import Scheme, load_checked_scheme


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Tasks to import into Label Studio, and how their papers were chosen.

    ``judged_before`` papers are left out because they are judged, and ``near_duplicates`` because they nearly repeat a
    judged paper or another one. Where a number of papers was requested, ``strategy`` chose them, except for the
    ``audits``, and ``not_chosen`` were not; else ``strategy`` is None. ``model`` is the label of the model that
    suggests topics, ``note`` says why one does not. ``reading`` is what was found in the digests.
    """

    tasks: list[dict[str, Any]]
    reading: Reading
    judged_before: int
    model: str | None
    note: str = ""
    strategy: str | None = None
    audits: int = 0
    not_chosen: int = 0
    near_duplicates: int = 0


def tasks_for(
    workspace: Workspace,
    inputs: Sequence[str],
    format_name: str | None,
    model_label: str | None,
    include_judged: bool,
    count: int | None = None,
    strategy: str = "mix",
    topic: str | None = None,
    search: str | None = None,
) -> ExportResult:
    """A task for each paper that nobody has judged yet; for each paper with ``include_judged``.

    Unless papers are screened, one that nearly repeats another, or a judged one where these are left out, is left out.
    With a ``count`` papers are picked as a push picks them: by a strategy of :func:`labeler.choose`, and some at random
    to check the model; or as they fit a ``topic`` or words to ``search``. Without one they are all, by their margins.
    Papers of split topics come before, unless something is sought. The score of a prediction is its place in the queue.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
        NotFoundError: there is no model or topic of that name, or no paper fits.
        RefusedError: the topic scheme has faults, or the model is damaged.
    """
    scheme = load_checked_scheme(workspace.topics)
    reading, judged = read_inputs(inputs, format_name), judged_papers(workspace)
    sought = Sought.of(scheme, topic, search)
    picking = _picking(workspace, scheme, model_label, MARGIN if count is None else strategy, sought)
    count = COUNT if sought and count is None else count
    again = [] if sought else split_picks(to_judge_again(read_log(workspace).judgements, scheme), picking)[:count]
    others = not_judged([one.paper for one in again], Forgotten.of(workspace.judgements.parent).without(reading.papers))
    fresh = others if include_judged else not_judged(judged, others)
    papers = fresh if include_judged or scheme.is_screening else distinct(fresh, judged)
    fitting, picking = narrowed(papers, picking)
    queue = _queue(fitting, again, count, picking, judged)
    return ExportResult(
        _tasks(queue, picking),
        reading,
        judged_before=len(others) - len(fresh),
        model=picking.adviser.label,
        note=picking.adviser.note,
        strategy=None if count is None else picking.told,
        audits=sum(chosen.audit for chosen in queue),
        not_chosen=len(again) + len(papers) - len(queue),
        near_duplicates=len(fresh) - len(papers),
    )


def _picking(
    workspace: Workspace, scheme: Scheme, model_label: str | None, strategy: str, sought: Sought | None
) -> Picking:
    """How papers are to be picked, from what was asked for and the settings."""
    adviser = adviser_of(workspace, scheme, model_label)
    known = JudgedPapers.of_workspace(adviser.model, workspace, scheme) if adviser.model else None
    background = named_background(workspace.settings.train_background, workspace.root)
    return Picking(scheme, adviser, background, strategy, workspace.settings.push_audit, 1, known, sought=sought)


def _queue(
    papers: Sequence[Paper], again: list[Pick], count: int | None, picking: Picking, judged: Sequence[Paper]
) -> list[Pick]:
    """``count`` papers in the order of the queue (None: all).

    Papers of topics that were split come first: people are asked about them ``again``.
    """
    return again + (_all(papers, picking) if count is None else _picked(papers, count - len(again), picking, judged))


def _tasks(queue: Sequence[Pick], picking: Picking) -> list[dict[str, Any]]:
    """The tasks of a queue, with their places in it as scores; without a model they have no predictions."""
    version, tasks = picking.adviser.label, []
    for rank, (chosen, text) in enumerate(zip(queue, alike(queue, picking), strict=True), start=1):
        prediction = shown(chosen.advice, chosen.audit, rank / (len(queue) + 1), version) if version else None
        tasks.append(task(chosen.paper, picking.scheme.offered, chosen.reason, prediction, chosen.asked, text))
    return tasks


def _all(papers: Sequence[Paper], picking: Picking) -> list[Pick]:
    """All papers, by their margins; without a model, in the order of the digests."""
    model = picking.adviser.model
    ordered = [papers[position] for position in ranked(papers, len(papers), picking)] if model else papers
    return [
        Pick(paper, advised.suggested if advised else picking.adviser.reason, {}, advised)
        for paper, advised in zip(ordered, advice(ordered, picking.scheme, picking.adviser), strict=True)
    ]


def _picked(papers: Sequence[Paper], count: int, picking: Picking, judged: Sequence[Paper]) -> list[Pick]:
    """``count`` of the papers in the order of the queue: by the strategy, with the audits in between."""
    known = {position for position, match in enumerate(match_indices(papers, judged)) if match is not None}
    picks = pick(papers, count, picking, known)
    audits = {position for position, chosen in enumerate(picks) if chosen.audit}
    return [picks[position] for position in interleaved(range(len(picks)), audits)]
