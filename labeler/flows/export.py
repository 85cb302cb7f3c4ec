"""Papers for annotators: tasks to import into Label Studio, with the suggestions of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.features.background import named_background
from labeler.judgements.judged import distinct, judged_papers, not_judged
from labeler.papers import Paper
from labeler.studio.tasks import task
from labeler.suggest.advice import Advice, Adviser, advice, adviser_of
from labeler.suggest.queue import MARGIN, Picking, batch_name, ranked
from labeler.topics import Scheme, load_checked_scheme


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Tasks to import into Label Studio, and how their papers were chosen.

    ``judged_before`` papers are left out because they are judged, and ``near_duplicates`` because they nearly repeat a
    judged paper or another one. Where a number of papers was requested, ``strategy``
    chose them and ``not_chosen`` were not; else ``strategy`` is None. ``model`` is the label of the model that
    suggests topics, ``note`` says why one does not.
    """

    tasks: list[dict[str, Any]]
    judged_before: int
    model: str | None
    note: str = ""
    strategy: str | None = None
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
) -> ExportResult:
    """A task for each paper that nobody has judged yet; for each paper with ``include_judged``.

    A paper that nearly repeats a judged one, or another one, is left out, unless judged papers are included.

    With a ``count`` the papers are those that a strategy of :func:`labeler.choose` finds most useful, in its order.
    Without one they are all, those with the smallest margin first (the strategy ``margin``). With a model, tasks have
    its suggestions; the score of a prediction is the rank in this order, from 0 to 1.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
        NotFoundError: there is no model of that label.
        RefusedError: the topic scheme has faults, or the model is damaged.
    """
    scheme = load_checked_scheme(workspace.topics)
    reading = read_inputs(inputs, format_name)
    judged = [] if include_judged else judged_papers(workspace)
    fresh = not_judged(judged, reading.papers)
    papers = fresh if include_judged else distinct(fresh, judged)
    adviser = adviser_of(workspace, scheme, model_label)
    chosen = _in_order(workspace, papers, scheme, adviser, count, strategy)
    request = None if count is None else {"strategy": strategy, "batch": batch_name(chosen), "audit": False}
    tasks = [
        _task(paper, scheme, adviser, advised, rank / (len(chosen) + 1), request)
        for rank, (paper, advised) in enumerate(zip(chosen, advice(chosen, scheme, adviser), strict=True), start=1)
    ]
    return ExportResult(
        tasks,
        judged_before=len(reading.papers) - len(fresh),
        model=adviser.label,
        note=adviser.note,
        strategy=None if count is None else strategy,
        not_chosen=len(papers) - len(chosen),
        near_duplicates=len(fresh) - len(papers),
    )


def _in_order(
    workspace: Workspace, papers: list[Paper], scheme: Scheme, adviser: Adviser, count: int | None, strategy: str
) -> list[Paper]:
    """The papers in their order: ``count`` by the strategy, or all by their margins.

    Without a ``count`` and a model they keep the order of the digests.
    """
    if count is None and adviser.model is None:
        return papers
    background = named_background(workspace.settings.train_background, workspace.root)
    number = min(len(papers) if count is None else count, len(papers))
    picking = Picking(scheme, adviser, background, MARGIN if count is None else strategy, audit=0.0, overlap=1)
    return [papers[position] for position in ranked(papers, number, picking)]


def _task(
    paper: Paper,
    scheme: Scheme,
    adviser: Adviser,
    advised: Advice | None,
    rank: float,
    request: Mapping[str, Any] | None,
) -> dict[str, Any]:
    if advised is None or adviser.label is None:
        return task(paper, scheme.offered, adviser.reason, None, request)
    return task(paper, scheme.offered, advised.suggested, advised.prediction(rank, adviser.label), request)
