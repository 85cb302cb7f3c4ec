"""What a push is to change in a project: which papers it imports, which tasks it updates, and which it removes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labeler.judgements.judged import distinct
from labeler.papers import Paper
from labeler.studio.project_tasks import ProjectTask, compared, duplicate_tasks
from labeler.suggest.queue import Pick, Picking, pick
from labeler.suggest.sought import COUNT
from labeler.suggest.splits import not_asked


@dataclass(frozen=True, slots=True)
class Plan:
    """What a push is to change in a project, before anything is sent.

    ``tasks`` are those that stay, ``duplicates`` those to remove, and ``changed`` those to update, with their new data.
    ``picks`` are the papers to import; ``again`` are all papers of topics that were split, which are asked again. The
    figures are those of ``PushResult``.
    """

    tasks: list[ProjectTask]
    duplicates: list[ProjectTask]
    changed: list[tuple[ProjectTask, dict[str, Any]]]
    picks: list[Pick]
    in_project: int
    near_duplicates: int
    remaining: int
    again: Sequence[Pick] = ()

    @property
    def waiting(self) -> int:
        """The number of tasks that wait for an annotation."""
        return sum(task.open for task in self.tasks)


def plan_of(
    papers: Sequence[Paper],
    judged: Sequence[Paper],
    tasks: Sequence[ProjectTask],
    picking: Picking,
    count: int | None,
    again: Sequence[Pick] = (),
) -> Plan:
    """What to change in a project with these tasks: which papers to import, so that ``count`` wait (None: all).

    Papers that nearly repeat another one are left out, unless papers are screened. Those to be asked ``again``, as a
    topic was split, come first. Where papers are sought, these alone are imported, so
    that ``count`` of them wait (None: ``COUNT``).
    """
    duplicates = duplicate_tasks(tasks)
    duplicate_ids = {task.id for task in duplicates}
    kept = [task for task in tasks if task.id not in duplicate_ids]
    new, changed = compared(papers, kept)
    known = [*judged, *(task.paper for task in kept if task.paper)]
    different = new if picking.scheme.is_screening else distinct(new, known)
    sought = picking.sought
    waiting = sum(task.open and (sought is None or sought.is_of(task.asked)) for task in kept)
    wanted = [] if sought else not_asked(again, kept)
    most = COUNT if count is None and sought else count
    room = len(wanted) + len(different) if most is None else max(0, most - waiting)
    picks = wanted[:room]
    picks += pick(different, min(len(different), room - len(picks)), picking)
    return Plan(
        tasks=kept,
        duplicates=duplicates,
        changed=changed,
        picks=picks,
        in_project=len(papers) - len(new),
        near_duplicates=len(new) - len(different),
        remaining=len(wanted) + len(different) - len(picks),
        again=again,
    )
