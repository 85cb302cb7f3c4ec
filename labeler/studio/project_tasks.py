"""The tasks that a project holds: whose paper each is, and how far its annotation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.papers import Paper
from labeler.studio.tasks import NO_TITLE

FIELDS = (
    "id,data,meta,overlap,total_annotations,cancelled_annotations,draft_exists,is_labeled,predictions_model_versions"
)


@dataclass(frozen=True, slots=True)
class ProjectTask:
    """A task that the project holds: its paper (None: not one of ours), and how far its annotation is.

    ``versions`` are the model versions that have a prediction in it, ``overlap`` how many people are to judge it.
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
        """Whether nobody has done anything in it."""
        return not (self.annotations or self.skipped or self.draft)

    @property
    def open(self) -> bool:
        """Whether it waits for an annotator who has not seen it; one that was skipped is still given to others."""
        return not (self.done or self.skipped)


def project_task(task: Any) -> ProjectTask:
    """A task as the server lists it, with ``FIELDS``."""
    data = task.data if isinstance(task.data, Mapping) else {}
    meta = task.meta if isinstance(task.meta, Mapping) else {}
    asked = meta.get("asked")
    try:
        paper = paper_in(data)
    except ValueError:  # somebody has put in a task that is no paper
        paper = None
    return ProjectTask(
        id=task.id,
        paper=paper,
        data=data,
        asked=asked if isinstance(asked, Mapping) else {},
        annotations=task.total_annotations or 0,
        skipped=task.cancelled_annotations or 0,
        draft=bool(task.draft_exists),
        done=bool(task.is_labeled),
        overlap=task.overlap or 1,
        versions=frozenset(_versions_in(task.predictions_model_versions)),
    )


def _versions_in(listed: Any) -> list[str]:
    """SQLite servers list them in one text, others in a list."""
    return [str(version) for version in listed] if isinstance(listed, list) else str(listed or "").split(",")


def paper_in(data: Mapping[str, Any]) -> Paper:
    """The paper that a task of ours is about.

    Raises:
        ValueError: it has neither a title nor an abstract.
    """
    title = str(data.get("title") or "")
    known = {name for name in (*str(data.get("ids") or "").split(), str(data.get("paper_id") or "")) if name}
    authors = tuple(name for name in str(data.get("authors") or "").split(", ") if name)
    abstract = str(data.get("abstract") or "")
    return Paper.make("" if abstract and title == NO_TITLE else title, abstract, ids=known, authors=authors)


def doubles(tasks: Iterable[ProjectTask], groups: Iterable[Sequence[int]]) -> Iterator[int]:
    """Of tasks about one paper (``groups`` of their ids), those to remove: untouched ones, but never the last."""
    by_id = {task.id: task for task in tasks}
    for group in groups:
        members = [by_id[number] for number in sorted(group)]
        spare = [task.id for task in members if task.untouched]
        yield from spare if len(spare) < len(members) else spare[1:]
