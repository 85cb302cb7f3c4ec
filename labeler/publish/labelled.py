"""A paper with what a model says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from labeler.papers import Paper
    from labeler.score.model import TopicModel

_AT_ONCE = 256


class LabelledPaper(NamedTuple):
    """``topics``: (topic id, probability, words behind it), best first; ``scores``: topic id → probability, all.

    ``reason`` says why the ``decision`` is not ``auto`` (see :class:`labeler.Decision`).
    """

    paper: Paper
    topics: tuple[tuple[str, float, tuple[str, ...]], ...]
    scores: Mapping[str, float]
    decision: str
    model: str
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON lines have it, with probabilities to four decimals."""
        return {
            **self.paper.to_dict(),
            "topics": [
                {"topic": topic, "probability": round(probability, 4), "because": list(words)}
                for topic, probability, words in self.topics
            ],
            "scores": {topic: round(probability, 4) for topic, probability in self.scores.items()},
            "decision": self.decision,
            "reason": self.reason or None,
            "model": self.model,
        }


def labelled_papers(
    papers: Iterable[Paper], model: TopicModel, version: str, precision: float
) -> Iterator[LabelledPaper]:
    """The papers with what ``model``, which is called ``version``, says of them, in their order."""
    waiting = iter(papers)
    while some := list(islice(waiting, _AT_ONCE)):
        labels = model.label([paper.text for paper in some], precision)
        for paper, (decision, because) in zip(some, labels, strict=True):
            topics = tuple((topic, decision.scores[topic], tuple(because[topic])) for topic in decision.topics)
            yield LabelledPaper(paper, topics, decision.scores, decision.decision, version, decision.reason)
