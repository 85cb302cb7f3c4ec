"""The tasks of papers in the workspace's project, as the last push or pull saw them: no server is asked.

The file stays on this machine. Without it, or where it cannot be read, no task is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from labeler.config import Workspace
from labeler.files import json_line, regular_bytes, write_text
from labeler.json_parsing import parse_json
from labeler.judgements.forgotten import Forgotten, forgotten_now
from labeler.papers import Paper
from labeler.papers.known import PaperTable, ids_of

if TYPE_CHECKING:
    from labeler.studio.project import Project

_FILE = "tasks.json"


class KnownTasks:
    """The tasks of a project, which is at the address ``project``; ``ids`` are those of the paper of each task."""

    def __init__(self, project: str, ids: Mapping[int, list[str]]) -> None:
        self.project = project
        self.ids = dict(ids)
        self._tasks = PaperTable[int]()
        for task, names in self.ids.items():
            self._tasks.add(names, task)

    def address(self, paper: Paper) -> str | None:
        """The address where people judge a paper, None where no task of it is known."""
        task = min(self._tasks.values_of(paper), default=None)
        return None if task is None else f"{self.project}/data?task={task}"


def known_tasks(workspace: Workspace) -> KnownTasks:
    """The tasks of the workspace's project, as far as they are known."""
    try:
        record = parse_json(regular_bytes(workspace.private / _FILE))
        return KnownTasks(str(record["project"]), {int(task): _texts(ids) for task, *ids in record["tasks"]})
    except (OSError, ValueError, TypeError, LookupError, ArithmeticError):
        return KnownTasks("", {})


def save_tasks(workspace: Workspace, project: Project, papers: Iterable[tuple[int, Paper]], whole: bool) -> None:
    """Keep which task each of the ``papers`` has, but those that were forgotten.

    They are all of the project (``whole``), or take their places among those that were known of it.

    Raises:
        InputError: the file cannot be written.
    """
    with forgotten_now(workspace) as forgotten:
        before = known_tasks(workspace)
        others = {} if whole or before.project != project.url else before.ids
        kept = {task: ids for task, ids in others.items() if not forgotten.has_ids(ids)}
        tasks = kept | {task: ids_of(paper) for task, paper in papers if not forgotten.has_paper(paper)}
        if before.project != project.url or before.ids != tasks:
            _write(workspace, project.url, tasks)


def forget_tasks(workspace: Workspace, forgotten: Forgotten, dry_run: bool = False) -> int:
    """Take the papers that were forgotten out of the file, and return how many tasks these had. A dry run only counts.

    Raises:
        InputError: the file cannot be written.
    """
    before = known_tasks(workspace)
    tasks = {task: ids for task, ids in before.ids.items() if not forgotten.has_ids(ids)}
    if len(tasks) < len(before.ids) and not dry_run:
        _write(workspace, before.project, tasks)
    return len(before.ids) - len(tasks)


def _write(workspace: Workspace, project: str, tasks: Mapping[int, list[str]]) -> None:
    record = {"project": project, "tasks": [[task, *ids] for task, ids in tasks.items()]}
    write_text(workspace.make_private() / _FILE, json_line(record))


def _texts(ids: list[Any]) -> list[str]:
    """``ids``, if they are texts.

    Raises:
        TypeError: one is none.
    """
    if not all(isinstance(name, str) for name in ids):
        raise TypeError("an id is no text")
    return ids
