"""Papers on their way to annotators: task files for Label Studio, with what the model suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.features.background import named_background
from labeler.judgements.judged import judged_papers, unjudged
from labeler.papers import Paper
from labeler.studio.tasks import task
from labeler.suggest.advice import Advice, Adviser, advice, adviser_of
from labeler.suggest.queue import batch_name
from labeler.topics import Scheme, sound_scheme


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Tasks to import into Label Studio, and how they came about.

    ``strategy`` chose them where not all were wanted, and ``left`` papers were not chosen.
    """

    tasks: list[dict[str, Any]]
    judged_before: int
    model: str | None
    note: str = ""
    strategy: str | None = None
    left: int = 0


def tasks_for(
    workspace: Workspace,
    inputs: Sequence[str],
    format_name: str | None,
    model_label: str | None,
    again: bool,
    count: int | None = None,
    strategy: str = "mix",
) -> ExportResult:
    """A task for each paper that nobody has judged yet (``again``: for each paper).

    With a model, tasks carry its suggestion, and those it is least sure of come first. With a ``count`` the papers are
    those that a strategy of :func:`labeler.choose` finds most useful, in its order.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
        NotFoundError: the model that is named is not there.
        RefusedError: the topic scheme has faults.
    """
    scheme = sound_scheme(workspace.topics)
    reading = read_inputs(inputs, format_name)
    papers = reading.papers if again else unjudged(judged_papers(workspace), reading.papers)
    adviser = adviser_of(workspace, scheme, model_label)
    judged, left, asked = len(reading.papers) - len(papers), 0, None
    if count is not None:
        chosen = _chosen(workspace, papers, adviser, count, strategy)
        left, papers = len(papers) - len(chosen), chosen
        asked = {"strategy": strategy, "batch": batch_name(papers), "audit": False}
    tasks = [
        _task(paper, scheme, adviser, said, asked)
        for paper, said in zip(papers, advice(papers, scheme, adviser), strict=True)
    ]
    if count is None:
        tasks.sort(key=lambda entry: entry["predictions"][0]["score"] if entry["predictions"] else 0.0)
    return ExportResult(tasks, judged, adviser.label, adviser.note, strategy if count is not None else None, left)


def _task(
    paper: Paper, scheme: Scheme, adviser: Adviser, said: Advice | None, asked: Mapping[str, Any] | None
) -> dict[str, Any]:
    if said is None or adviser.label is None:
        return task(paper, scheme.offered, adviser.reason, None, asked)
    return task(paper, scheme.offered, said.suggested, said.prediction(said.certainty, adviser.label), asked)


def _chosen(workspace: Workspace, papers: list[Paper], adviser: Adviser, count: int, strategy: str) -> list[Paper]:
    from labeler.sampling.pick import choose

    background = named_background(workspace.settings.train_background, workspace.root)
    return [papers[position] for position in choose(adviser.model, papers, count, strategy, background=background)]
