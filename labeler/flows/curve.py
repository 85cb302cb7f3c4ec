"""The learning curve of a workspace: what more labels would bring, how many a target needs, whether to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from labeler.config import Workspace
from labeler.errors import InputError, TooFewJudgementsError
from labeler.evaluation.judged import JudgedSet, mostly_picked
from labeler.flows.kept_curve import keep_curve
from labeler.flows.train import fitted_classifier
from labeler.flows.training_input import TrainingInput, judgements_digest, training_input
from labeler.learning_curve.margins import FARTHEST
from labeler.learning_curve.measured import MIN_POSITIVES, Answers, JudgedTexts, LearningCurve, learning_curve
from labeler.learning_curve.projection import CONFIDENCE, Gain, Needed, Projection
from labeler.learning_curve.verdict import enough_sentence, gain_sentence, target_sentence
from labeler.measure.estimates import Estimate
from labeler.topics import Scheme
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.learning_curve.measured import Rows
    from labeler.score.model import TopicModel

FEWEST = 60  # judged papers: of fewer, a curve is chance
SMALL_GAIN = 0.01  # of a figure: less is not worth judging for
_TIMES = (1.5, 2, 4)  # the papers there are, for which the curve is told


class TopicCurve(NamedTuple):
    """The curve of one topic: its ``f1`` with the judged papers there are, and how many the target ``needed``."""

    topic: str
    f1: Estimate
    needed: Needed | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A learning curve carried on, what it says of a ``target`` (None: none was given), and what ``more`` labels add.

    ``said`` are the figures (with 90 % intervals) at numbers of judged papers, first that of those there are.
    ``enough`` of them would have done nearly as well.
    """

    curve: LearningCurve
    projection: Projection
    scheme: Scheme
    said: Sequence[tuple[int, Estimate]]
    gain: Gain
    enough: int
    target: float | None
    needed: Needed | None
    topics: Sequence[TopicCurve]
    notes: Sequence[str]

    @property
    def sentences(self) -> list[str]:
        """What it says, in words."""
        said = [gain_sentence(self.gain), enough_sentence(self.enough, self.curve.papers, SMALL_GAIN)]
        if self.target is not None and self.needed is not None:
            said.append(target_sentence(self.target, self.needed, self.curve.papers))
        return said

    def to_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        measured = zip(self.curve.sizes.tolist(), self.curve.figures[0].tolist(), strict=True)
        return {
            "figure": "macro_f1",
            "papers": self.curve.papers,
            "measured": [{"papers": round(size), "value": round(figure, 4)} for size, figure in measured],
            "projected": [{"papers": papers} | figure.to_dict() for papers, figure in self.said],
            "gain": {"more": self.gain.more} | self.gain.figure.to_dict(),
            "stop": {
                "less_than": self.gain.least,
                "probability": round(self.gain.below, 3),
                "stop": self.gain.is_small,
            },
            "enough": {"papers": self.enough, "within": SMALL_GAIN},
            "target": self.target,
            "needed": self.needed._asdict() if self.needed else None,
            "topics": [
                {"topic": one.topic, "f1": one.f1.to_dict(), "needed": one.needed._asdict() if one.needed else None}
                for one in self.topics
            ],
            "confidence": CONFIDENCE,
            "sentences": self.sentences,
            "notes": list(self.notes),
        }


