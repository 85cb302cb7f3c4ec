"""The advice of a model on papers to be judged: suggested topics, an expected rank, and sentences for the annotator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labeler.config import Workspace
from labeler.errors import NotFoundError
from labeler.modelstore import ModelStore, Version
from labeler.papers import Paper
from labeler.score.persistence import load_model
from labeler.studio.tasks import blind, prediction
from labeler.topics import Mode, Scheme
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

_MIN_PROBABILITY = 0.05  # of a topic that a doubt may be about
_MAX_DISTANCE = 2.0  # in log-odds from the threshold: a topic further away is not in doubt
_FEW_PAPERS = 10  # a topic with fewer judged papers is said to have few


@dataclass(frozen=True, slots=True)
class Adviser:
    """The model that advises, or the ``reason`` why there is none.

    ``note`` explains to the person at the command line why a model cannot advise.
    """

    version: Version | None
    model: TopicModel | None
    reason: str = ""
    note: str = ""

    @property
    def label(self) -> str | None:
        """``name@version`` of the model, None where there is none."""
        return self.version.label if self.version else None

    @property
    def fingerprint(self) -> str | None:
        """What tells the model from others of that label, None where there is none."""
        return self.version.fingerprint if self.version else None

    def behind(self, judged: Sequence[Paper]) -> str:
        """A note where the model has learned from less than half of the judged papers; empty otherwise."""
        if self.model is None or self.model.learned is None:
            return ""
        unknown = sum(not self.model.has_learned_from(paper.ids) for paper in judged)
        if 2 * unknown <= len(judged):
            return ""
        papers = f"{unknown} of {counted(len(judged), 'judged paper')}"
        return f"{self.label} has not learned from {papers}: `labeler train` first makes better suggestions"


@dataclass(frozen=True, slots=True)
class Advice:
    """The advice on one paper: topics, an expected rank, and two sentences for the annotator.

    ``topics`` are the assigned ones among those that the scheme offers. ``none`` says that surely none of the topics
    applies. ``rank`` is the expected rank in a queue, from 0 to 1 (:mod:`labeler.score.uncertainty`). ``suggested``
    names the topics and the words behind them, ``doubt`` what a person's judgement would settle.
    """

    topics: tuple[str, ...]
    none: bool
    rank: float
    suggested: str
    doubt: str

    def prediction(self, rank: float, model_version: str) -> dict[str, Any]:
        """The pre-annotation: the topics, or "None of these" where that is sure, and the rank as its score.

        Without either it has the rank alone: an annotator who finds a box ticked tends to leave it so. ``rank`` is that
        in the queue, from 0 (first) to 1.
        """
        if not (self.topics or self.none):
            return blind(rank, model_version)
        return prediction(self.topics, rank, model_version)


def adviser_of(workspace: Workspace, scheme: Scheme, model_label: str | None) -> Adviser:
    """The model of a label, or the current one, if it fits the scheme.

    Raises:
        NotFoundError: there is no model of that label.
        RefusedError: the model is damaged.
    """
    try:
        version = ModelStore(workspace.models).find(model_label)
    except NotFoundError:
        if model_label is not None:
            raise
        return Adviser(None, None, "new paper, no model yet")
    model = load_model(version.folder)
    if model.mode != scheme.mode:
        note = f"{version.label} is a {model.mode}-label model, the scheme is {scheme.mode}-label: no suggestions"
        return Adviser(None, None, "new paper", note)
    model = model.under(scheme)
    if not model.topics:
        note = f"{version.label} knows none of the topics of the scheme: no suggestions"
        return Adviser(None, None, "new paper", note)
    return Adviser(version, model)


def advice(papers: Sequence[Paper], scheme: Scheme, adviser: Adviser) -> list[Advice | None]:
    """The advice on each paper; None for all where there is no model."""
    model, version = adviser.model, adviser.version
    if model is None or version is None:
        return [None for _ in papers]
    from labeler.score.decision import NONE
    from labeler.score.uncertainty import expected_ranks

    texts = [paper.text for paper in papers]
    doubts = _Doubts(scheme, version.label, model)
    records: list[Advice | None] = []
    ranks = expected_ranks(model, model.linear.probabilities(texts)).tolist()
    for (decision, because), rank in zip(model.label(texts, version.precision), ranks, strict=True):
        scores = {topic: decision.scores[topic] for topic in scheme.offered if topic in decision.scores}
        topics = tuple(topic for topic in decision.topics if topic in scores)
        none = decision.decision == NONE and not topics
        sentences = _suggested(topics, scores, because, scheme), doubts.sentence(scores)
        records.append(Advice(topics, none, rank, *sentences))
    return records


def _suggested(
    topics: Sequence[str], scores: Mapping[str, float], because: Mapping[str, list[str]], scheme: Scheme
) -> str:
    if not topics:
        return "the model finds no topic"
    named = ", ".join(f"{scheme.name(topic)} ({scores[topic]:.2f})" for topic in topics)
    words = ", ".join(dict.fromkeys(word for topic in topics[:2] for word in because[topic][:3]))
    return f"the model suggests {named}" + (f", going by: {words}" if words else "")


class _Doubts:
    """The doubts of a model about papers, in words for the annotator.

    A doubt names a likely topic with few judged papers, the two topics that compete, or the topic nearest to its
    threshold. Where the model has none, the answer checks what it is sure of.
    """

    def __init__(self, scheme: Scheme, label: str, model: TopicModel) -> None:
        self._scheme, self._label = scheme, label
        self._counts = dict(zip(model.topics, model.examples.tolist(), strict=True))
        self._thresholds = dict(zip(model.topics, model.given_thresholds.tolist(), strict=True))

    def sentence(self, scores: Mapping[str, float]) -> str:
        """Return what the model is unsure of in a paper, or that it finds no topic, as a clause for the annotator.

        ``scores`` are the probabilities of the topics on offer.
        """
        from labeler.score.uncertainty import log_odds

        ranked = sorted(scores, key=lambda topic: -scores[topic])
        if not ranked or not any(scores.values()):
            return f"{self._label} cannot tell yet"
        first, label = ranked[0], self._label
        if scores[first] < _MIN_PROBABILITY:
            return f"{label} finds no topic"
        if self._counts[first] < _FEW_PAPERS:
            return f"perhaps {self._named(first, scores)}{self._few(first)}"
        sure = f"to check: {label} is sure of {self._named(first, scores)}"
        if self._scheme.mode == Mode.SINGLE and len(ranked) > 1:
            is_sure = log_odds(scores[first]) > _MAX_DISTANCE
            both = f"{self._named(first, scores)} and {self._named(ranked[1], scores)}"
            return sure if is_sure else f"{label} wavers between {both}"
        likely = [topic for topic in ranked if scores[topic] >= _MIN_PROBABILITY]
        distances = {topic: float(abs(log_odds(scores[topic]) - log_odds(self._thresholds[topic]))) for topic in likely}
        nearest = min(distances, key=lambda topic: distances[topic])
        if distances[nearest] <= _MAX_DISTANCE:
            return f"{label} is unsure of {self._named(nearest, scores)}"
        return sure if scores[first] >= self._thresholds[first] else f"{label} finds no topic"

    def _named(self, topic: str, scores: Mapping[str, float]) -> str:
        """The name of a topic, with its probability."""
        return f"{self._scheme.name(topic)} ({scores[topic]:.2f})"

    def _few(self, topic: str) -> str:
        """What there is to say of a topic that a model has seen few papers of."""
        count = self._counts[topic]
        if not any(self._counts.values()):
            return f"; {self._label} knows the topics by their names and definitions alone"
        if not count:
            return f"; {self._label} has no example of this topic yet"
        return f"; {self._label} has only {count} {'example' if count == 1 else 'examples'} of this topic"
