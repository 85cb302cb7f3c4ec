"""The tasks of a project: the paper of each, the state of its annotation, duplicates, and what has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.papers import Merger, Paper
from labeler.papers.ids import title_key
from labeler.papers.merge import match_indices
from labeler.studio.tasks import NO_TITLE
from labeler.studio.tasks import task as new_task

FIELDS = (
    "id,data,meta,overlap,total_annotations,cancelled_annotations,draft_exists,is_labeled,predictions_model_versions"
)


@dataclass(frozen=True, slots=True)
class ProjectTask:
    """A task of the project: its paper (None where it holds no paper), and the state of its annotation.

    ``asked`` says how the paper was chosen. ``annotations`` and ``skipped`` count annotations and skips, ``draft`` says
    whether there is a draft, and ``done`` whether all wanted annotations are there: ``overlap`` of them. ``versions``
    are the model versions that have a prediction in the task.
    """

    id: int
    paper: Paper | None
    data: Mapping[str, Any]
    asked: Mapping[str, Any]
    annotations: int = 0
    skipped: int = 0
    draft: bool = False
    done: bool = False
    overlap: int = 1
    versions: frozenset[str] = frozenset()

    @property
    def untouched(self) -> bool:
        """Whether it has no annotation, skip or draft."""
        return not (self.annotations or self.skipped or self.draft)

    @property
    def open(self) -> bool:
        """Whether it waits for an annotation. A skipped task does not count, though the server gives it to others."""
        return not (self.done or self.skipped)


def project_task(task: Any) -> ProjectTask:
    """The task that the server's list has as ``task``, with ``FIELDS``."""
    data = task.data if isinstance(task.data, Mapping) else {}
    meta = task.meta if isinstance(task.meta, Mapping) else {}
    request = meta.get("asked")
    try:
        paper = paper_in(data)
    except ValueError:  # somebody has imported a task that is no paper
        paper = None
    return ProjectTask(
        id=int(task.id),
        paper=paper,
        data=data,
        asked=request if isinstance(request, Mapping) else {},
        annotations=int(task.total_annotations or 0),
        skipped=int(task.cancelled_annotations or 0),
        draft=bool(task.draft_exists),
        done=bool(task.is_labeled),
        overlap=int(task.overlap or 1),
        versions=frozenset(_versions_in(task.predictions_model_versions)),
    )


def _versions_in(listed: Any) -> list[str]:
    """The model versions of a task: servers with SQLite list them in one text, others in a list."""
    return [str(version) for version in listed] if isinstance(listed, list) else str(listed or "").split(",")


def paper_in(data: Mapping[str, Any]) -> Paper:
    """The paper in the data of a task.

    Raises:
        ValueError: the data have neither a title nor an abstract.
    """
    title = str(data.get("title") or "")
    known = {name for name in (*str(data.get("ids") or "").split(), str(data.get("paper_id") or "")) if name}
    authors = tuple(name for name in str(data.get("authors") or "").split(", ") if name)
    abstract = str(data.get("abstract") or "")
    return Paper.make("" if abstract and title == NO_TITLE else title, abstract, ids=known, authors=authors)


def duplicate_tasks(tasks: Sequence[ProjectTask]) -> list[ProjectTask]:
    """The tasks that may be removed because another task has the same paper.

    A task that asks again about a paper, as a topic was split, has another one beside it.
    Only untouched tasks may be removed, and one task of each paper always stays.
    """
    with_paper = [task for task in tasks if task.paper]
    groups: dict[tuple[int, object], list[ProjectTask]] = defaultdict(list)
    for task, group in zip(with_paper, _groups([task.paper for task in with_paper if task.paper]), strict=True):
        groups[group, task.asked.get("split")].append(task)
    ids = {task.id for group in groups.values() for task in _removable(group)}
    return [task for task in tasks if task.id in ids]


def _groups(papers: Iterable[Paper]) -> list[int]:
    """A number for each record, which all records of the same paper share."""
    merger = Merger()
    positions = [merger.add(paper) for paper in papers]
    return [merger.find(position) for position in positions]


def _removable(tasks: Sequence[ProjectTask]) -> list[ProjectTask]:
    """Of tasks about one paper, the untouched ones; all but the first task where all are untouched."""
    untouched = sorted((task for task in tasks if task.untouched), key=lambda task: task.id)
    return untouched if len(untouched) < len(tasks) else untouched[1:]


def compared(
    papers: Sequence[Paper], tasks: Sequence[ProjectTask]
) -> tuple[list[Paper], list[tuple[ProjectTask, dict[str, Any]]]]:
    """Return the papers that no task has, and each task whose paper's text has changed, with the task's new data.

    A task keeps its text where it has an annotation, a skip or a draft, where the paper now has no abstract, and where
    the text has only lost its end or its punctuation.
    """
    with_paper = [task for task in tasks if task.paper]
    new, changed = [], []
    positions = match_indices(papers, [task.paper for task in with_paper if task.paper])
    for paper, position in zip(papers, positions, strict=True):
        if position is None:
            new.append(paper)
            continue
        task = with_paper[position]
        offered, reason = str(task.data.get("offered", "")).split(), str(task.data.get("reason", ""))
        data = new_task(paper, offered, reason, None, task.asked, str(task.data.get("alike", "")))["data"]
        if task.untouched and paper.abstract and _is_revised(data, task.data):
            changed.append((task, dict(task.data) | data))
    return new, changed


def _is_revised(data: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the text of a paper has changed, and has not just lost its end or its punctuation."""
    new, old = (title_key(f"{fields.get('title')} {fields.get('abstract')}") for fields in (data, before))
    return new != old and not old.startswith(new)
