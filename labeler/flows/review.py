"""Push judged papers to a project in which they are judged once more: ties, suspects, what people are unsure of.

As in :mod:`labeler.flows.push`, every step compares with the tasks that the project holds, so that the next push
completes one that was interrupted. Tasks have no predictions: nobody is to find a box ticked. They are asked in the
order in which they were sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from labeler.config import Workspace
from labeler.errors import NotFoundError, RefusedError, ServerError
from labeler.flows.migrate import bring_up_to_date
from labeler.flows.push import settle
from labeler.flows.review_papers import ToReview, judged_by, to_review
from labeler.judgements.same_people import names_of_people
from labeler.papers.merge import match_indices
from labeler.review.papers import ReviewPaper
from labeler.review.said import as_html
from labeler.studio import tab
from labeler.studio.connection import projects_of, push_lock, server_of, workspace_id
from labeler.studio.interface import interface
from labeler.studio.project import Project
from labeler.studio.project_tasks import ProjectTask, duplicate_tasks
from labeler.studio.projects import create_single_project
from labeler.studio.pull_state import known_project, save_project
from labeler.studio.server import Server
from labeler.studio.tasks import review_task
from labeler.suggest.queue import batch_name
from labeler.topics import Scheme, load_checked_scheme


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """The options of ``push --review``: the ``kind`` of papers, for whom (``to``), and whether letters name people."""

    kind: str
    to: str = ""
    blind: bool = False
    count: int | None = None
    model: str | None = None
    dry_run: bool = False
    new_project: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPush:
    """What a push for review has changed (in a dry run: would change).

    ``found`` papers are of the kind, of which ``in_project`` were in review before, ``sent`` were sent, and
    ``remaining`` are left for later. ``waiting`` is the number of tasks that wait before these. ``updated`` tasks got
    a changed text, and ``duplicates`` were removed. ``to`` is the person they are meant for, who had judged ``own`` of
    those that were sent. ``failure`` says why a dry run could not ask the server.
    """

    kind: str
    found: int
    in_project: int
    sent: Sequence[ReviewPaper]
    remaining: int
    waiting: int
    updated: int
    duplicates: int
    to: str
    own: int
    model: str | None
    note: str
    project: str | None
    is_new_project: bool
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to change: tasks to remove and to update, with their new data, and the papers to send."""

    duplicates: list[ProjectTask]
    changed: list[tuple[ProjectTask, dict[str, Any]]]
    sent: list[ReviewPaper]
    remaining: int
    in_project: int
    tasks: list[ProjectTask]

    @property
    def waiting(self) -> int:
        """How many tasks of the project wait for a verdict."""
        return sum(task.open for task in self.tasks)


