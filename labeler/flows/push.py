"""Papers to a Label Studio server: what is missing is added, what has changed is brought up to date, nothing doubled.

Every step looks at what the server holds, so that a push that was cut short is ended by the next one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.errors import RefusedError
from labeler.features.background import named_background
from labeler.judgements.judged import judged_papers, unjudged
from labeler.papers import Merger, Paper
from labeler.papers.ids import title_key
from labeler.papers.merge import places_among
from labeler.sampling.near_duplicates import near_duplicates
from labeler.studio.connection import alone, projects_of, server_of, workspace_id
from labeler.studio.interface import interface, offered_in, same_interface
from labeler.studio.predictions import ORDER_ALONE, remove_doubles, renew_predictions
from labeler.studio.project import Project, made_once
from labeler.studio.project_tasks import ProjectTask, doubles
from labeler.studio.pull_state import known_project, remember
from labeler.studio.tasks import blind, task
from labeler.suggest.advice import advice, adviser_of
from labeler.suggest.queue import Pick, Picking, interleaved, pick, ranked
from labeler.topics import Scheme, sound_scheme

_QUIET = 4.0  # seconds without a change: longer than the server waits before it tries again itself
_LONGEST_WAIT = 120.0


@dataclass
class PushResult:
    """What a push came to (in a dry run: would come to)."""

    papers: int
    judged: int
    strategy: str
    model: str | None
    note: str = ""
    project: str | None = None
    made_project: bool = False
    picks: list[Pick] = field(default_factory=list)
    waiting: int = 0
    held: int = 0
    near: int = 0
    left: int = 0
    updated: int = 0
    doubles: int = 0
    predictions: int = 0


@dataclass(frozen=True, slots=True)
class PushRequest:
    """What is asked of a push: as on the command line."""

    count: int | None = None
    strategy: str = "mix"
    overlap: int = 1
    model: str | None = None
    dry_run: bool = False
    new_project: bool = False


def push(
    workspace: Workspace,
    inputs: Sequence[str],
    format_name: str | None,
    wanted: PushRequest,
    say: Callable[[str], None] = lambda _: None,
) -> PushResult:
    """Fill the queue with papers of these inputs that nobody was asked about, and renew the model's suggestions.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
        NotFoundError: no server is known, or the model that is named is not there.
        RefusedError: the scheme has faults or is not the server's, another push is running, or the project is gone.
        ServerError: the server or the network failed; the next push goes on from there.
    """
    scheme = sound_scheme(workspace.topics)
    papers = read_inputs(inputs, format_name).papers
    judged = judged_papers(workspace)
    fresh = unjudged(judged, papers)
    adviser = adviser_of(workspace, scheme, wanted.model)
    done = PushResult(len(papers), len(papers) - len(fresh), wanted.strategy, adviser.label, adviser.note)
    share = workspace.settings.push_audit
    picking = Picking(
        scheme,
        adviser,
        named_background(workspace.settings.train_background, workspace.root),
        wanted.strategy,
        share,
        wanted.overlap,
    )
    with nullcontext() if wanted.dry_run else alone(workspace):
        unfinished = workspace.private / "push.unfinished"
        project = _project(workspace, scheme, wanted, done)
        if project is not None and unfinished.exists() and not wanted.dry_run:
            say("The last push was cut short; waiting until the server is done with it …")
            _settle(project)
        every = project.tasks() if project else []
        spare = _doubles(every)
        held = [one for one in every if one.id not in spare]
        done.waiting, done.doubles = sum(one.open for one in held), len(spare)
        new, changed = _compared(fresh, held)
        done.held = len(fresh) - len(new)
        done.updated = len(changed)
        asked = {paper.text for paper in (*judged, *(one.paper for one in held)) if paper}
        near = near_duplicates([paper.text for paper in new], sorted(asked))
        new = [paper for place, paper in enumerate(new) if place not in near]
        count = len(new) if wanted.count is None else max(0, wanted.count - done.waiting)
        done.picks = pick(new, count, picking)
        done.near, done.left = len(near), len(new) - len(done.picks)
        if wanted.dry_run or project is None:
            return done
        remember(workspace, project)
        unfinished.touch()
        project.show_in_order()
        project.delete_untouched([one for one in every if one.id in spare])
        for one, data in changed:
            project.update_task(one.id, data=data)
        held = _with_new(project, held, done.picks, picking)
        done.predictions = _advise(project, held, picking, done.picks)
        if late := _late_doubles(project, held):
            project.delete_untouched(late)
            done.doubles += len(late)
            done.predictions += _advise(project, project.tasks(), picking, ())
        unfinished.unlink(missing_ok=True)
    return done


def _project(workspace: Workspace, scheme: Scheme, wanted: PushRequest, done: PushResult) -> Project | None:
    """The workspace's project, made where there is none (not in a dry run)."""
    server = server_of(workspace)
    own = workspace_id(workspace, make=not wanted.dry_run)
    found = projects_of(workspace, server)
    wished = interface(scheme, found[0].label_config if found else "")
    if found:
        project = found[0]
        if offered_in(project.label_config) != offered_in(wished):
            raise RefusedError(
                f"the topics of the project at {project.url} are not those of {workspace.topics.name}",
                "run `labeler topics migrate`",
            )
        if not same_interface(project.label_config, wished) and not wanted.dry_run:
            project.set_up(wished, scheme.offered)
        done.project = project.url
        return project
    known = known_project(workspace)
    if known is not None and not wanted.new_project:
        raise RefusedError(
            f"the project {known.project} of this workspace, at {known.server} before, is not at {server.url}",
            "if another one is to be made there, run `labeler push --new-project`",
        )
    done.made_project = True
    if wanted.dry_run:
        return None
    assert own is not None
    title = f"{workspace.root.name or 'labeler'}: topics of papers"[:50]
    project = made_once(server, own, title, wished, scheme.offered)
    done.project = project.url
    return project


