"""How agreement on a topic moved since its definition changed.

The log does not hold what topics were called and how they were defined when people judged. Models keep the topic scheme
that they were trained under: where two of them, one after the other, have another name or definition of a topic, it
changed between these trainings. What was judged in between counts on neither side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from labeler.annotators.agreement import TopicAgreement, topics_of
from labeler.annotators.of_log import ratings_of_log
from labeler.annotators.resamples import Resamples
from labeler.judgements.judgement import Judgement
from labeler.topics import Scheme


class Known(NamedTuple):
    """The scheme that a model was trained under, the model's label, and when (ISO 8601)."""

    at: str
    label: str
    scheme: Scheme


class Redefined(NamedTuple):
    """The agreement on a ``topic`` up to the model ``last``, which was trained under its former definition, and since
    the model ``first``, the first under the one of today. None where no two people judged it then.
    """

    topic: str
    last: Known
    first: Known
    before: TopicAgreement | None
    after: TopicAgreement | None

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        models = {"until": self.last.at, "last": self.last.label, "since": self.first.at, "first": self.first.label}
        sides = {name: side and side.to_dict() for name, side in (("before", self.before), ("after", self.after))}
        return {"topic": self.topic, **models, **sides}


def redefined_topics(judgements: Sequence[Judgement], scheme: Scheme, known: Sequence[Known]) -> list[Redefined]:
    """The topics of ``scheme`` whose latest change lies between two of the ``known`` schemes, in its order."""
    ordered = sorted(known, key=lambda one: (one.at, one.label))
    topics_at: dict[tuple[Known, Known], list[str]] = defaultdict(list)
    for topic in scheme.ids:
        change = _latest_change(topic, ordered)
        if change is not None:
            topics_at[change].append(topic)
    found = []
    for (last, first), topics in topics_at.items():
        before = _agreement([one for one in judgements if one.moment < last.at.removesuffix("Z")], scheme)
        after = _agreement([one for one in judgements if one.moment >= first.at.removesuffix("Z")], scheme)
        found += [Redefined(one, last, first, before.get(one), after.get(one)) for one in topics]
    return sorted(found, key=lambda one: scheme.ids.index(one.topic))


def changed_since(scheme: Scheme, latest: Scheme) -> list[str]:
    """The topics whose name or definition is another one in ``scheme`` than in the ``latest`` that a model knows."""
    return [one for one in scheme.ids if one in latest.ids and _definition(scheme, one) != _definition(latest, one)]


def _latest_change(topic: str, ordered: Sequence[Known]) -> tuple[Known, Known] | None:
    """The two models, one after the other among those with the topic, between which its definition changed last."""
    having = [one for one in ordered if topic in one.scheme.ids]
    pairs = reversed(list(pairwise(having)))
    return next((pair for pair in pairs if len({_definition(one.scheme, topic) for one in pair}) > 1), None)


def _definition(scheme: Scheme, topic: str) -> tuple[str, str]:
    found = next(one for one in scheme.topics if one.id == topic)
    return found.name, found.definition


def _agreement(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str, TopicAgreement]:
    """The agreement on each topic that two people answered for a paper."""
    ratings = ratings_of_log(judgements, scheme)
    if not ratings.ids:
        return {}
    return {one.topic: one for one in topics_of(ratings, Resamples.of(ratings.groups)) if one.papers}
