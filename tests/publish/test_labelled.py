"""The labelled paper as a record."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

from labeler import load_model, read_digest
from labeler.bulk.columns import labels
from labeler.digests.fields import readable
from labeler.judgements.verdicts import Verdict
from labeler.publish.labelled import LabelledPaper, labelled_papers
from labeler.score.cross_lists import CrossLists
from tests.publish.factories import labelled, paper, written


def test_record_holds_the_paper_and_what_the_model_says() -> None:
    one = paper(ids=["arxiv:2601.88001"], authors=("Ann Lee",), date="--03-14")
    assert labelled(one, decision="review", reason="ambiguous").to_dict() == {
        **one.to_dict(),
        "topics": [
            {"topic": "vision", "probability": 0.9123, "because": ["image", "pixel"]},
            {"topic": "lang", "probability": 0.7, "because": []},
        ],
        "scores": {"lang": 0.7, "vision": 0.9123},
        "decision": "review",
        "reason": "ambiguous",
        "model": "default@3",
        "torn": [],
    }


def test_paper_without_topics_still_has_all_scores() -> None:
    record = labelled(topics=(), decision="none").to_dict()
    assert (record["topics"], record["scores"], record["decision"]) == ([], {"lang": 0.1, "vision": 0.2}, "none")


def test_a_decision_that_needs_no_reason_has_none() -> None:
    assert labelled().to_dict()["reason"] is None


@pytest.mark.parametrize("times", [0, 1, 12])
def test_papers_have_what_the_model_says_of_each_in_their_order(trained_once: Path, digest: Path, times: int) -> None:
    model, papers = load_model(trained_once / "models" / "mine" / "1"), read_digest(digest) * times
    found = list(labelled_papers(iter(papers), model, "mine@7", 0.9))
    assert [item.paper for item in found] == papers
    for item in found[:24]:
        (alone,) = model.decide([item.paper], 0.9)
        assert (item.decision, item.reason, item.model) == (alone.decision, alone.reason, "mine@7")
        assert tuple(topic for topic, _, _ in item.topics) == alone.topics
        assert item.scores == pytest.approx(alone.scores, rel=1e-5)  # sums of four bytes, in another order
        assert all(probability == item.scores[topic] for topic, probability, _ in item.topics)


def test_papers_are_labelled_as_they_are_asked_for(trained_once: Path, digest: Path) -> None:
    drawn = []

    def papers():  # type: ignore[no-untyped-def]
        for one in read_digest(digest) * 100:
            drawn.append(one)
            yield one

    next(labelled_papers(papers(), load_model(trained_once / "models" / "mine" / "1"), "mine@1", 0.9))
    assert 0 < len(drawn) < 1000


def judged_paper() -> LabelledPaper:
    """A paper with a topic of two people, one that only people know, and one that the model gives."""
    topics = (("lang", 0.7, ("word",)), ("vision", 0.6, ("pixel",)), ("plants", nan, ()))
    by = {"lang": ("ada", "bo"), "plants": ("ada",)}
    return LabelledPaper(paper(), topics, {"lang": 0.7, "vision": 0.6}, "judged", "mine@1", by=by)


def test_topics_that_people_gave_have_their_names() -> None:
    assert judged_paper().to_dict()["topics"] == [
        {"topic": "lang", "probability": 0.7, "because": ["word"], "by": ["ada", "bo"]},
        {"topic": "vision", "probability": 0.6, "because": ["pixel"]},
        {"topic": "plants", "probability": None, "because": [], "by": ["ada"]},
    ]


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("jsonl", ['"by": ["ada", "bo"]', '"probability": null']),
        ("csv", ["Language; Vision & Images; plants,,0.700,0.700; 0.600; ,", '"ada, bo; ; ada"']),
        ("md", ["judged by ada, bo", "## plants (1)", "judged by ada\n"]),
        ("table", ["by ada, bo", "pixel", "by ada\n"]),
    ],
)
def test_outputs_tell_who_gave_a_topic(output: str, told: list[str]) -> None:
    text = written(output, [judged_paper()])
    for words in told:
        assert words in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unchecked", "too little judged to decide alone"),
        ("tied", "annotators disagree"),
        ("ambiguous", "a doubtful topic"),
        ("unfamiliar", "unfamiliar words"),
    ],
)
def test_reasons_are_told_in_words_and_by_their_names(reason: str, words: str) -> None:
    item = labelled(decision="review", reason=reason)
    assert f"to review · {words}" in written("md", [item])
    for output in ("csv", "table", "jsonl"):
        assert reason in written(output, [item])


def test_topics_that_a_paper_is_likely_listed_under_stand_beside_its_own() -> None:
    item = labelled(topics=(("vision", 0.6, ("image",)),))._replace(also=(("lang", 0.45678),))
    assert item.to_dict()["also"] == [{"topic": "lang", "probability": 0.4568}]
    assert labelled()._replace(also=()).to_dict()["also"] == []
    assert "also" not in labelled().to_dict()
    assert item.listed == ("vision", "lang")
    assert "perhaps also Language" in written("md", [item])
    assert ",Language (0.457)," in written("csv", [item])
    assert "perhaps also (46% listed there)" in written("table", [item])
    assert "Note: perhaps also Language." in written("html", [item])
    assert "'also': [{'topic': 'lang', 'probability': 0.4" in written("parquet", [item])


def test_cross_lists_are_those_of_the_model_in_columns_too(trained_once: Path, digest: Path) -> None:
    model = load_model(trained_once / "models" / "mine" / "1")
    crossed, papers = replace(model, cross_lists=CrossLists(1.0, 4.0, 0.3)), read_digest(digest)
    found = list(labelled_papers(papers, crossed, "mine@1", 0.9))
    assert any(item.also for item in found)
    texts = [readable(item.paper.title, item.paper.abstract) for item in found]
    rows = labels(texts, crossed, "mine@1", 0.9).to_pylist()
    for item, row in zip(found, rows, strict=True):
        also = [(one["topic"], one["probability"]) for one in row["also"]]
        assert also == [(topic, pytest.approx(likely, abs=1e-4)) for topic, likely in item.also or ()]
        assert not {topic for topic, _ in also} & {topic for topic, _, _ in item.topics}


def test_a_paper_that_people_have_judged_is_listed_nowhere_else(trained_once: Path, digest: Path) -> None:
    model = load_model(trained_once / "models" / "mine" / "1")
    crossed, (first, *_) = replace(model, cross_lists=CrossLists(1.0, 9.0, 0.1)), read_digest(digest)
    (free,) = labelled_papers([first], crossed, "mine@1", 0.9)
    verdict = Verdict(model.mode, {model.topics[0]: ("ada",)}, frozenset(model.topics[1:]), frozenset(), True)
    assert free.also
    texts = [readable(first.title, first.abstract)]
    assert labels(texts, crossed, "mine@1", 0.9, {0: verdict})["also"].to_pylist() == [[]]