def push_review(
    workspace: Workspace, request: ReviewRequest, say: Callable[[str], None] = lambda _: None
) -> ReviewPush:
    """Send the papers of a kind that are not in review yet to the workspace's review project.

    Raises:
        NotFoundError: no server is known, nobody there is called as ``to``, or there is no model that is needed.
        InputError: the log cannot be read, or says too little to doubt a judgement.
        RefusedError: the scheme has faults or does not fit the server's, another push is running, or the project is
            gone.
        ServerError: the server or the network failed; the next push goes on from there.

    A dry run needs no server: where none can be asked, it plans as for an empty project.
    """
    scheme = load_checked_scheme(workspace.topics)
    people = names_of_people(workspace)
    with nullcontext() if request.dry_run else push_lock(workspace):
        at = _server(workspace, request)
        workspace_id(workspace, create=at.server is not None and not request.dry_run)  # which letters are drawn by
        found = to_review(workspace, scheme, request.kind, request.blind, request.model)
        project, is_new, to = *_project(workspace, at, scheme, request, bool(found.papers)), at.to
        unfinished = workspace.private / "review.unfinished"
        if project is not None and unfinished.exists() and not request.dry_run:
            say("The last push for review was cut short; waiting until the server is done with it …")
            settle(project)
        plan = _plan(found, project.tasks() if project else [], scheme, request, to)
        late = 0
        if project is not None and not request.dry_run:
            save_project(workspace, project)
            unfinished.touch()
            late = _send(project, plan, found, scheme, request, to)
            unfinished.unlink(missing_ok=True)
    return ReviewPush(
        request.kind, len(found.papers), plan.in_project, plan.sent, plan.remaining, plan.waiting, len(plan.changed),
        len(plan.duplicates) + late, to, judged_by(plan.sent, to, people), found.model, found.note,
        project.url if project else None, is_new, at.failure,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Server:
    """The server, its review ``projects`` of the workspace, and the address of the person that the papers are ``to``.

    Where a dry run cannot ask it, ``server`` is None, and ``failure`` says why.
    """

    server: Server | None
    projects: Sequence[Project]
    to: str
    failure: str | None = None


def _server(workspace: Workspace, request: ReviewRequest) -> _Server:
    """The server of the workspace, as far as a dry run can ask it."""
    try:
        server = server_of(workspace)
        projects = projects_of(workspace, server, review=True)
        return _Server(server, projects, _person(server, request.to) if request.to else "")
    except (NotFoundError, ServerError) as error:
        if not request.dry_run:
            raise
        return _Server(None, (), request.to, str(error))


def _person(server: Server, name: str) -> str:
    """The address of the person of the server who is called so, by the address or the part before its @.

    Raises:
        NotFoundError: there is none, or there are several.
    """
    users = server.request("reading the users", lambda sdk: [str(user.email) for user in sdk.users.list()])
    wanted = name.strip().casefold()
    found = [user for user in users if user.casefold() == wanted]
    found = found or [user for user in users if user.casefold().partition("@")[0] == wanted]
    if len(found) != 1:
        many = f"{len(found)} people" if found else "nobody"
        raise NotFoundError(
            f"{many} at {server.url} {'are' if found else 'is'} called {name!r}",
            f"there are: {', '.join(sorted(users))}; Organization > Add Members in Label Studio invites others",
        )
    return found[0]


def _project(
    workspace: Workspace, at: _Server, scheme: Scheme, request: ReviewRequest, is_needed: bool
) -> tuple[Project | None, bool]:
    """The workspace's review project, and whether it is a new one; None where none is made, as in a dry run."""
    if at.projects:
        if not request.dry_run:
            bring_up_to_date(at.projects[0], scheme)
        return at.projects[0], False
    if at.server is None or not is_needed:
        return None, False
    known = known_project(workspace, review=True)
    if known is not None and not request.new_project:
        raise RefusedError(
            f"the review project {known.project} of this workspace, at {known.server} before, is not at "
            f"{at.server.url}",
            "if another one is to be made there, add --new-project",
        )
    if request.dry_run:
        return None, True
    first = next((project.label_config for project in projects_of(workspace, at.server)), "")
    title = f"{workspace.root.name or 'labeler'}: papers to settle"[:50]
    config = interface(scheme, first, review=True)
    identifier = str(workspace_id(workspace))
    return create_single_project(at.server, identifier, title, config, scheme.offered, review=True), True


def _plan(found: ToReview, tasks: Sequence[ProjectTask], scheme: Scheme, request: ReviewRequest, to: str) -> _Plan:
    """What to change in a project with these tasks, so that ``count`` wait (None: all)."""
    duplicates = duplicate_tasks(tasks)
    duplicate_ids = {task.id for task in duplicates}
    kept = [task for task in tasks if task.id not in duplicate_ids]
    with_paper = [task for task in kept if task.paper]
    matches = match_indices([one.paper for one in found.papers], [task.paper for task in with_paper if task.paper])
    new, changed = [], []
    for one, position in zip(found.papers, matches, strict=True):
        if position is None:
            new.append(one)
            continue
        task = with_paper[position]
        meant_for = to or str(task.data.get("to") or "")
        data = _task(one, found, scheme, meant_for, task.asked)["data"]
        if task.untouched and task.asked.get("review") == request.kind and data != dict(task.data):
            changed.append((task, data))
    waiting = sum(task.open for task in kept)
    sent = new if request.count is None else new[: max(0, request.count - waiting)]
    return _Plan(duplicates, changed, sent, len(new) - len(sent), len(found.papers) - len(new), kept)


def _task(one: ReviewPaper, found: ToReview, scheme: Scheme, to: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return review_task(one.paper, scheme.offered, one.reason, as_html(found.said_of(one), one.notes), to, asked)


def _send(project: Project, plan: _Plan, found: ToReview, scheme: Scheme, request: ReviewRequest, to: str) -> int:
    """Change the project as planned; return how many late duplicates were removed.

    What the requests of an earlier, killed push have doubled meanwhile is removed last.
    """
    project.add_tab(tab.review_data())
    if to:
        project.add_tab(tab.review_data(to))
    project.delete_untouched(plan.duplicates)
    for task, data in plan.changed:
        project.update_task(task.id, data=data)
    batch = batch_name([one.paper for one in plan.sent])
    asked = {"strategy": request.kind, "batch": batch, "audit": False, "review": request.kind}
    project.import_tasks(
        [_task(one, found, scheme, to, asked | ({"control": True} if one.control else {})) for one in plan.sent]
    )
    if project.task_count() == len(plan.tasks) + len(plan.sent):
        return 0
    late = duplicate_tasks(project.tasks())
    project.delete_untouched(late)
    return len(late)
