"""How far the loop is: what is asked and answered, by whom, how often people overruled the model, how it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from labeler.config import Workspace
from labeler.errors import LabelerError, NotFoundError
from labeler.flows.train import digest
from labeler.judgements import Judgement, JudgementLog, labels_of
from labeler.judgements.labels import Tie, standing
from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model
from labeler.studio.connection import projects_of, server_of
from labeler.studio.project import Project
from labeler.studio.pull_state import known_project, load_state
from labeler.topics import Scheme, sound_scheme


@dataclass
class Annotator:
    """What one annotator has done, and what became of the suggestions she saw."""

    judged: int = 0
    skipped: int = 0
    unsure: int = 0
    kept: int = 0
    changed: int = 0
    seconds: float | None = None


@dataclass
class Audit:
    """How a model did on papers asked at random and blind: on how many it had all topics right."""

    model: str
    papers: int
    right: int


@dataclass
class Status:
    """The state of the loop. What the server would tell is None where none is known.

    ``changed`` says that log or topics are not those that the current model was trained with; ``gone`` is where the
    project was that the server no longer has; ``tied`` are the papers
    on which annotators disagree, with what was said of them.
    """

    project: str | None = None
    gone: str | None = None
    tasks: int | None = None
    waiting: int | None = None
    to_pull: int | None = None
    judged_papers: int = 0
    judgements: int = 0
    withdrawn: int = 0
    annotators: dict[str, Annotator] = field(default_factory=dict)
    model: str | None = None
    model_judged: int = 0
    labelled: int = 0
    changed: bool = False
    ties: int = 0
    tied: list[dict[str, str]] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)

    @property
    def behind(self) -> int:
        """How many papers have labels that the current model has not learned from."""
        return max(0, self.labelled - self.model_judged)

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        return asdict(self) | {"behind": self.behind}


def status(workspace: Workspace) -> Status:
    """The state of the loop, from the log and, where one is known, the server.

    Raises:
        RefusedError: the topic scheme has faults.
        ServerError: the server does not answer.
    """
    scheme = sound_scheme(workspace.topics)
    every = JudgementLog(workspace.judgements).read().judgements
    told = standing(every)
    labels = labels_of(every, scheme)
    found = Status(
        judged_papers=len({judgement.paper for judgement in told if judgement.status == "judged"}),
        judgements=sum(judgement.status != "withdrawn" for judgement in told),
        withdrawn=sum(judgement.status == "withdrawn" for judgement in told),
        annotators=_annotators(told),
        labelled=len(labels.papers),
        ties=len(labels.ties),
        tied=[{"paper": tie.paper.id, "title": tie.paper.title, "votes": _votes(tie)} for tie in labels.ties],
    )
    store = ModelStore(workspace.models)
    with suppress(LabelerError):
        current = store.find()
        found.model = current.label
        found.changed = (current.manifest.get("judgements"), current.manifest.get("scheme")) != (
            digest(judgement.id for judgement in every),
            scheme.to_dict(),
        )
        found.model_judged = int(current.manifest.get("papers", {}).get("labelled", 0))
    found.audits = _audits(store, told, scheme)
    project = _project(workspace)
    known = known_project(workspace)
    if project is None and known is not None:
        found.gone = f"{known.server}/projects/{known.project}"
    if project is not None:
        tasks = project.tasks()
        seen = load_state(workspace, project).total
        found.project, found.tasks = project.url, len(tasks)
        found.waiting = sum(task.open for task in tasks)
        found.to_pull = max(0, sum(task.annotations + task.skipped for task in tasks) - seen)
    return found


def _votes(tie: Tie) -> str:
    """What was said, and by how many: ``llm: yes 1, no 1``."""
    said = ", ".join(f"{answer} {count}" for answer, count in tie.votes)
    return f"{tie.topic}: {said}" if tie.topic else said


def _project(workspace: Workspace) -> Project | None:
    try:
        return next(iter(projects_of(workspace, server_of(workspace))), None)
    except NotFoundError:
        return None


def _annotators(told: Sequence[Judgement]) -> dict[str, Annotator]:
    people: dict[str, Annotator] = defaultdict(Annotator)
    seconds: dict[str, list[float]] = defaultdict(list)
    for judgement in told:
        if judgement.status == "withdrawn":
            continue
        one = people[judgement.annotator]
        one.judged += judgement.status == "judged"
        one.skipped += judgement.status == "skipped"
        one.unsure += judgement.unsure
        if judgement.status == "judged":
            one.kept += judgement.prefill == "kept"
            one.changed += judgement.prefill == "changed"
            if judgement.lead_time is not None:
                seconds[judgement.annotator].append(judgement.lead_time)
    for name, times in seconds.items():
        people[name].seconds = round(sorted(times)[len(times) // 2], 1)
    return {name: people[name] for name in sorted(people, key=lambda name: -people[name].judged)}


def _audits(store: ModelStore, told: Sequence[Judgement], scheme: Scheme) -> list[Audit]:
    """The models that were checked; one is held to papers that were asked before it could learn from them."""
    by_model: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in told:
        asked = judgement.asked or {}
        if asked.get("audit") and asked.get("model") and judgement.status == "judged" and not judgement.unsure:
            by_model[str(asked["model"])].append(judgement)
    found = []
    for label, judgements in sorted(by_model.items()):
        try:
            version = store.find(label)
            model = load_model(version.folder)
        except LabelerError:
            continue  # that version was removed
        decisions = model.decide([judgement.as_paper() for judgement in judgements], version.precision)
        offered = set(scheme.ids)
        right = sum(
            set(decision.topics) & offered == set(judgement.yes) & offered
            for decision, judgement in zip(decisions, judgements, strict=True)
        )
        found.append(Audit(label, len(judgements), right))
    return found
