"""Annotations from a Label Studio server into the log: new ones, changed ones, and those that were deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from labeler.config import Workspace
from labeler.errors import NotFoundError, RefusedError
from labeler.flows.bring import Brought, append
from labeler.flows.pulled import PullState, known_project, live, load_state, mark, save_state
from labeler.flows.servers import server_of, workspace_id
from labeler.judgements import Incoming, Judgement
from labeler.studio.exports import Export, annotations_of
from labeler.studio.interface import CONTROL, TEXT
from labeler.studio.project import Project, find_projects
from labeler.studio.to_judgements import from_studio
from labeler.topics import Scheme, sound_scheme

_OVERLAP = timedelta(minutes=2)  # read twice: annotations are not always saved in the order of their times
_LOST = 0.05  # share of the annotations that may be gone before a person has to look


@dataclass
class Pulled:
    """What a pull found, and what of it was new."""

    brought: Brought
    project: str | None
    read: int
    withdrawn: list[Judgement] = field(default_factory=list)


def pull(
    workspace: Workspace,
    confirm: bool = False,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Pulled:
    """Bring what changed since the last pull into the log.

    New and changed judgements are kept whatever else is wrong. With ``confirm``, it does not matter how many are gone.

    Raises:
        NotFoundError: no server is known, or nothing was pushed yet.
        RefusedError: the scheme has faults; or the project, or more than a twentieth of the annotations, is gone.
        ServerError: the server or the network failed.
    """
    scheme = sound_scheme(workspace.topics)
    server = server_of(workspace)
    own = workspace_id(workspace, make=False)
    projects = find_projects(server, own) if own else []
    before = live(workspace, server.url)
    if not projects:
        return _without_project(workspace, server.url, before, confirm, dry_run)
    every, read, states = Incoming(), 0, []
    users = server.ask("reading the users", lambda sdk: {user.id: user.email for user in sdk.users.list()})
    for project in projects:
        state = load_state(workspace, server.url, project.id)
        state, tasks = _changed(project, state)
        states.append(state)
        read += len(tasks)
        _take(every, project, tasks, users, scheme)
    say(f"{read} tasks read")
    gone = _gone(before, projects, states)
    lost = len(gone) > _LOST * len(before) and not confirm
    if not lost:
        every.judgements += map(_withdrawn, gone)
    brought = append(workspace, every, dry_run)
    if lost:
        raise RefusedError(
            f"{len(gone)} of {len(before)} annotations are gone from {projects[0].url}, and were not withdrawn "
            f"({len(brought.added)} new judgements were kept)",
            "if they were deleted on purpose, run `labeler pull --confirm`",
        )
    if not dry_run:
        save_state(workspace, states[0])
    return Pulled(brought, projects[0].url, read, gone)


def _without_project(
    workspace: Workspace, url: str, before: Sequence[Judgement], confirm: bool, dry_run: bool
) -> Pulled:
    known = known_project(workspace, url)
    if known is None:
        raise NotFoundError(f"nothing was pushed to {url} yet", "begin with `labeler push DIGEST`")
    if not confirm:
        raise RefusedError(
            f"the project {known} is gone from {url}; nothing was changed",
            f"to record its {len(before)} annotations as withdrawn, run `labeler pull --confirm`",
        )
    every = Incoming(judgements=[_withdrawn(judgement) for judgement in before])
    return Pulled(append(workspace, every, dry_run), None, 0, list(before))


def _changed(project: Project, state: PullState) -> tuple[PullState, list[dict[str, Any]]]:
    """The tasks that changed since the last pull, or all where that does not account for every annotation."""
    if state.cursor:
        tasks = project.annotated(datetime.fromisoformat(state.cursor) - _OVERLAP)
        after = _state(state, tasks, dict(state.annotations))
        if after.total == project.annotations():
            return after, tasks
    tasks = project.annotated()
    return _state(state, tasks, {}), tasks


def _state(state: PullState, tasks: Sequence[dict[str, Any]], seen: dict[str, list[str]]) -> PullState:
    cursor = state.cursor
    for task in tasks:
        cursor = max(cursor, datetime.fromisoformat(str(task["updated_at"])).astimezone(UTC).isoformat())
        numbers = [mark(entry["id"], entry["created_at"]) for entry in task.get("annotations") or ()]
        seen.pop(str(task["id"]), None)
        if numbers:
            seen[str(task["id"])] = numbers
    return PullState(state.server, state.project, cursor, seen)


def _take(
    every: Incoming, project: Project, tasks: Sequence[dict[str, Any]], users: dict[Any, Any], scheme: Scheme
) -> None:
    """Add the judgements in some tasks."""
    for task in tasks:
        for entry in task.get("annotations") or ():
            entry["completed_by"] = users.get(entry.get("completed_by")) or entry.get("completed_by")
            made = datetime.fromisoformat(entry["created_at"]) - timedelta(seconds=entry.get("lead_time") or 0)
            offered = project.offered_at(made)
            data = task["data"] | ({"offered": " ".join(offered)} if offered else {})
            told = annotations_of({**task, "data": data, "project": project.id, "annotations": [entry]}, CONTROL)
            one = from_studio(Export(told), scheme, f"project {project.id}", CONTROL, TEXT)
            every.join(one)
    every.judgements = [
        replace(judgement, source={**judgement.source, "server": project.server.url}, id="")
        if judgement.source.get("server") is None
        else judgement
        for judgement in every.judgements
    ]


def _gone(before: Sequence[Judgement], projects: Sequence[Project], states: Sequence[PullState]) -> list[Judgement]:
    """Judgements whose annotation the server no longer has. It is asked for each: a list may have missed one."""
    seen = {(state.project, number) for state in states for numbers in state.annotations.values() for number in numbers}
    by_id = {project.id: project for project in projects}
    missing = [
        judgement
        for judgement in before
        if (judgement.source["project"], mark(judgement.source["annotation"], judgement.source["created_at"]))
        not in seen
    ]
    return [
        judgement
        for judgement in missing
        if judgement.source["project"] not in by_id
        or not by_id[judgement.source["project"]].has_annotation(
            judgement.source["annotation"], judgement.source["created_at"]
        )
    ]


def _withdrawn(judgement: Judgement) -> Judgement:
    """That an annotation was deleted, as a judgement that supersedes it."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return replace(judgement, yes=(), no=(), unknown=(), status="withdrawn", at=max(now, judgement.at), id="")
