"""Pull annotations from a Label Studio server into the log: new ones, changed ones, and those that were deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from labeler.config import Workspace
from labeler.errors import NotFoundError, RefusedError
from labeler.files import canonical_json, sha256
from labeler.flows.import_ import ImportResult, append
from labeler.judgements import Incoming, Judgement, JudgementLog
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.labels import current_judgements
from labeler.papers import Paper
from labeler.studio.connection import projects_of, server_of
from labeler.studio.exports import Export, annotations_of
from labeler.studio.interface import CONTROL, TEXT
from labeler.studio.known_tasks import save_tasks
from labeler.studio.project import Project
from labeler.studio.project_tasks import paper_in
from labeler.studio.pull_state import PullState, annotation_key, known_project, load_state, pulled_from, save_state
from labeler.studio.to_judgements import from_studio
from labeler.topics import Scheme, load_checked_scheme
from labeler.wording import counted

_OVERLAP = timedelta(minutes=2)  # read twice: annotations are not always saved in the order of their times
_LONGEST = timedelta(days=30)  # that one annotation can take
_MOST_GONE = 0.05  # the share of the annotations that may be gone before a person has to confirm it


@dataclass(frozen=True, slots=True)
class PullResult:
    """What a pull has added to the log (in a dry run: would add).

    ``withdrawn`` are the judgements whose annotation was deleted. ``project`` is None where the project is gone.
    """

    imported: ImportResult
    project: str | None
    tasks_read: int
    withdrawn: list[Judgement]


@dataclass(frozen=True, slots=True)
class _ProjectPull:
    """What was read from one project.

    ``papers`` are those of the tasks, with the number of each task. ``before`` counts the judgements that came from it
    earlier; ``gone`` are those whose annotation was deleted.
    """

    state: PullState
    papers: list[tuple[int, Paper]]
    tasks_read: int
    incoming: Incoming
    before: int
    gone: list[Judgement]


def pull(
    workspace: Workspace,
    confirm: bool = False,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> PullResult:
    """Add what has changed since the last pull to the log: judgements of the project, verdicts of that of its review.

    New and changed judgements are kept whatever else is wrong. With ``confirm``, any number of annotations may be gone.

    Raises:
        NotFoundError: no server is known, or nothing was pushed yet.
        RefusedError: the scheme has faults; or the project, or more than a twentieth of the annotations, is gone.
        ServerError: the server or the network failed.
    """
    scheme = load_checked_scheme(workspace.topics)
    server = server_of(workspace)
    projects, reviews = projects_of(workspace, server), projects_of(workspace, server, review=True)
    log = JudgementLog(workspace.judgements).read().judgements
    if not projects and (known_project(workspace) is not None or not reviews):
        return _without_project(workspace, server.url, log, confirm, dry_run)
    projects += reviews
    users = server.request("reading the users", lambda sdk: {int(user.id): user.email for user in sdk.users.list()})
    pulls = [_read(project, _state_for(workspace, project, scheme, log), users, scheme, log) for project in projects]
    tasks_read = sum(part.tasks_read for part in pulls)
    say(f"{counted(tasks_read, 'task')} read")
    incoming = _joined(part.incoming for part in pulls)
    incoming.judgements = _restored(incoming.judgements, log)
    gone = [judgement for part in pulls for judgement in part.gone]
    before = sum(part.before for part in pulls)
    too_many = len(gone) > _MOST_GONE * before and not confirm
    if not too_many:
        incoming.judgements += map(_withdrawn, gone)
    imported = append(workspace, incoming, dry_run)
    if too_many:
        raise RefusedError(
            f"{len(gone)} of {before} annotations are gone from {projects[0].url}, and were not withdrawn "
            f"({len(imported.added)} new judgements were kept)",
            "if they were deleted on purpose, run `labeler pull --confirm`",
        )
    if not dry_run:
        _save(workspace, projects, pulls, incoming.judgements)
    if not reviews and (lost := known_project(workspace, review=True)) is not None:
        imported.notes.append(f"the review project {lost.project} is not at {server.url}; its verdicts stay in the log")
    return PullResult(imported, projects[0].url, tasks_read, gone)


def _save(
    workspace: Workspace, projects: Sequence[Project], pulls: Sequence[_ProjectPull], incoming: Sequence[Judgement]
) -> None:
    """Keep what was pulled up to when, of the project that the workspace works with and of that of its review."""
    for review in (False, True):
        mine = next((n for n, project in enumerate(projects) if project.review == review), None)
        if mine is not None:
            save_state(workspace, _with_forgotten(workspace, pulls[mine].state, incoming), review)
            if not review:
                save_tasks(workspace, projects[mine], pulls[mine].papers, whole=False)


def _read(
    project: Project, state: PullState, users: Mapping[Any, Any], scheme: Scheme, log: Sequence[Judgement]
) -> _ProjectPull:
    """Read what has changed in a project since ``state``."""
    before = pulled_from(log, project.id, project.created_at)
    state, tasks = _changed(project, state)
    gone = _gone(before, project, state)
    papers = [(int(task["id"]), paper) for task in tasks if (paper := _paper(task["data"]))]
    return _ProjectPull(state, papers, len(tasks), _judgements(project, tasks, users, scheme), len(before), gone)


def _paper(data: Mapping[str, Any]) -> Paper | None:
    """The paper in the data of a task; None where there is none."""
    try:
        return paper_in(data)
    except ValueError:  # somebody has imported a task that is no paper
        return None


def _joined(parts: Iterable[Incoming]) -> Incoming:
    """All parts in one."""
    whole = Incoming()
    for part in parts:
        whole.join(part)
    return whole


def _without_project(
    workspace: Workspace, url: str, log: Sequence[Judgement], confirm: bool, dry_run: bool
) -> PullResult:
    """Withdraw the judgements of a project that is gone, if that is confirmed; else say what can be done."""
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
        kept = counted(len(before), "judgement")
        raise RefusedError(
            f"the project {known.project} is gone from {url}; kept in the log: {kept} from it",
            "to go on in another project, `labeler push DIGEST --new-project`; "
            "to withdraw them all, `labeler pull --confirm`",
        )
    incoming = Incoming(judgements=[_withdrawn(judgement) for judgement in before])
    return PullResult(append(workspace, incoming, dry_run), None, 0, list(before))


def _state_for(workspace: Workspace, project: Project, scheme: Scheme, log: Sequence[Judgement]) -> PullState:
    """The state of the last pull, or an empty one, after which all annotations are read again.

    The state counts only where the log has all of its annotations but those that were forgotten, and they were read
    with this scheme: people merge and switch branches of the log, but not of the state.
    """
    state = load_state(workspace, project)
    forgotten = sorted(stone.key for stone in Forgotten.of(workspace.judgements.parent).tombstones)
    key: list[Any] = [[topic.id, topic.name, list(topic.aliases)] for topic in scheme.topics]
    key += [forgotten] if forgotten else []
    topics = sha256(canonical_json(key).encode())
    in_log = {
        annotation_key(judgement.source.get("annotation"), judgement.source.get("created_at")) for judgement in log
    }.union(state.forgotten)
    complete = all(key in in_log for keys in state.annotations.values() for key in keys)
    if not complete or state.scheme != topics:
        return PullState(state.server, state.project, state.made, topics)
    return state


def _with_forgotten(workspace: Workspace, state: PullState, incoming: Sequence[Judgement]) -> PullState:
    """The state, which also knows the annotations among those read that are not in the log as they were forgotten."""
    forgotten = Forgotten.of(workspace.judgements.parent)
    sources = [one.source for one in incoming if forgotten.has(one)]
    found = {annotation_key(source.get("annotation"), source.get("created_at")) for source in sources}
    known = {key for keys in state.annotations.values() for key in keys}
    return replace(state, forgotten=sorted(known.intersection(found.union(state.forgotten))))


def _restored(incoming: Sequence[Judgement], log: Sequence[Judgement]) -> list[Judgement]:
    """The judgements, those of withdrawn annotations that exist again with a later time than the withdrawal."""
    withdrawn = {
        judgement.origin: judgement.at for judgement in current_judgements(log) if judgement.status == "withdrawn"
    }
    return [
        replace(judgement, at=max(_now(), withdrawn[judgement.origin]), id="")
        if judgement.origin in withdrawn
        else judgement
        for judgement in incoming
    ]


def _changed(project: Project, state: PullState) -> tuple[PullState, list[dict[str, Any]]]:
    """The new state, and the tasks that changed since the last pull; all tasks where some annotation is missing."""
    if state.cursor:
        tasks = project.annotated(datetime.fromisoformat(state.cursor) - _OVERLAP)
        after = _state(state, tasks, state.annotations)
        if after.total == project.annotations():
            return after, tasks
    tasks = project.annotated()
    return _state(state, tasks, {}), tasks


def _state(state: PullState, tasks: Sequence[Mapping[str, Any]], before: Mapping[str, list[str]]) -> PullState:
    """The state after these tasks were read; ``before`` are the annotations of tasks that were read earlier."""
    cursor, annotations = state.cursor, dict(before)
    for task in tasks:
        cursor = max(cursor, datetime.fromisoformat(str(task["updated_at"])).astimezone(UTC).isoformat())
        keys = [annotation_key(entry["id"], entry["created_at"]) for entry in task.get("annotations") or ()]
        annotations.pop(str(task["id"]), None)
        if keys:
            annotations[str(task["id"])] = keys
    return PullState(state.server, state.project, state.made, state.scheme, cursor, annotations, state.forgotten)


def _judgements(
    project: Project, tasks: Sequence[Mapping[str, Any]], users: Mapping[Any, Any], scheme: Scheme
) -> Incoming:
    """The judgements in the annotations of some tasks."""
    incoming = _joined(
        _judgement(project, task, entry, users, scheme) for task in tasks for entry in task.get("annotations") or ()
    )
    where = {"server": project.server.url, "project_made": project.created_at}
    incoming.judgements = [
        replace(judgement, source={**judgement.source, **where}, id="") for judgement in incoming.judgements
    ]
    return incoming


def _judgement(
    project: Project, task: Mapping[str, Any], entry: Mapping[str, Any], users: Mapping[Any, Any], scheme: Scheme
) -> Incoming:
    """The judgement in one annotation, with the topics that the interface offered when the annotator began."""
    duration = _duration(entry)
    annotation = {
        **entry,
        "completed_by": users.get(entry.get("completed_by")) or entry.get("completed_by"),
        "lead_time": None if duration is None else entry.get("lead_time"),
    }
    offered = project.offered_at(datetime.fromisoformat(entry["created_at"]) - (duration or timedelta(0)))
    data = task["data"] | ({"offered": " ".join(offered)} if offered else {})
    annotations = annotations_of({**task, "data": data, "project": project.id, "annotations": [annotation]}, CONTROL)
    return from_studio(Export(annotations), scheme, f"project {project.id}", CONTROL, TEXT, explicit_none=True)


def _duration(entry: Mapping[str, Any]) -> timedelta | None:
    """How long an annotation took; None where that cannot be true, because a clock was wrong."""
    seconds = entry.get("lead_time") or 0
    return timedelta(seconds=seconds) if 0 <= seconds <= _LONGEST.total_seconds() else None


def _gone(before: Sequence[Judgement], project: Project, state: PullState) -> list[Judgement]:
    """The judgements whose annotation was deleted. Each is requested from the server, as a list may have missed it."""
    seen = {key for keys in state.annotations.values() for key in keys}
    missing = [
        judgement
        for judgement in before
        if annotation_key(judgement.source["annotation"], judgement.source["created_at"]) not in seen
    ]
    return [
        judgement
        for judgement in missing
        if not project.has_annotation(judgement.source["annotation"], judgement.source["created_at"])
    ]


def _withdrawn(judgement: Judgement) -> Judgement:
    """The judgement that supersedes another one because its annotation was deleted."""
    return replace(judgement, yes=(), no=(), unknown=(), status="withdrawn", at=max(_now(), judgement.at), id="")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