def _settle(project: Project) -> None:
    """Wait until nothing changes any more: what a killed push had sent may still be on its way."""
    end = time.monotonic() + _LONGEST_WAIT
    before, since = None, time.monotonic()
    while time.monotonic() < end:
        now = (project.task_count(), project.prediction_counts())
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since >= _QUIET:
            return
        time.sleep(0.5)


def _grouped(papers: Sequence[Paper]) -> list[int]:
    """For each paper a number that it shares with the others that are the same paper."""
    merger = Merger()
    positions = [merger.add(paper) for paper in papers]
    return [merger.find(position) for position in positions]


def _doubles(held: Sequence[ProjectTask]) -> set[int]:
    ours = [one for one in held if one.paper]
    groups: dict[int, list[int]] = defaultdict(list)
    for one, group in zip(ours, _grouped([one.paper for one in ours if one.paper]), strict=True):
        groups[group].append(one.id)
    return set(doubles(ours, groups.values()))


def _compared(
    papers: Sequence[Paper], held: Sequence[ProjectTask]
) -> tuple[list[Paper], list[tuple[ProjectTask, dict[str, Any]]]]:
    """The papers that the project does not hold, and tasks whose paper has another text now, with their new data.

    What somebody has judged, or begun to, stays as it was read.
    """
    ours = [one for one in held if one.paper]
    new, changed = [], []
    for paper, place in zip(papers, places_among(papers, [one.paper for one in ours if one.paper]), strict=True):
        if place is None:
            new.append(paper)
            continue
        one = ours[place]
        fields = task(paper, str(one.data.get("offered", "")).split(), str(one.data.get("reason", "")))["data"]
        if one.untouched and paper.abstract and _says_more(fields, one.data):
            changed.append((one, dict(one.data) | fields))
    return new, changed


def _says_more(fields: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether a paper's text has changed, and not just lost its end or its marks."""
    now, before = (title_key(f"{data.get('title')} {data.get('abstract')}") for data in (fields, held))
    return now != before and not before.startswith(now)


def _with_new(
    project: Project, held: Sequence[ProjectTask], picks: Sequence[Pick], picking: Picking
) -> list[ProjectTask]:
    """Import the papers that were picked; all tasks the project then holds."""
    tasks = [task(one.paper, picking.scheme.offered, one.reason, None, one.asked) for one in picks]
    ids = project.import_tasks(tasks)
    if len(ids) != len(tasks):  # then the server knows best
        held = project.tasks()
    else:
        told = zip(ids, picks, tasks, strict=True)
        held = [*held, *(ProjectTask(number, one.paper, made["data"], one.asked) for number, one, made in told)]
    for one in held:
        several = one.asked.get("overlap", 1)
        if several > 1 and one.overlap != several and one.open and one.untouched:
            project.update_task(one.id, overlap=several)
    return list(held)


def _advise(project: Project, held: Sequence[ProjectTask], picking: Picking, picks: Sequence[Pick]) -> int:
    """Predictions of the current model for all tasks that wait, which also put them in order."""
    version = picking.adviser.label or ORDER_ALONE
    there = sum(version in one.versions for one in held)
    lacking = [one for one in held if not one.done and one.paper and version not in one.versions]
    wanted: dict[int, Mapping[str, Any]] = {}
    if len(lacking) == len(picks):  # they were put in order when they were picked
        ordered = list(range(len(picks)))
        told = [one.said for one in picks]
    else:
        papers = [one.paper for one in lacking if one.paper]
        ordered = ranked(papers, len(papers), picking)
        told = advice(papers, picking.scheme, picking.adviser)
    said = dict(zip((one.id for one in lacking), told, strict=True))
    order = [lacking[place] for place in interleaved(ordered, _audits(lacking))]
    for place, one in enumerate(order, start=1):
        score, known = place / (len(order) + 1), said[one.id]
        shown = known if not one.asked.get("audit") else None
        wanted[one.id] = shown.prediction(score, version) if shown else blind(score, version)
    renew_predictions(project, version, wanted, there)
    return len(wanted)


def _audits(tasks: Sequence[ProjectTask]) -> set[int]:
    """The places of tasks that check the model."""
    return {place for place, one in enumerate(tasks) if one.asked.get("audit")}


def _late_doubles(project: Project, held: Sequence[ProjectTask]) -> list[ProjectTask]:
    """Tasks that a killed client's request has doubled while we were at it; doubled predictions go at once."""
    version = project.model_version
    if project.prediction_counts().get(version, 0) > sum(not one.done or version in one.versions for one in held):
        remove_doubles(project, version)
    if project.task_count() == len(held):
        return []
    every = project.tasks()
    spare = _doubles(every)
    return [one for one in every if one.id in spare]
