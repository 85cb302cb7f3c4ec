"""The state of the loop: tasks and annotations, annotators, what they made of suggestions, and the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple

from labeler.annotators.consensus_labels import ConsensusLabels, consensus_labels
from labeler.config import Workspace
from labeler.drift.streams import Risen
from labeler.errors import InputError, LabelerError, NotFoundError, ServerError
from labeler.evaluation.frozen import read_evaluation_set
from labeler.flows.drift import drift
from labeler.flows.labelled_so_far import LabelledSoFar, labelled_so_far
from labeler.flows.put_to_use import not_learned
from labeler.flows.soft_labels import soft_texts
from labeler.flows.training_input import judgements_digest
from labeler.flows.watch_status import WatchState, watch_states
from labeler.judgements import JudgedPaper, Judgement, Labels, read_log
from labeler.judgements.labels import Tie, current_judgements, overruled_parent_notes
from labeler.judgements.log import LogReading
from labeler.judgements.rename import under_scheme
from labeler.judgements.same_people import names_of_people
from labeler.judgements.soft_labels import read_soft_labels
from labeler.measure.changes import Changes
from labeler.modelstore import ModelStore, Version
from labeler.papers.merge import merge
from labeler.review.followed import Verdicts, verdicts_in_log
from labeler.studio.connection import known_server, projects_of
from labeler.studio.pull_state import known_project, load_state
from labeler.suggest.audits import Audits, audits_of
from labeler.topics import Mode, Scheme, load_checked_scheme
from labeler.topics.hierarchy import FLAT


@dataclass
class Annotator:
    """The judgements of one annotator, what they made of suggestions, and the median seconds a paper.

    ``changes`` are those to suggestions whose topics the log has. Earlier versions of labeler did not write these
    down: of ``unknown`` changed suggestions nobody can tell how they were changed.
    """

    judged: int = 0
    skipped: int = 0
    unsure: int = 0
    changes: Changes = field(default_factory=Changes)
    unknown: int = 0
    seconds: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        counts = {"judged": self.judged, "skipped": self.skipped, "unsure": self.unsure}
        counts |= {"kept": self.changes.kept, "changed": self.changes.changed + self.unknown}
        return {**counts, "seconds": self.seconds, "suggestions": self.changes.to_dict()}


class Screened(NamedTuple):
    """How many papers are ``included``, as a topic applies to them, and how many are ``excluded``."""

    topic: str
    included: int
    excluded: int


@dataclass
class Status:
    """The state of the loop. Where no server was asked, the figures of the project are None.

    ``server`` is the address of the server, None where none is known, and ``failure`` the reason why it could not be
    asked. ``gone`` is the address of a project that the server no longer has, and ``project_before`` that of one of
    which no server was asked. ``changed`` says that log or topics are not those that the current model was trained
    with, and ``behind`` is the number of labelled papers that it has not learned from and that are not kept apart to
    measure it. It may be ``shipped`` with
    labeler; ``newest`` is then the newest model of one's own. ``unusable`` says why the current model cannot be used.
    ``tied`` are the papers on which annotators disagree, and their votes. ``unreadable`` has a message for each line of
    the log that cannot be read. ``notes`` tell how judgements are read. ``labelling`` is what was labelled so far.
    ``soft_labels`` are the papers that each other model labelled.
    ``screened`` is how many papers are included and excluded, where papers are screened: with one topic, of any number.
    ``verdicts`` are those of adjudicators, and ``review`` is the address of the project in which they settle papers,
    with the number of papers that wait there and of verdicts to pull.
    ``drift`` are the fields that the current model does not know and that became more frequent in what is labelled.
    ``watches`` are those of the settings, and ``heartbeat`` is the last sign of life of a process that watches.
    """

    scheme: Scheme
    server: str | None = None
    failure: LabelerError | None = None
    project: str | None = None
    project_before: str | None = None
    gone: str | None = None
    tasks: int | None = None
    waiting: int | None = None
    to_pull: int | None = None
    judged_papers: int = 0
    judgements: int = 0
    withdrawn: int = 0
    annotators: dict[str, Annotator] = field(default_factory=dict)
    model: str | None = None
    fingerprint: str | None = None
    unusable: str | None = None
    shipped: bool = False
    newest: str | None = None
    model_judged: int = 0
    labelled: int = 0
    screened: Screened | None = None
    behind: int = 0
    changed: bool = False
    ties: int = 0
    tied: list[dict[str, str]] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=Verdicts)
    review: str | None = None
    review_waiting: int | None = None
    review_to_pull: int | None = None
    audits: Audits = field(default_factory=Audits)
    unreadable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    labelling: LabelledSoFar | None = None
    soft_labels: dict[str, int] = field(default_factory=dict)
    drift: list[Risen] = field(default_factory=list)
    watches: list[WatchState] = field(default_factory=list)
    heartbeat: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        apart = ("scheme", "verdicts", "review_waiting", "review_to_pull")
        record = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in apart}
        review = {"project": self.review, "waiting": self.review_waiting, "to_pull": self.review_to_pull}
        return record | {
            "failure": str(self.failure) if self.failure else None,
            "screened": self.screened._asdict() if self.screened else None,
            "review": review | self.verdicts.to_dict(),
            "labelling": self.labelling.to_dict() if self.labelling else None,
            "drift": [one.to_dict() for one in self.drift],
            "watches": [watch.to_dict() for watch in self.watches],
            "annotators": {name: annotator.to_dict() for name, annotator in self.annotators.items()},
            "audits": [audit.to_dict() for audit in self.audits.counted],
            "audits_not_counted": [asdict(audit) for audit in self.audits.uncounted],
        }


def status(workspace: Workspace) -> Status:
    """The state of the loop, from the log and, where one is known, the server.

    A server that is known and cannot be asked is told as the ``failure``, beside what the log says.

    Raises:
        RefusedError: the topic scheme has faults.
        UsageError: the server's address holds a password.
    """
    scheme = load_checked_scheme(workspace.topics)
    reading = read_log(workspace)
    log = reading.judgements
    truth = consensus_labels(log, scheme)
    state, labels = _of_log(reading, truth, scheme), truth.labels
    try:
        _ask_server(workspace, state)
    except (NotFoundError, ServerError) as error:
        state.failure = error
    store = ModelStore(workspace.models)
    try:
        apart = _apart(workspace, state)
        to_learn = [item for item in labels.papers if apart.isdisjoint(item.paper.ids)]
        soft_labels = soft_texts(workspace.judgements.parent, scheme, to_learn, apart).fingerprint
        current = store.find()
        state.drift = drift(workspace, current)
        _note_model(state, store, current, log, to_learn, soft_labels, names_of_people(workspace))
    except LabelerError as error:
        state.unusable = str(error) if store.current() is not None else None
    state.audits = audits_of(store, log, scheme, truth.settled)
    soft = read_soft_labels(workspace.judgements.parent)
    state.soft_labels, state.notes = soft.counts, [*state.notes, *soft.faults]
    state.labelling, faults = labelled_so_far(workspace)
    state.notes += faults
    state.watches, state.heartbeat = watch_states(workspace)
    return state


def _of_log(reading: LogReading, truth: ConsensusLabels, scheme: Scheme) -> Status:
    """What the log says, of which ``truth`` has the labels of papers."""
    judgements, labels = current_judgements(reading.judgements), truth.labels
    return Status(
        scheme,
        judged_papers=len(merge(judgement.as_paper() for judgement in judgements if judgement.status == "judged")),
        judgements=sum(judgement.status != "withdrawn" for judgement in judgements),
        withdrawn=sum(judgement.status == "withdrawn" for judgement in judgements),
        annotators=annotators_of(under_scheme(judgements, scheme), scheme),
        labelled=len(labels.papers),
        screened=_screened(labels, scheme),
        ties=len(labels.ties),
        unreadable=[*reading.faults, *filter(None, [reading.incomplete])],
        tied=[_tied(tie) for tie in labels.ties],
        verdicts=verdicts_in_log(reading.judgements, scheme, truth.settled),
        notes=[*overruled_parent_notes(reading.judgements, scheme), *filter(None, [truth.choice.truth_sentence])],
    )


def _screened(labels: Labels, scheme: Scheme) -> Screened | None:
    """The papers that are included and excluded; None where there is more than one topic to say yes or no to."""
    if not scheme.is_screening or not labels.papers:
        return None
    [topic] = scheme.ids
    return Screened(topic, labels.count(topic), sum(topic in item.no for item in labels.papers))


def _ask_server(workspace: Workspace, state: Status) -> None:
    """Add what the server says, where one is known.

    Raises:
        NotFoundError: there is no key for it.
        UsageError: its address holds a password.
        ServerError: it cannot be asked.
    """
    known = known_project(workspace)
    state.project_before = known.url if known else None
    server = known_server(workspace)
    if server is None:
        return
    state.server = server.url
    project = next(iter(projects_of(workspace, server)), None)
    state.gone, state.project_before = None if project else state.project_before, None
    if project is not None:
        tasks = project.tasks()
        pulled = load_state(workspace, project).total
        state.project, state.tasks = project.url, len(tasks)
        state.waiting = sum(task.open for task in tasks)
        state.to_pull = max(0, sum(task.annotations + task.skipped for task in tasks) - pulled)
    review = next(iter(projects_of(workspace, server, review=True)), None)
    if review is not None:
        tasks = review.tasks()
        state.review, state.review_waiting = review.url, sum(task.open for task in tasks)
        given = sum(task.annotations + task.skipped for task in tasks)
        state.review_to_pull = max(0, given - load_state(workspace, review).total)


def _apart(workspace: Workspace, state: Status) -> frozenset[str]:
    """The identifiers of papers that are kept apart to measure models; a note says where these cannot be read."""
    try:
        return read_evaluation_set(workspace.judgements.parent).identifiers
    except InputError as error:
        state.notes.append(str(error))
        return frozenset()


def _note_model(
    state: Status,
    store: ModelStore,
    current: Version,
    log: Sequence[Judgement],
    labelled: Sequence[JudgedPaper],
    soft_labels: str,
    people: Mapping[str, str],
) -> None:
    """Add what is known of the current model, which should have learned from the ``labelled`` papers.

    ``soft_labels`` is the fingerprint of those of today, ``people`` say which names are one person.
    """
    training = current.manifest.training
    state.model, state.fingerprint, state.shipped = current.label, current.fingerprint, current.shipped
    own = store.versions()
    state.newest = max((other.manifest.created, other.label) for other in own)[1] if own else None
    known = training.state
    learned_from = (known.judgements, known.soft_labels) if known else (None, "")
    today = judgements_digest(log, people), soft_labels
    state.changed = (learned_from, training.scheme) != (today, state.scheme)
    state.model_judged = training.figures.labelled
    state.behind = not_learned(current, labelled)


def _tied(tie: Tie) -> dict[str, str]:
    return {"paper": tie.paper.id, "title": tie.paper.title or tie.paper.abstract, "votes": _votes(tie)}


def _votes(tie: Tie) -> str:
    """The votes of a tie, as in ``llm: yes 1, no 1``."""
    votes = ", ".join(f"{answer} {count}" for answer, count in tie.votes)
    return f"{tie.topic}: {votes}" if tie.topic else votes


def annotators_of(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str, Annotator]:
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
            _count_suggestion(annotator, judgement, scheme)
            if judgement.lead_time is not None:
                seconds[judgement.annotator].append(judgement.lead_time)
    for name, times in seconds.items():
        people[name].seconds = round(sorted(times)[len(times) // 2], 1)
    return {name: people[name] for name in sorted(people, key=lambda name: -people[name].judged)}


def _count_suggestion(annotator: Annotator, judgement: Judgement, scheme: Scheme) -> None:
    """Count what became of the suggestion that a judgement began with, if there was one.

    In a multi-label scheme, a topic that was offered is kept where one below it is chosen: that says yes to it, too.
    """
    suggested = judgement.yes if judgement.prefill == "kept" else judgement.suggested
    says_something = judgement.yes or judgement.offered
    if judgement.prefill != "none" and suggested is not None and says_something:
        above = scheme.hierarchy if scheme.mode == Mode.MULTI else FLAT
        given, chosen = (
            above.with_ancestors(topics).intersection((*topics, *judgement.offered))
            for topics in (suggested, judgement.yes)
        )
        annotator.changes.count(given, chosen)
    elif judgement.prefill != "none":
        annotator.unknown += 1
