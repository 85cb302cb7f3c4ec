"""The words that speak most for each topic of a model, and its surest errors with the words that led to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from labeler.evaluation.evaluation import Evaluation
from labeler.evaluation.figures import NONE
from labeler.evaluation.judged import JudgedSet
from labeler.features.terms import printed
from labeler.papers import Paper
from labeler.score.model import TopicModel
from labeler.score.nearest import NearestPapers

_WORDS, _LOOKED_AT = 12, 400  # that are shown of a topic, and terms that these are taken from
_GIVEN, _MISSED = 3, 2  # errors of a topic that are shown
_ALIKE = 3  # judged papers that are shown beside an error


class Neighbour(NamedTuple):
    """A judged paper that is like one with an error: its ``similarity`` (the cosine of TF-IDF rows), and its topics."""

    paper: Paper
    similarity: float
    judged: tuple[str, ...]


class Mistake(NamedTuple):
    """A paper to which a topic was wrongly given, or not given though people said it.

    ``said`` are the topics that the model gave, ``judged`` those of people (empty where all that is known is that
    this one does not apply), ``words`` those behind the topic. ``alike`` are the judged papers that are most like it.
    """

    paper: Paper
    topic: str
    given: bool
    probability: float
    said: tuple[str, ...]
    judged: tuple[str, ...]
    words: tuple[str, ...]
    alike: tuple[Neighbour, ...]


def topic_words(model: TopicModel) -> dict[str, list[str]]:
    """The terms with the largest weights of each topic that is given, no two of which share a word."""
    weights = model.linear.plain_weights
    found = {}
    for topic, own, sources in zip(model.topics, model.given.own, model.given.sources, strict=True):
        column = weights[:, list(own or sources)].max(axis=1)
        order = np.argsort(-column, kind="stable")[:_LOOKED_AT]
        found[topic] = _distinct([printed(model.linear.tfidf.vocabulary.term(int(n))) for n in order if column[n] > 0])
    return found


def _distinct(terms: list[str]) -> list[str]:
    chosen, used = list[str](), set[str]()
    for term in terms:
        words = set(term.split())
        if used.isdisjoint(words) and len(chosen) < _WORDS:
            chosen.append(term)
            used |= words
    return chosen


def mistakes(found: Evaluation, precision: float) -> dict[str, list[Mistake]]:
    """The surest errors of each topic: those given with the highest probability, and those missed with the lowest."""
    pairs = [pair for column in range(len(found.question.topics)) for pair in _of_topic(found, column)]
    rows = sorted({row for row, _ in pairs})
    place = {row: number for number, row in enumerate(rows)}
    asked: dict[int, list[str]] = {}
    for row, column in pairs:
        asked.setdefault(place[row], []).append(found.question.topics[column])
    papers = [found.judged.papers[row] for row in rows]
    texts = [paper.text for paper in papers]
    because = [words for _, words in found.said.model.label(texts, precision, asked)] if texts else []
    alike = _alike(papers, found.known, found.said.model) if papers else []
    told: dict[str, list[Mistake]] = {}
    for row, column in pairs:
        topic = found.question.topics[column]
        words = because[place[row]].get(topic, [])
        mistake = _mistake(found, row, column, tuple(words), alike[place[row]])
        told.setdefault(topic, []).append(mistake)
    return told


def _alike(papers: Sequence[Paper], known: JudgedSet, model: TopicModel) -> list[tuple[Neighbour, ...]]:
    """The judged papers that are most like each of ``papers``, of those whose topics are known."""
    is_known = (known.truth == 1).any(axis=1) | (known.truth == 0).all(axis=1)
    known = known.take(np.flatnonzero(is_known))
    near = NearestPapers(model.linear, known.papers).of_all(papers, _ALIKE)
    return [tuple(Neighbour(known.papers[n], like, _judged(known, n)) for n, like in some) for some in near]


def _of_topic(found: Evaluation, column: int) -> list[tuple[int, int]]:
    """The rows of the surest errors of a topic, with its column."""
    truth, assigned = found.judged.truth[:, column], found.answers.assigned[:, column]
    probabilities = found.answers.probabilities[:, column]
    wrong, missed = np.flatnonzero((truth == 0) & assigned), np.flatnonzero((truth == 1) & ~assigned)
    first = wrong[np.argsort(-probabilities[wrong], kind="stable")][:_GIVEN]
    last = missed[np.argsort(probabilities[missed], kind="stable")][:_MISSED]
    return [(int(row), column) for row in (*first, *last)]


def _judged(judged: JudgedSet, row: int) -> tuple[str, ...]:
    """The topics of a judged paper, :data:`NONE` where it has none; empty where that is not known."""
    topics = tuple(judged.topics[column] for column in np.flatnonzero(judged.truth[row] == 1))
    return topics or ((NONE,) if (judged.truth[row] == 0).all() else ())


def _mistake(found: Evaluation, row: int, column: int, words: tuple[str, ...], alike: tuple[Neighbour, ...]) -> Mistake:
    topics = found.question.topics
    said = tuple(topics[n] for n in np.flatnonzero(found.answers.assigned[row]))
    return Mistake(
        found.judged.papers[row],
        topics[column],
        bool(found.answers.assigned[row, column]),
        float(found.answers.probabilities[row, column]),
        said or (NONE,),
        _judged(found.judged, row),
        words,
        alike,
    )
