"""The labels of a job are those of its model, under its scheme, and of people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.bulk.columns import labels as columns_of
from labeler.bulk.job import Job, Labels
from labeler.judgements.verdicts import Verdict, Verdicts
from labeler.modelstore import ModelStore
from labeler.papers import Paper
from labeler.score.persistence import load_model
from labeler.topics import load_scheme
from tests.bulk.factories import job_of, labels_of
from tests.judgements.factories import judgement, written

PAPERS = [
    Paper.make("Robots that speak", "Speech of robots with arms.", ids=["arxiv:2601.00001"]),
    Paper.make("Image segmentation", "Objects in images.", ids=["arxiv:2601.00002"]),
]
TEXTS = [(paper.title, paper.abstract) for paper in PAPERS]


@pytest.fixture
def mine(trained_once: Path) -> Job:
    return job_of(ModelStore(trained_once / "models").find())


@pytest.fixture
def judged(mine: Job, trained_once: Path, tmp_path: Path) -> Job:
    """The job with the scheme and a log in which the first paper is judged."""
    scheme = load_scheme(trained_once / "annotations/topics.toml")
    topics = tuple(topic.id for topic in scheme.topics)
    said = judgement("safety", offered=topics, title=PAPERS[0].title, abstract=PAPERS[0].abstract, ids=PAPERS[0].ids)
    return replace(mine, scheme=scheme, log=written(tmp_path / "log", [said]), private=tmp_path)


def test_without_a_scheme_or_a_log_nobody_has_said_anything(mine: Job, judged: Job) -> None:
    assert Labels.of(mine).verdicts is None
    assert Labels.of(replace(judged, log=None)).verdicts is None
    assert Labels.of(replace(judged, scheme=None)).verdicts is None


def test_the_model_is_loaded_once_for_each_scheme(mine: Job, judged: Job) -> None:
    assert Labels.of(mine).model is Labels.of(mine).model
    assert Labels.of(judged).model.given_today is not None
    assert Labels.of(mine).model.given_today is None


def test_papers_and_texts_have_the_labels_of_the_model(mine: Job) -> None:
    labels = Labels.of(mine)
    one_by_one = [labels_of(item.to_dict()) for item in labels.of_papers(PAPERS)]
    model = load_model(mine.model)
    table = labels.of_texts(TEXTS, lambda _: pytest.fail("there are no verdicts"))
    assert table == columns_of(TEXTS, model, "mine@1", mine.precision, None)
    assert table["decision"].to_pylist() == [row[2] for row in one_by_one]
    assert table["model"].to_pylist() == ["mine@1", "mine@1"]


def test_what_people_have_said_goes_before_the_model(judged: Job) -> None:
    labels = Labels.of(judged)
    first, second = labels.of_papers(PAPERS)
    assert ([topic for topic, *_ in first.topics], first.decision) == (["safety"], "judged")
    assert second.decision != "judged"

    def rows(verdicts: Verdicts) -> dict[int, Verdict]:
        found = verdicts.of(PAPERS)
        return {row: verdict for row, verdict in enumerate(found) if verdict}

    table = labels.of_texts(TEXTS, rows)
    assert table["decision"].to_pylist() == ["judged", second.decision]


def test_what_the_consensus_settles_is_no_tie(judged: Job, tmp_path: Path) -> None:
    assert judged.scheme
    topics = tuple(topic.id for topic in judged.scheme.topics)
    paper = PAPERS[0]
    said = [
        judgement(
            topic, annotator=who, number=n, offered=topics, title=paper.title, abstract=paper.abstract, ids=paper.ids
        )
        for n, (who, topic) in enumerate((("ada", "safety"), ("bo", topics[0])))
    ]
    differing = replace(judged, log=written(tmp_path / "differing", said))
    assert next(Labels.of(differing).of_papers(PAPERS)).reason == "tied"
    settled = replace(differing, settled={said[0].paper: {topic: topic == "safety" for topic in topics}})
    first = next(Labels.of(settled).of_papers(PAPERS))
    assert ([topic for topic, *_ in first.topics], first.decision) == (["safety"], "judged")
