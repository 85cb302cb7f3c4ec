"""Push papers to a Label Studio server: import new ones, update changed ones, and renew the model's predictions.

Every step compares with the tasks that the project holds, so the next push completes one that was interrupted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from labeler.config import Workspace
from labeler.digests import Reading, read_inputs
from labeler.errors import NotFoundError, RefusedError, ServerError
from labeler.features.background import named_background
from labeler.flows.push_plan import Plan, plan_of
from labeler.judgements import read_log
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.judged import judged_papers, not_judged
from labeler.studio.connection import projects_of, push_lock, server_of, workspace_id
from labeler.studio.interface import interface, offered_in, same_interface
from labeler.studio.known_tasks import save_tasks
from labeler.studio.predictions import ORDER_ALONE, remove_duplicates, renew_predictions
from labeler.studio.project import Project
from labeler.studio.project_tasks import ProjectTask, duplicate_tasks
from labeler.studio.projects import create_single_project
from labeler.studio.pull_state import known_project, save_project
from labeler.studio.tasks import task as new_task
from labeler.suggest.advice import advice, adviser_of
from labeler.suggest.alike import JudgedPapers
from labeler.suggest.queue import Pick, Picking, alike, interleaved, narrowed, ranked, shown
from labeler.suggest.sought import Sought
from labeler.suggest.splits import advice_on, split_picks, to_judge_again
from labeler.topics import Scheme, load_checked_scheme

_QUIET = 4.0  # seconds without a change: longer than the server waits before it tries again itself
_LONGEST_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class PushRequest:
    """The options of a push, as on the command line. ``overlap`` people judge a ``share`` of the new papers.

    With a ``topic`` or ``search`` words, papers that fit these are sent, instead of those that a strategy picks.
    """

    count: int | None = None
    strategy: str = "mix"
    overlap: int = 1
    model: str | None = None
    dry_run: bool = False
    new_project: bool = False
    share: float = 1.0
    topic: str | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class PushResult:
    """What a push has changed (in a dry run: would change).

    Of all ``papers`` of the inputs, ``judged`` were judged before, ``unfit`` do not fit what is sought, ``in_project``
    were in the project before, ``near_duplicates`` nearly repeat another paper, ``picks`` were sent, and ``remaining``
    are left for later pushes.
    ``waiting`` is the number of tasks that waited before. ``updated`` tasks got a changed text, ``duplicates`` tasks
    were removed, and ``predictions`` were imported, for papers that were sent
    and, renewed, for others. ``failure`` says why a dry run could not ask the server.
    ``reading`` is what was found in the inputs.
    """

    papers: int
    judged: int
    strategy: str
    model: str | None
    note: str
    project: str | None
    is_new_project: bool
    picks: list[Pick]
    waiting: int
    in_project: int
    near_duplicates: int
    remaining: int
    updated: int
    duplicates: int
    predictions: int
    reading: Reading
    failure: str | None = None
    unfit: int = 0


def push(
    workspace: Workspace,
    inputs: Sequence[str],
    format_name: str | None,
    request: PushRequest,
    say: Callable[[str], None] = lambda _: None,
) -> PushResult:
    """Import papers of these inputs that are neither judged nor in the project, and renew the model's predictions.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
        NotFoundError: no server is known, a model or topic that is named is not there, or no paper fits.
        RefusedError: the scheme has faults or is not the server's, another push is running, or the project is gone.
        ServerError: the server or the network failed; the next push goes on from there.

    A dry run needs no server: where none can be asked, it plans as for an empty project.
    """
    scheme = load_checked_scheme(workspace.topics)
    reading = read_inputs(inputs, format_name)
    papers = Forgotten.of(workspace.judgements.parent).without(reading.papers)
    judged = judged_papers(workspace)
    fresh = not_judged(judged, papers)
    fitting, picking = narrowed(fresh, _picking(workspace, scheme, request))
    again = split_picks(to_judge_again(read_log(workspace).judgements, scheme), picking)
    predictions = late = 0
    with nullcontext() if request.dry_run else push_lock(workspace):
        unfinished = workspace.private / "push.unfinished"
        project, is_new, failure = _project(workspace, scheme, request)
        if project is not None and unfinished.exists() and not request.dry_run:
            say("The last push was cut short; waiting until the server is done with it …")
            settle(project)
        plan = plan_of(fitting, judged, project.tasks() if project else [], picking, request.count, again)
        if project is not None and not request.dry_run:
            save_project(workspace, project)
            unfinished.touch()
            tasks, predictions, late = _send(project, plan, picking)
            save_tasks(workspace, project, ((task.id, task.paper) for task in tasks if task.paper), whole=True)
            unfinished.unlink(missing_ok=True)
    return PushResult(
        papers=len(papers), judged=len(papers) - len(fresh), strategy=picking.told, model=picking.adviser.label,
        note=picking.adviser.note or picking.adviser.behind(judged), project=project.url if project else None,
        is_new_project=is_new, picks=plan.picks, waiting=plan.waiting, in_project=plan.in_project, reading=reading,
        near_duplicates=plan.near_duplicates, remaining=plan.remaining, updated=len(plan.changed), failure=failure,
        duplicates=len(plan.duplicates) + late, predictions=predictions, unfit=len(fresh) - len(fitting),
    )  # fmt: skip


def _picking(workspace: Workspace, scheme: Scheme, request: PushRequest) -> Picking:
    """How papers are to be picked, from the request and the settings."""
    adviser = adviser_of(workspace, scheme, request.model)
    background = named_background(workspace.settings.train_background, workspace.root)
    judged = JudgedPapers.of_workspace(adviser.model, workspace, scheme) if adviser.model else None
    audit = workspace.settings.push_audit
    sought = Sought.of(scheme, request.topic, request.search)
    overlap, share = request.overlap, request.share
    return Picking(scheme, adviser, background, request.strategy, audit, overlap, judged, share, sought)


def _project(workspace: Workspace, scheme: Scheme, request: PushRequest) -> tuple[Project | None, bool, str | None]:
    """The workspace's project and whether it is a new one; in a dry run, why the server could not be asked."""
    try:
        return *_asked_project(workspace, scheme, request), None
    except (NotFoundError, ServerError) as error:
        if not request.dry_run:
            raise
        return None, False, str(error)


