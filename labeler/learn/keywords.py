"""Keywords of topics as weak evidence, which judged papers overrule.

The keywords of a topic are a document of their own, which counts as papers judged to be of it: beside a definition it
told more than as a part of that. Words that papers of a topic do not hold are a document that is of any other topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.space import Points, Space, stacked
from labeler.features.terms import SEPARATOR
from labeler.features.tfidf import Tfidf
from labeler.learn.definitions import definition_points
from labeler.learn.parents import answers_of

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Keywords = Mapping[str, Sequence[str]]
# Of a topic's keywords, in judged papers. On the development split of 24 topics, with five keywords a topic that were
# written from names alone, macro-F1 at no label was .651 without them, .700, .706 and .708 with 4, 8 and 16, and .687
# where they were a part of the definition; at 100 labels .687, .704, .706, .707 and .696. With another topic's at
# four of the topics it was .003 lower at 100 labels than without any at these, and not lower at 250.
_WEIGHT = 16.0
# Of words that speak against a topic. On the same split 1, 4 and 16 gave .708, .709 and .705 at no label, .692, .691
# and .693 at 25; where they were the keywords of the topic itself, 4 took .005 and .002.
_NOT_WEIGHT = 4.0


class TopicKeywords(NamedTuple):
    """By topic the keywords that its papers hold (``yes``), and those that they do not hold (``no``)."""

    yes: Keywords
    no: Keywords


NO_KEYWORDS = TopicKeywords(MappingProxyType({}), MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class KeywordPoints:
    """The keywords of topics as ``points``, with the column (n_points,) of each; ``denied`` ones speak against it.

    ``below`` (n_topics, n_topics) says which topics are below others where a paper has any number of them
    (:func:`labeler.learn.parents.topics_below`), None elsewhere.
    """

    points: Points
    columns: Indices
    denied: npt.NDArray[np.bool_]
    below: Floats | None = None

    def examples(self, answers: Floats, rows: Indices) -> tuple[Floats, Floats]:  # noqa: ARG002  # judged papers outweigh
        """The answers (n_points, n_columns) and weights (n_points, 1) of keywords.

        Of denied ones all topics are unknown but the topic and those below it.
        """
        below = np.zeros((answers.shape[1],) * 2) if self.below is None else self.below
        of_topic = answers_of(self.columns, below)
        against = np.where((np.eye(len(below)) + below)[self.columns] == 1, 0.0, np.nan)
        weights = np.where(self.denied, _NOT_WEIGHT, _WEIGHT)
        return np.where(self.denied[:, None], against, of_topic), weights[:, None]


def keyword_points(
    keywords: TopicKeywords, topics: Sequence[str], tfidf: Tfidf, space: Space, below: Floats | None = None
) -> KeywordPoints:
    """The points of keywords with words of the vocabulary; ``topics`` are the columns, ``below`` as in the result."""
    parts = [definition_points(_texts(given), topics, tfidf, space) for given in keywords]
    columns = np.array([column for _, some in parts for column in some], dtype=np.intp)
    denied = np.repeat([False, True], [len(some) for _, some in parts])
    return KeywordPoints(stacked([points for points, _ in parts]), columns, denied, below)


def defined_points(
    definitions: Mapping[str, str], keywords: TopicKeywords, topics: Sequence[str], tfidf: Tfidf, space: Space
) -> tuple[Points, list[int]]:
    """As :func:`~labeler.learn.definitions.definition_points`; keywords define a topic that nothing else defines."""
    points, columns = definition_points(definitions, topics, tfidf, space)
    undefined = [topic for column, topic in enumerate(topics) if column not in columns]
    more, others = definition_points(_texts(keywords.yes), undefined, tfidf, space)
    return stacked([points, more]), columns + [topics.index(undefined[column]) for column in others]


def _texts(keywords: Keywords) -> dict[str, str]:
    """The keywords of each topic as a text, in which no pair of words reaches from one into the next.

    Raises:
        ValueError: the keywords of a topic are one text, and no list of texts.
    """
    between = f" {SEPARATOR} "
    if one := next((some for some in keywords.values() if isinstance(some, str)), ""):
        raise ValueError(f"the keywords of a topic are a list of texts, as in [{one!r}]")
    return {topic: between.join(" ".join(keyword.split()) for keyword in some) for topic, some in keywords.items()}
