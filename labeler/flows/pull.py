"""Annotations from a Label Studio server into the log: new ones, changed ones, and those that were deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from labeler.config import Workspace
from labeler.errors import NotFoundError, RefusedError
from labeler.files import canonical_json, sha256
from labeler.flows.import_ import ImportResult, append
from labeler.judgements import Incoming, Judgement, JudgementLog
from labeler.judgements.labels import standing
from labeler.studio.connection import projects_of, server_of
from labeler.studio.exports import Export, annotations_of
from labeler.studio.interface import CONTROL, TEXT
from labeler.studio.project import Project
from labeler.studio.pull_state import PullState, known_project, load_state, mark, pulled_from, save_state
from labeler.studio.to_judgements import from_studio
from labeler.topics import Scheme, sound_scheme

_OVERLAP = timedelta(minutes=2)  # read twice: annotations are not always saved in the order of their times
_LONGEST = timedelta(days=30)  # that one annotation can take
_LOST = 0.05  # share of the annotations that may be gone before a person has to look


@dataclass
class PullResult:
    """What a pull found, and what of it was new."""

    brought: ImportResult
    project: str | None
    read: int
    withdrawn: list[Judgement] = field(default_factory=list)


def pull(
    workspace: Workspace,
    confirm: bool = False,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> PullResult:
    """Bring what changed since the last pull into the log.

    New and changed judgements are kept whatever else is wrong. With ``confirm``, it does not matter how many are gone.

    Raises:
        NotFoundError: no server is known, or nothing was pushed yet.
        RefusedError: the scheme has faults; or the project, or more than a twentieth of the annotations, is gone.
        ServerError: the server or the network failed.
    """
    scheme = sound_scheme(workspace.topics)
    server = server_of(workspace)
    projects = projects_of(workspace, server)
    log = JudgementLog(workspace.judgements).read().judgements
    if not projects:
        return _without_project(workspace, server.url, log, confirm, dry_run)
    every, read, states, gone, before = Incoming(), 0, [], list[Judgement](), 0
    users = server.request("reading the users", lambda sdk: {user.id: user.email for user in sdk.users.list()})
    for project in projects:
        known = pulled_from(log, project.id, project.made)
        state, tasks = _changed(project, _state_for(workspace, project, scheme, log))
        states.append(state)
        read += len(tasks)
        before += len(known)
        gone += _gone(known, project, state)
        _take(every, project, tasks, users, scheme)
    say(f"{read} tasks read")
    every.judgements = _come_back(every.judgements, log)
    lost = len(gone) > _LOST * before and not confirm
    if not lost:
        every.judgements += map(_withdrawn, gone)
    brought = append(workspace, every, dry_run)
    if lost:
        raise RefusedError(
            f"{len(gone)} of {before} annotations are gone from {projects[0].url}, and were not withdrawn "
            f"({len(brought.added)} new judgements were kept)",
            "if they were deleted on purpose, run `labeler pull --confirm`",
        )
    if not dry_run:
        save_state(workspace, states[0])
    return PullResult(brought, projects[0].url, read, gone)


def _without_project(
    workspace: Workspace, url: str, log: Sequence[Judgement], confirm: bool, dry_run: bool
) -> PullResult:
    known = known_project(workspace)
    if known is None:
        raise NotFoundError(f"nothing was pushed to {url} yet", "begin with `labeler push DIGEST`")
    if known.server != url:
        raise NotFoundError(
            f"there is no project of this workspace at {url}; it was at {known.server}",
            "is that the address of the right server? If so, begin with `labeler push DIGEST --new-project`",
        )
    before = pulled_from(log, known.project, known.made)
    if not before:
        raise NotFoundError(
            f"the project {known.project} is gone from {url}, and nothing in the log comes from it",
            "begin again with `labeler push DIGEST --new-project`",
        )
    if not confirm:
        raise RefusedError(
            f"the project {known.project} is gone from {url}; its {len(before)} judgements stay as they are",
            "to go on in another project, `labeler push DIGEST --new-project`; "
            "to withdraw them all, `labeler pull --confirm`",
        )
    every = Incoming(judgements=[_withdrawn(judgement) for judgement in before])
    return PullResult(append(workspace, every, dry_run), None, 0, list(before))


def _state_for(workspace: Workspace, project: Project, scheme: Scheme, log: Sequence[Judgement]) -> PullState:
    """What was pulled before, where the log holds all of it, read with this scheme; else everything is read again.

    The log is what people keep and merge; the state may be of another branch of it.
    """
    state = load_state(workspace, project)
    topics = sha256(canonical_json([[topic.id, topic.name, list(topic.aliases)] for topic in scheme.topics]).encode())
    held = {mark(judgement.source.get("annotation"), judgement.source.get("created_at")) for judgement in log}
    whole = all(number in held for numbers in state.annotations.values() for number in numbers)
    if not whole or state.scheme != topics:
        return PullState(state.server, state.project, state.made, topics)
    return state


def _come_back(incoming: Sequence[Judgement], log: Sequence[Judgement]) -> list[Judgement]:
    """The same, where an annotation that was withdrawn is there again as said now: later than it was withdrawn."""
    gone = {judgement.origin: judgement for judgement in standing(log) if judgement.status == "withdrawn"}
    return [
        replace(judgement, at=max(_now(), gone[judgement.origin].at), id="") if judgement.origin in gone else judgement
        for judgement in incoming
    ]


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
    return PullState(state.server, state.project, state.made, state.scheme, cursor, seen)


def _take(
    every: Incoming, project: Project, tasks: Sequence[dict[str, Any]], users: dict[Any, Any], scheme: Scheme
) -> None:
    """Add the judgements in some tasks."""
    for task in tasks:
        for entry in task.get("annotations") or ():
            entry["completed_by"] = users.get(entry.get("completed_by")) or entry.get("completed_by")
            offered = project.offered_at(datetime.fromisoformat(entry["created_at"]) - _taken(entry))
            data = task["data"] | ({"offered": " ".join(offered)} if offered else {})
            told = annotations_of({**task, "data": data, "project": project.id, "annotations": [entry]}, CONTROL)
            one = from_studio(Export(told), scheme, f"project {project.id}", CONTROL, TEXT, explicit_none=True)
            every.join(one)
    where = {"server": project.server.url, "project_made": project.made}
    every.judgements = [
        replace(judgement, source={**judgement.source, **where}, id="")
        if judgement.source.get("server") is None
        else judgement
        for judgement in every.judgements
    ]


def _taken(entry: dict[str, Any]) -> timedelta:
    """How long an annotation took, which is also how long before the interface was what it says; clocks may lie."""
    seconds = entry.get("lead_time") or 0
    if not 0 <= seconds <= _LONGEST.total_seconds():
        entry["lead_time"] = None
        return timedelta(0)
    return timedelta(seconds=seconds)


def _gone(before: Sequence[Judgement], project: Project, state: PullState) -> list[Judgement]:
    """Judgements whose annotation the server no longer has. It is asked for each: a list may have missed one."""
    seen = {number for numbers in state.annotations.values() for number in numbers}
    missing = [
        judgement
        for judgement in before
        if mark(judgement.source["annotation"], judgement.source["created_at"]) not in seen
    ]
    return [
        judgement
        for judgement in missing
        if not project.has_annotation(judgement.source["annotation"], judgement.source["created_at"])
    ]


def _withdrawn(judgement: Judgement) -> Judgement:
    """That an annotation was deleted, as a judgement that supersedes it."""
    return replace(judgement, yes=(), no=(), unknown=(), status="withdrawn", at=max(_now(), judgement.at), id="")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