def _asked_project(workspace: Workspace, scheme: Scheme, request: PushRequest) -> tuple[Project | None, bool]:
    """The workspace's project, and whether it is a new one.

    Where there is none, it is created; in a dry run None is returned. The labeling interface is brought up to date.
    """
    server = server_of(workspace)
    identifier = workspace_id(workspace, create=not request.dry_run)
    projects = projects_of(workspace, server)
    label_config = interface(scheme, projects[0].label_config if projects else "")
    if projects:
        project = projects[0]
        if offered_in(project.label_config) != offered_in(label_config):
            raise RefusedError(
                f"the topics of the project at {project.url} are not those of {workspace.topics.name}",
                "run `labeler topics migrate`",
            )
        if not same_interface(project.label_config, label_config) and not request.dry_run:
            project.set_up(label_config, scheme.offered)
        return project, False
    known = known_project(workspace)
    if known is not None and not request.new_project:
        raise RefusedError(
            f"the project {known.project} of this workspace, at {known.server} before, is not at {server.url}",
            "if another one is to be made there, run `labeler push --new-project`",
        )
    if request.dry_run:
        return None, True
    assert identifier is not None
    title = f"{workspace.root.name or 'labeler'}: topics of papers"[:50]
    return create_single_project(server, identifier, title, label_config, scheme.offered), True


def settle(project: Project) -> None:
    """Wait until the project stops changing: the server may still be at work on the requests of a killed push."""
    end = time.monotonic() + _LONGEST_WAIT
    before, since = None, time.monotonic()
    while time.monotonic() < end:
        now = (project.task_count(), project.prediction_counts())
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since >= _QUIET:
            return
        time.sleep(0.5)


