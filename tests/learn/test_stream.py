"""The stream of unlabeled papers: its shares of topics, and a centre in which all topics count the same."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from labeler.features.space import fit_space
from labeler.features.weighting import fit_tfidf
from labeler.learn.definitions import definition_points
from labeler.learn.recipe import TrainingData
from labeler.learn.stream import stream_of
from labeler.topics import Mode
from tests.learn.factories import TINY, text_of

TOPICS = ("robots", "speech", "vision")
UNEVEN = (240, 40, 20)


def texts_of(counts: tuple[int, ...], first: int) -> tuple[list[str], np.ndarray]:
    """So many papers of each topic, and what is true of them."""
    columns = np.repeat(np.arange(3), counts)
    return [text_of([TOPICS[column]], first + row) for row, column in enumerate(columns)], np.eye(3)[columns]


@cache
def training_data(judged: tuple[int, ...], unlabeled: tuple[int, ...], mode: Mode = Mode.SINGLE) -> TrainingData:
    (texts, answers), (others, _) = texts_of(judged, 0), texts_of(unlabeled, 10_000)
    tfidf = fit_tfidf(texts + others, 1, TINY)
    space, points = fit_space(tfidf, tfidf.transform(texts + others), TINY)
    papers, stream = points.take(np.arange(len(texts))), points.take(np.arange(len(texts), len(points)))
    named, defined = definition_points({}, TOPICS, tfidf, space)
    return TrainingData(mode, space, papers, answers, np.ones(answers.shape), named, defined, stream)


def test_the_shares_of_topics_among_unlabeled_papers_are_found() -> None:
    data = training_data((20, 20, 20), UNEVEN)
    stream = stream_of(data, range(60), 0)
    assert stream is not None
    assert stream.shares.sum() == pytest.approx(1)
    assert stream.shares[0] > 0.5
    assert stream.shares.argsort().tolist() == [2, 1, 0]


def test_the_centre_is_where_topics_count_the_same() -> None:
    data = training_data((20, 20, 20), UNEVEN)
    stream = stream_of(data, range(60), 0)
    assert stream is not None
    every = np.vstack([data.papers.terms.toarray(), data.unlabeled.terms.toarray()])
    topics = np.concatenate([np.repeat(np.arange(3), 20), np.repeat(np.arange(3), UNEVEN)])
    even = np.mean([every[topics == topic].mean(axis=0) for topic in range(3)], axis=0)

    def distance(centre: np.ndarray) -> float:
        return float(np.linalg.norm(centre - even))

    assert distance(stream.centre) < 0.3 * distance(data.space.centre)


def test_papers_in_the_same_shares_leave_the_centre_where_it_is() -> None:
    data = training_data((20, 20, 20), (100, 100, 100))
    stream = stream_of(data, range(60), 0)
    assert stream is not None
    assert stream.shares == pytest.approx([1 / 3] * 3, abs=0.05)
    assert stream.centre == pytest.approx(data.space.centre, abs=2e-3)


@pytest.mark.parametrize(
    "data",
    [
        training_data((20, 20, 20), (5, 5, 5), Mode.MULTI),
        training_data((20, 20, 20), (0, 0, 0)),
        training_data((3, 3, 3), (20, 20, 20)),
    ],
    ids=["multi mode", "no unlabeled papers", "hardly a judged paper"],
)
def test_where_nothing_can_be_told_there_is_no_stream(data: TrainingData) -> None:
    assert stream_of(data, range(len(data.papers)), 0) is None
