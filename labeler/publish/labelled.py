"""A paper with what a model says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from math import isnan, nan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from labeler.judgements.verdicts import Verdicts
    from labeler.papers import Paper
    from labeler.score.model import TopicModel

_AT_ONCE = 256


class LabelledPaper(NamedTuple):
    """``topics``: (topic id, probability, words behind it), best first; ``scores``: topic id → probability, all.

    ``reason`` says why the ``decision`` is not ``auto`` (see :class:`labeler.Decision`). ``by`` names the annotators
    for each topic that people gave. Of those, the probability is the model's; NaN where it does not know the topic.
    ``precisions``, ``torn``, ``topic_set`` and ``also`` are those of the model's decision. ``since`` is the day (ISO
    8601) on which the paper was labelled first, as far as the workspace knows; ``task`` is the address of its Label
    Studio task.
    """

    paper: Paper
    topics: tuple[tuple[str, float, tuple[str, ...]], ...]
    scores: Mapping[str, float]
    decision: str
    model: str
    reason: str = ""
    by: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    precisions: Mapping[str, float] = MappingProxyType({})
    torn: tuple[str | None, ...] = ()
    topic_set: tuple[str | None, ...] | None = None
    since: str | None = None
    task: str | None = None
    also: tuple[tuple[str, float], ...] | None = None

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids of its topics, and of those that it is likely listed under beside them."""
        return (*(topic for topic, _, _ in self.topics), *(topic for topic, _ in self.also or ()))

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON lines have it, with probabilities to four decimals."""
        return {
            **self.paper.to_dict(),
            "topics": [
                {"topic": topic, "probability": _rounded(probability), "because": list(words)}
                | ({"precision": round(self.precisions[topic], 3)} if topic in self.precisions else {})
                | ({"by": list(self.by[topic])} if topic in self.by else {})
                for topic, probability, words in self.topics
            ],
            "scores": {topic: round(probability, 4) for topic, probability in self.scores.items()},
            "decision": self.decision,
            "reason": self.reason or None,
            "model": self.model,
            "torn": list(self.torn),
            **({"set": list(self.topic_set)} if self.topic_set is not None else {}),
            **({} if self.also is None else {"also": _also(self.also)}),
        }


def labelled_papers(
    papers: Iterable[Paper],
    model: TopicModel,
    version: str,
    precision: float,
    verdicts: Verdicts | None = None,
    set_error: float | None = None,
) -> Iterator[LabelledPaper]:
    """The papers with what ``model``, which is called ``version``, says of them, in their order.

    Papers with one of the ``verdicts`` of people have the topics of these. ``set_error`` is as in
    :meth:`TopicModel.label`.
    """
    waiting = iter(papers)
    while some := list(islice(waiting, _AT_ONCE)):
        judged = verdicts.of(some) if verdicts else [None] * len(some)
        given = {position: verdict.yes for position, verdict in enumerate(judged) if verdict}
        labels = model.label([paper.text for paper in some], precision, given, set_error)
        for paper, (decision, because), verdict in zip(some, labels, judged, strict=True):
            topics, kind, reason, by = decision.topics, decision.decision, decision.reason, {}
            if verdict is not None:
                from labeler.publish.judged import with_verdict

                topics, kind, reason = with_verdict(topics, kind, reason, verdict)
                by = {topic: verdict.yes[topic] for topic in topics if topic in verdict.yes}
            found = [(topic, decision.scores.get(topic, nan), tuple(because.get(topic, ()))) for topic in topics]
            found.sort(key=lambda entry: -entry[1] if entry[1] == entry[1] else 1.0)
            precisions = {} if verdict is not None else decision.precisions
            torn = decision.torn if reason == decision.reason else ()
            yield LabelledPaper(
                paper=paper,
                topics=tuple(found),
                scores=decision.scores,
                decision=kind,
                model=version,
                reason=reason,
                by=by,
                precisions=precisions,
                torn=torn,
                topic_set=decision.topic_set,
                also=() if decision.also and verdict is not None else decision.also,
            )


def _also(also: Iterable[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"topic": topic, "probability": _rounded(likely)} for topic, likely in also]


def _rounded(probability: float) -> float | None:
    return None if isnan(probability) else round(probability, 4)
