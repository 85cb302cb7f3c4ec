"""What a model says of papers that a person is to judge: suggestions, how sure it is, and words for the annotator."""

from __future__ import annotations

import math
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

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

_LIKELY = 0.05  # a topic less probable is not worth a word
_SURE = 2.0  # distance of log-odds from a threshold beyond which nobody would call it a doubt
_FEW = 10  # judged papers of a topic, below which it is said that they are few


@dataclass(frozen=True, slots=True)
class Adviser:
    """The model that suggests topics and is asked what it is unsure of, or why there is none."""

    version: Version | None
    model: TopicModel | None
    reason: str = ""
    note: str = ""

    @property
    def label(self) -> str | None:
        """``name@version``, None where no model advises."""
        return self.version.label if self.version else None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a model says of one paper: its topics among those offered, how sure it is (0 to 1), and two sentences.

    ``none`` says that surely none of them applies. ``suggested`` tells the topics and the words behind them; ``doubt``
    tells what a person's answer would settle.
    """

    topics: tuple[str, ...]
    none: bool
    certainty: float
    suggested: str
    doubt: str

    def prediction(self, score: float, model_version: str) -> dict[str, Any]:
        """The pre-annotation: topics, or "None of these" where that is sure; else nothing but its place in the queue.

        An annotator who finds a box ticked tends to leave it so.
        """
        if not (self.topics or self.none):
            return blind(score, model_version)
        return prediction(self.topics, score, model_version)


def adviser_of(workspace: Workspace, scheme: Scheme, model_label: str | None) -> Adviser:
    """The model that is named, else the current one, where it fits the scheme.

    Raises:
        NotFoundError: the model that is named is not there.
        RefusedError: it is damaged.
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
    if set(scheme.offered).isdisjoint(model.linear.topics):
        note = f"{version.label} knows none of the topics of the scheme: no suggestions"
        return Adviser(None, None, "new paper", note)
    return Adviser(version, model)


def advice(papers: Sequence[Paper], scheme: Scheme, adviser: Adviser) -> list[Advice | None]:
    """What the model says of each paper; None for all where there is no model."""
    model, version = adviser.model, adviser.version
    if model is None or version is None:
        return [None for _ in papers]
    from labeler.score.decision import NONE

    counts = dict(zip(model.linear.topics, (model.held_out[1] == 1).sum(axis=0).tolist(), strict=True))
    thresholds = dict(zip(model.linear.topics, model.thresholds.tolist(), strict=True))
    told: list[Advice | None] = []
    for decision, because in model.label([paper.text for paper in papers], version.precision):
        scores = {topic: decision.scores[topic] for topic in scheme.offered if topic in decision.scores}
        topics = tuple(topic for topic in decision.topics if topic in scores)
        told.append(
            Advice(
                topics,
                decision.decision == NONE and not topics,
                certainty(list(decision.scores.values()), model.mode),
                _suggested(topics, scores, because, scheme),
                _doubt(scores, counts, thresholds, scheme, version.label),
            )
        )
    return told


def _suggested(
    topics: Sequence[str], scores: Mapping[str, float], because: Mapping[str, list[str]], scheme: Scheme
) -> str:
    if not topics:
        return "the model finds no topic"
    named = ", ".join(f"{scheme.name(topic)} ({scores[topic]:.2f})" for topic in topics)
    words = ", ".join(dict.fromkeys(word for topic in topics[:2] for word in because[topic][:3]))
    return f"the model suggests {named}" + (f", going by: {words}" if words else "")


def _doubt(
    scores: Mapping[str, float],
    counts: Mapping[str, int],
    thresholds: Mapping[str, float],
    scheme: Scheme,
    model: str,
) -> str:
    """What the model does not know of a paper: whether it is of a topic with few papers, or which of two it is."""
    ranked = sorted(scores, key=lambda topic: -scores[topic])
    if not ranked or not any(scores.values()):
        return f"{model} knows nothing of it"
    if counts[ranked[0]] < _FEW:
        few = counts[ranked[0]]
        return f"perhaps {scheme.name(ranked[0])}, of which {model} has learned {few} paper{'s' * (few != 1)}"
    if scheme.mode == Mode.SINGLE and len(ranked) > 1:
        first, second = ranked[:2]
        return (
            f"{model} wavers between {scheme.name(first)} ({scores[first]:.2f}) and "
            f"{scheme.name(second)} ({scores[second]:.2f})"
        )
    likely = [topic for topic in ranked if scores[topic] >= _LIKELY]
    if not likely:
        return f"{model} finds no topic"
    away = {topic: abs(_odds(scores[topic]) - _odds(thresholds[topic])) for topic in likely}
    nearest = min(away, key=lambda topic: away[topic])
    if away[nearest] > _SURE:
        return f"it is unlike the others; {model} takes it for {scheme.name(ranked[0])} ({scores[ranked[0]]:.2f})"
    return f"{model} is unsure of {scheme.name(nearest)} ({scores[nearest]:.2f})"


def _odds(probability: float) -> float:
    """The logarithm of the odds; bounded."""
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def certainty(probabilities: list[float], mode: Mode) -> float:
    """How sure a model is of a paper, 0 to 1: the topic that is nearest to undecided counts.

    Multi-label: twice the distance from one half of the least sure topic. Single-label: the distance between the two
    most probable answers, "none of these" among them.
    """
    if mode == Mode.MULTI:
        return min((abs(2 * probability - 1) for probability in probabilities), default=0.0)
    best = sorted([*probabilities, max(0.0, 1 - sum(probabilities))], reverse=True)
    return best[0] - best[1]