def curve(
    workspace: Workspace,
    target: float | None = None,
    more: int = 100,
    unlabeled: Sequence[str] = (),
    say: Callable[[str], None] = lambda _: None,
) -> Curve:
    """The learning curve of the judged papers of a workspace, which is kept for the report; no version is made.

    Models are trained as `labeler train` trains them, on nested subsets. ``more`` labels are those of which it is asked
    whether they are worth the work.

    Raises:
        RefusedError: the topic scheme has faults.
        InputError: too few papers are judged, or an input is unreadable.
    """
    data, notes = training_input(workspace, unlabeled, None, "")
    if len(data.labels.papers) < FEWEST:
        raise InputError(
            f"a learning curve needs {FEWEST} judged papers to learn from; there are {len(data.labels.papers)}",
            "judge more papers",
        )
    judged = JudgedSet.of_papers(data.labels.papers, data.scheme)
    texts = JudgedTexts([paper.text for paper in judged.papers], judged.topics, judged.truth)
    found = learning_curve(texts, lambda rows, asked: _answers(data, judged, rows, asked), say)
    if not (judged.truth == 1).sum(axis=0).max(initial=0) >= MIN_POSITIVES:
        raise InputError(f"no topic has {MIN_POSITIVES} judged papers, so that a curve would be chance", "judge more")
    projection = found.projection()
    sizes = [found.papers, found.papers + more, *(round(times * found.papers) for times in _TIMES)]
    outcome = Curve(
        curve=found,
        projection=projection,
        scheme=data.scheme,
        said=[(size, projection.at(size)) for size in sorted(set(sizes))],
        gain=projection.gain(more, SMALL_GAIN),
        enough=projection.enough(SMALL_GAIN),
        target=target,
        needed=None if target is None else projection.needed(target),
        topics=_topic_curves(found, target),
        notes=[*notes, *_notes(found, data, judged)],
    )
    unkept = keep_curve(workspace, outcome.to_dict(), judgements_digest(data.judgements, data.people), data.forgotten)
    return replace(outcome, notes=[*outcome.notes, *unkept])


def model_of(data: TrainingInput, rows: Rows) -> TopicModel:
    """A model of some of the judged papers, as `labeler train` makes it.

    Raises:
        InputError: nothing can be learned from them.
    """
    classifier, _ = fitted_classifier([data.labels.papers[row] for row in rows], data)
    return classifier.model_.under(data.scheme)


def _answers(data: TrainingInput, judged: JudgedSet, rows: Rows, asked: Rows) -> Answers:
    """What a model of some of the judged papers says of others.

    Where these few have one answer, from which no model is learned, it is that answer.

    Raises:
        InputError: all papers but those that are asked for have one answer.
    """
    import numpy as np

    try:
        return answers_of(model_of(data, rows), judged.topics, [judged.papers[row].text for row in asked])
    except TooFewJudgementsError:
        if len(rows) + len(asked) == len(judged.papers):
            raise
        given = np.tile((judged.truth[rows] == 1).all(axis=0), (len(asked), 1))
        return Answers(given, np.where(given, FARTHEST, -FARTHEST))


def answers_of(model: TopicModel, topics: Sequence[str], texts: Sequence[str]) -> Answers:
    """What a model says of texts, for ``topics``."""
    import numpy as np

    answers = Answers(np.zeros((len(texts), len(topics)), bool), np.full((len(texts), len(topics)), -FARTHEST))
    probabilities = model.linear.probabilities(texts)
    columns = {topic: column for column, topic in enumerate(model.topics)}
    known = [position for position, topic in enumerate(topics) if topic in columns]
    own = [columns[topics[position]] for position in known]
    answers.given[:, known] = model.rule.assigned(probabilities)[:, own]
    answers.margins[:, known] = model.rule.margins(probabilities)[:, own]
    return answers


def _topic_curves(found: LearningCurve, target: float | None) -> list[TopicCurve]:
    """The topics by their F1, the lowest first."""
    rows = []
    for topic in found.topics:
        projection = found.topic_projection(topic)
        needed = None if target is None else projection.needed(target)
        rows.append(TopicCurve(topic, projection.at(found.papers), needed))
    return sorted(rows, key=lambda one: one.f1.value)


def _notes(found: LearningCurve, data: TrainingInput, judged: JudgedSet) -> list[str]:
    """What the curve leaves out, and what it takes for granted."""
    notes = []
    left_out = len(judged.topics) - len(found.topics)
    if left_out:
        notes.append(
            f"{counted(left_out, 'topic')} with fewer than {MIN_POSITIVES} judged papers "
            f"{'does' if left_out == 1 else 'do'} not count: F1 of so few is chance"
        )
    if mostly_picked(data.judgements):
        notes.append(
            "most papers were picked by a strategy: the curve is that of papers like these, learned from in any order"
        )
    if data.evaluation_set.papers:
        notes.append("the papers of the evaluation set are left out")
    return notes