def _send(project: Project, plan: Plan, picking: Picking) -> tuple[list[ProjectTask], int, int]:
    """Change the project as planned.

    Returns:
        The tasks, how many predictions were renewed, and how many late duplicates were removed.

    The order of the steps makes an interrupted push safe: tasks are imported before their predictions, and what the
    requests of an earlier, killed push have doubled meanwhile is removed last.
    """
    project.show_in_order()
    project.delete_untouched(plan.duplicates)
    for task, data in plan.changed:
        project.update_task(task.id, data=data)
    tasks = _without_others(project, _import_picks(project, plan, picking), picking)
    renewed = _renew(project, tasks, picking, plan.picks, plan.again)
    late = _late_duplicates(project, tasks)
    if late:
        project.delete_untouched(late)
        tasks = project.tasks()
        renewed += _renew(project, tasks, picking, (), plan.again)
    return tasks, renewed, len(late)


def _import_picks(project: Project, plan: Plan, picking: Picking) -> list[ProjectTask]:
    """Import the papers that were picked, and set the overlap of tasks; return all tasks that the project then has."""
    new = [
        new_task(picked.paper, picking.scheme.offered, picked.reason, None, picked.asked, text)
        for picked, text in zip(plan.picks, alike(plan.picks, picking), strict=True)
    ]
    ids = project.import_tasks(new)
    if len(ids) != len(new):  # a request was repeated, or not answered in full: the server's list is right
        tasks = project.tasks()
    else:
        imported = zip(ids, plan.picks, new, strict=True)
        tasks = [
            *plan.tasks,
            *(ProjectTask(number, picked.paper, fields["data"], picked.asked) for number, picked, fields in imported),
        ]
    for task in tasks:
        overlap = task.asked.get("overlap", 1)
        if overlap > 1 and task.overlap != overlap and task.open and task.untouched:
            project.update_task(task.id, overlap=overlap)
    return tasks


def _without_others(project: Project, tasks: list[ProjectTask], picking: Picking) -> list[ProjectTask]:
    """The tasks, after predictions of another model that had the label of the current one were removed.

    The server knows the label alone, and would take them for those of the current model.
    """
    version = picking.adviser.version
    if version and version.identity != project.model and any(version.label in task.versions for task in tasks):
        project.delete_version(version.label)
        tasks = [replace(task, versions=task.versions - {version.label}) for task in tasks]
    project.note_model(version.identity if version else "")
    return tasks


def _renew(
    project: Project, tasks: Sequence[ProjectTask], picking: Picking, picks: Sequence[Pick], again: Sequence[Pick]
) -> int:
    """Import the current model's predictions for all tasks that wait, which order the queue; return how many.

    Tasks that ask ``again`` about papers of a topic that was split come first; before them, those that are sought.
    """
    version = picking.adviser.label or ORDER_ALONE
    existing = sum(version in task.versions for task in tasks)
    missing = [task for task in tasks if not task.done and task.paper and version not in task.versions]
    if len(missing) == len(picks):  # they were put in order when they were picked
        ranking = list(range(len(picks)))
        suggestions = [picked.advice for picked in picks]
    else:
        papers = [task.paper for task in missing if task.paper]
        ranking = ranked(papers, len(papers), picking)
        suggestions = advice(papers, picking.scheme, picking.adviser)
        asked = advice_on(missing, again)
        ranking = [*sorted(asked, key=lambda at: again.index(asked[at])), *(at for at in ranking if at not in asked)]
        if sought := picking.sought:
            ranking.sort(key=lambda at: not sought.is_of(missing[at].asked))
        suggestions = [asked[at].advice if at in asked else one for at, one in enumerate(suggestions)]
    audits = {position for position, task in enumerate(missing) if task.asked.get("audit")}
    order = interleaved(ranking, audits)
    predictions: dict[int, Mapping[str, Any]] = {}
    for rank, position in enumerate(order, start=1):
        task, is_audit = missing[position], position in audits
        predictions[task.id] = shown(suggestions[position], is_audit, rank / (len(order) + 1), version)
    renew_predictions(project, version, predictions, existing)
    return len(predictions)


def _late_duplicates(project: Project, tasks: Sequence[ProjectTask]) -> list[ProjectTask]:
    """Tasks that a request of a killed push has doubled since ``tasks`` were read; doubled predictions are removed."""
    version = project.model_version
    expected = sum(not task.done or version in task.versions for task in tasks)
    if project.prediction_counts().get(version, 0) > expected:
        remove_duplicates(project, version)
    if project.task_count() == len(tasks):
        return []
    return duplicate_tasks(project.tasks())
