"""Papers on their way to annotators: task files for Label Studio, with what the model suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.errors import NotFoundError
from labeler.files import canonical_json, sha256
from labeler.flows.background import background_of
from labeler.judgements import JudgementLog
from labeler.modelstore import ModelStore, Version, load_model
from labeler.papers import Merger, Paper
from labeler.studio.tasks import prediction, task
from labeler.topics import Scheme, sound_scheme

if TYPE_CHECKING:
    from labeler.score.model import TopicModel


@dataclass(frozen=True, slots=True)
class Asked:
    """Tasks to import into Label Studio, and how they came about.

    ``strategy`` chose them where not all were wanted, and ``left`` papers were not chosen.
    """

    tasks: list[dict[str, Any]]
    judged_before: int
    model: str | None
    note: str = ""
    strategy: str | None = None
    left: int = 0


def tasks_for(
    workspace: Workspace,
    inputs: Sequence[str],
    format_name: str | None,
    model_label: str | None,
    again: bool,
    count: int | None = None,
    strategy: str = "mix",
) -> Asked:
    """A task for each paper that nobody has judged yet (``again``: for each paper).

    With a model, tasks carry its suggestion, and those it is least sure of come first. With a ``count`` the papers are
    those that a strategy of :func:`labeler.choose` finds most useful, in its order.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
        NotFoundError: the model that is named is not there.
        RefusedError: the topic scheme has faults.
    """
    scheme = sound_scheme(workspace.topics)
    reading = read_inputs(inputs, format_name)
    papers = reading.papers if again else _unjudged(workspace, reading.papers)
    adviser = _adviser(workspace, scheme, model_label)
    judged, left, asked = len(reading.papers) - len(papers), 0, None
    if count is not None:
        chosen = _chosen(workspace, papers, adviser, count, strategy)
        left, papers = len(papers) - len(chosen), chosen
        asked = {"strategy": strategy, "batch": _batch(papers), "audit": False}
    tasks = [
        task(paper, scheme.offered, reason, suggestion, asked)
        for paper, (suggestion, reason) in zip(papers, _suggestions(papers, scheme, adviser), strict=True)
    ]
    if count is None:
        tasks.sort(key=lambda entry: entry["predictions"][0]["score"] if entry["predictions"] else 0.0)
    label = adviser.version.label if adviser.version else None
    return Asked(tasks, judged, label, adviser.note, strategy if count is not None else None, left)


@dataclass(frozen=True, slots=True)
class _Adviser:
    """The model that suggests topics and is asked what it is unsure of, or why there is none."""

    version: Version | None
    model: TopicModel | None
    reason: str = ""
    note: str = ""


def _adviser(workspace: Workspace, scheme: Scheme, model_label: str | None) -> _Adviser:
    try:
        version = ModelStore(workspace.models).find(model_label)
    except NotFoundError:
        if model_label is not None:
            raise
        return _Adviser(None, None, "new paper, no model yet")
    model = load_model(version.folder)
    if model.mode != scheme.mode:
        note = f"{version.label} is a {model.mode}-label model, the scheme is {scheme.mode}-label: no suggestions"
        return _Adviser(None, None, "new paper", note)
    if set(scheme.offered).isdisjoint(model.linear.topics):
        note = f"{version.label} knows none of the topics of the scheme: no suggestions"
        return _Adviser(None, None, "new paper", note)
    return _Adviser(version, model)


def _unjudged(workspace: Workspace, papers: list[Paper]) -> list[Paper]:
    merger = Merger()
    judged = [merger.add(judgement.as_paper()) for judgement in JudgementLog(workspace.judgements).read().judgements]
    positions = [(merger.add(paper), paper) for paper in papers]
    known = {merger.find(position) for position in judged}
    return [paper for position, paper in positions if merger.find(position) not in known]


def _chosen(workspace: Workspace, papers: list[Paper], adviser: _Adviser, count: int, strategy: str) -> list[Paper]:
    from labeler.choose.pick import choose

    background = background_of(workspace)
    return [papers[position] for position in choose(adviser.model, papers, count, strategy, background=background)]


def _batch(papers: list[Paper]) -> str:
    """A name for these papers, asked together: the same papers have the same one."""
    return sha256(canonical_json(sorted(paper.id for paper in papers)).encode("utf-8", "replace"))[:12]


def _suggestions(papers: list[Paper], scheme: Scheme, adviser: _Adviser) -> list[tuple[dict[str, Any] | None, str]]:
    """For each paper the pre-annotation, if there is one, and what the annotator reads above it."""
    model, version = adviser.model, adviser.version
    if model is None or version is None:
        return [(None, adviser.reason) for _ in papers]
    offered = set(scheme.offered)
    told: list[tuple[dict[str, Any] | None, str]] = []
    for decision, because in model.label([paper.text for paper in papers], version.precision):
        topics = [topic for topic in decision.topics if topic in offered]
        score = certainty(list(decision.scores.values()), model.mode)
        told.append((prediction(topics, score, version.label), _reason(topics, decision.scores, because, scheme)))
    return told


def _reason(topics: list[str], scores: Mapping[str, float], because: Mapping[str, list[str]], scheme: Scheme) -> str:
    """What the annotator reads above a suggestion."""
    if not topics:
        return "the model finds no topic"
    named = ", ".join(f"{scheme.name(topic)} ({scores[topic]:.2f})" for topic in topics)
    words = ", ".join(dict.fromkeys(word for topic in topics[:2] for word in because[topic][:3]))
    return f"the model suggests {named}" + (f", going by: {words}" if words else "")


def certainty(probabilities: list[float], mode: str) -> float:
    """How sure a model is of a paper, 0 to 1: the topic that is nearest to undecided counts.

    Multi-label: twice the distance from one half of the least sure topic. Single-label: the distance between the two
    most probable answers, "none of these" among them.
    """
    if mode == "multi":
        return min((abs(2 * probability - 1) for probability in probabilities), default=0.0)
    best = sorted([*probabilities, max(0.0, 1 - sum(probabilities))], reverse=True)
    return best[0] - best[1]
