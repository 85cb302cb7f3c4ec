"""The state of the loop: tasks and annotations, annotators, how often they changed suggestions, and the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.flows.train import digest
from labeler.judgements import Judgement, JudgementLog, labels_of
from labeler.judgements.labels import Tie, current_judgements, overruled_parent_notes
from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model
from labeler.studio.connection import current_project
from labeler.studio.pull_state import known_project, load_state
from labeler.topics import Mode, Scheme, load_checked_scheme


@dataclass
class Annotator:
    """The judgements of one annotator, how many suggestions were kept and changed, and the median seconds a paper."""

    judged: int = 0
    skipped: int = 0
    unsure: int = 0
    kept: int = 0
    changed: int = 0
    seconds: float | None = None


@dataclass
class Audit:
    """How many papers, picked at random and shown without suggestions, a model had all topics right on."""

    model: str
    papers: int
    right: int


@dataclass
class Status:
    """The state of the loop. Without a server, the figures of the project are None.

    ``changed`` says that log or topics are not those that the current model was trained with. ``gone`` is the address
    of a project that the server no longer has. ``tied`` are the papers on which annotators disagree, and their votes.
    ``unreadable`` has a message for each line of the log that cannot be read. ``notes`` tell how judgements are read.
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
    unreadable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def behind(self) -> int:
        """The number of labelled papers that the current model has not learned from."""
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
    scheme = load_checked_scheme(workspace.topics)
    reading = JudgementLog(workspace.judgements).read()
    log = reading.judgements
    judgements = current_judgements(log)
    labels = labels_of(log, scheme)
    state = Status(
        judged_papers=len({judgement.paper for judgement in judgements if judgement.status == "judged"}),
        judgements=sum(judgement.status != "withdrawn" for judgement in judgements),
        withdrawn=sum(judgement.status == "withdrawn" for judgement in judgements),
        annotators=_annotators(judgements),
        labelled=len(labels.papers),
        ties=len(labels.ties),
        unreadable=[*reading.faults, *filter(None, [reading.incomplete])],
        tied=[{"paper": tie.paper.id, "title": tie.paper.title, "votes": _votes(tie)} for tie in labels.ties],
    )
    state.notes = overruled_parent_notes(log, scheme)
    store = ModelStore(workspace.models)
    with suppress(LabelerError):
        current = store.find()
        state.model = current.label
        training = current.manifest.training
        learned_from = (training.state.judgements if training.state else None, training.scheme)
        state.changed = learned_from != (digest(judgement.id for judgement in log), scheme)
        state.model_judged = training.figures.labelled
    state.audits = _audits(store, judgements, scheme)
    project = current_project(workspace)
    known = known_project(workspace)
    if project is None and known is not None:
        state.gone = f"{known.server}/projects/{known.project}"
    if project is not None:
        tasks = project.tasks()
        pulled = load_state(workspace, project).total
        state.project, state.tasks = project.url, len(tasks)
        state.waiting = sum(task.open for task in tasks)
        state.to_pull = max(0, sum(task.annotations + task.skipped for task in tasks) - pulled)
    return state


def _votes(tie: Tie) -> str:
    """The votes of a tie, as in ``llm: yes 1, no 1``."""
    votes = ", ".join(f"{answer} {count}" for answer, count in tie.votes)
    return f"{tie.topic}: {votes}" if tie.topic else votes


def _annotators(judgements: Sequence[Judgement]) -> dict[str, Annotator]:
    """The annotators by name, the one with the most judgements first."""
    people: dict[str, Annotator] = defaultdict(Annotator)
    seconds: dict[str, list[float]] = defaultdict(list)
    for judgement in judgements:
        if judgement.status == "withdrawn":
            continue
        annotator = people[judgement.annotator]
        annotator.judged += judgement.status == "judged"
        annotator.skipped += judgement.status == "skipped"
        annotator.unsure += judgement.unsure
        if judgement.status == "judged":
            annotator.kept += judgement.prefill == "kept"
            annotator.changed += judgement.prefill == "changed"
            if judgement.lead_time is not None:
                seconds[judgement.annotator].append(judgement.lead_time)
    for name, times in seconds.items():
        people[name].seconds = round(sorted(times)[len(times) // 2], 1)
    return {name: people[name] for name in sorted(people, key=lambda name: -people[name].judged)}


def _audits(store: ModelStore, judgements: Sequence[Judgement], scheme: Scheme) -> list[Audit]:
    """How the models did on the papers that were picked to check them, before they could learn from these."""
    by_model: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        request = judgement.asked or {}
        if request.get("audit") and request.get("model") and judgement.status == "judged" and not judgement.unsure:
            by_model[str(request["model"])].append(judgement)
    audits = []
    for label, audited in sorted(by_model.items()):
        try:
            version = store.find(label)
            model = load_model(version.folder)
        except LabelerError:
            continue  # that version was removed
        model = model.under(scheme) if model.mode == scheme.mode else model
        decisions = model.decide([judgement.as_paper() for judgement in audited], version.precision)
        offered = set(scheme.offered)
        right = sum(
            set(decision.topics) & offered == _with_topics_above(judgement.yes, scheme) & offered
            for decision, judgement in zip(decisions, audited, strict=True)
        )
        audits.append(Audit(label, len(audited), right))
    return audits


def _with_topics_above(topics: Sequence[str], scheme: Scheme) -> set[str]:
    """The topics of a judgement as they are learned: in a multi-label scheme with those above them."""
    return set(topics) if scheme.mode == Mode.SINGLE else scheme.hierarchy.with_ancestors(topics)
