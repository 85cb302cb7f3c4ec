"""What a model says of papers: suggestions, how sure it is, and what a person's answer would settle."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from labeler.config import find_workspace
from labeler.digests import read_inputs
from labeler.errors import NotFoundError
from labeler.judgements.judged import judged_papers
from labeler.papers import Paper
from labeler.score.decision import NONE, REVIEW, Decision
from labeler.score.uncertainty import expected_ranks
from labeler.suggest.advice import Advice, Adviser, _Doubts, advice, adviser_of
from labeler.topics import Mode, Scheme, load_scheme


def adviser(workspace: Path) -> tuple[Scheme, Adviser]:
    found = find_workspace()
    scheme = load_scheme(found.topics)
    return scheme, adviser_of(found, scheme, None)


def test_without_a_model_there_is_no_advice(workspace: Path, digest: Path) -> None:
    scheme, none = adviser(workspace)
    papers = read_inputs([str(digest)]).papers
    assert none.label is None
    assert none.reason == "new paper, no model yet"
    assert advice(papers, scheme, none) == [None] * len(papers)


def test_a_model_that_is_named_must_be_there(workspace: Path) -> None:
    with pytest.raises(NotFoundError):
        adviser_of(find_workspace(), load_scheme(workspace / "annotations/topics.toml"), "nobody@1")


def test_advice_names_the_topics_and_what_is_in_doubt(trained: Path, digest: Path) -> None:
    scheme, model = adviser(trained)
    papers = read_inputs([str(digest)]).papers
    records = [record for record in advice(papers, scheme, model) if record]
    assert len(records) == len(papers)
    assert model.label == "mine@1"
    assert any(record.topics for record in records)
    for record in records:
        assert set(record.topics) <= set(scheme.offered)
        assert 0 <= record.rank <= 1
        assert record.suggested.startswith("the model suggests" if record.topics else "the model finds no topic")
        begins = (
            "mine@1 is unsure of ",
            "perhaps ",
            "mine@1 finds no topic",
            "to check: mine@1 is sure of ",
        )
        assert record.doubt.startswith(begins)
        assert not record.doubt.startswith("perhaps ") or " of this topic" in record.doubt
        assert not (record.none and record.topics)


@pytest.mark.parametrize(
    ("topics", "none", "labels"),
    [(("llm", "vision"), False, ["llm", "vision"]), ((), True, ["None of these"]), ((), False, [])],
)
def test_a_box_is_ticked_only_where_the_model_decides(topics: tuple[str, ...], none: bool, labels: list[str]) -> None:
    prediction = Advice(topics, none, 0.5, "", "").prediction(0.25, "mine@1")
    assert [label for row in prediction["result"] for label in row["value"]["choices"]] == labels
    assert (prediction["score"], prediction["model_version"]) == (0.25, "mine@1")


@pytest.mark.parametrize("decision", [NONE, REVIEW])
def test_none_of_these_is_suggested_only_where_that_is_sure(
    trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    scheme, model = adviser(trained)
    paper = read_inputs([str(digest)]).papers[0]
    empty = Decision((), dict.fromkeys(scheme.ids, 0.01), decision)
    monkeypatch.setattr(type(model.model), "label", lambda *_: [(empty, {})])
    (record,) = advice([paper], scheme, model)
    assert record is not None
    assert (record.topics, record.none, bool(record.prediction(0.5, "mine@1")["result"])) == (
        (),
        decision == NONE,
        decision == NONE,
    )


def scores(**likely: float) -> Decision:
    """What a model says that finds no other topic likely."""
    return Decision((), {**dict.fromkeys(("llm", "agents", "vision", "speech"), 0.0), **likely}, REVIEW)


@pytest.mark.parametrize(
    ("decision", "learned", "doubt"),
    [
        (scores(llm=0.45, vision=0.3), 30, "mine@1 is unsure of Language models (0.45)"),
        (scores(llm=0.9, vision=0.4), 30, "mine@1 is unsure of Visual understanding (0.40)"),
        (scores(llm=0.99), 30, "to check: mine@1 is sure of Language models (0.99)"),
        (scores(llm=0.03), 30, "mine@1 finds no topic"),
        (scores(llm=0.03), 0, "mine@1 finds no topic"),
        (scores(llm=0.06), 30, "mine@1 finds no topic"),
        (scores(), 30, "mine@1 cannot tell yet"),
        (scores(llm=0.45), 9, "perhaps Language models (0.45); mine@1 has only 9 examples of this topic"),
        (scores(llm=0.45), 1, "perhaps Language models (0.45); mine@1 has only 1 example of this topic"),
        (
            scores(llm=0.45),
            0,
            "perhaps Language models (0.45); mine@1 knows the topics by their names and definitions alone",
        ),
    ],
)
def test_the_doubt_is_what_an_answer_would_settle(trained: Path, decision: Decision, learned: int, doubt: str) -> None:
    scheme, _ = adviser(trained)
    topics = tuple(decision.scores)
    model: Any = SimpleNamespace(
        topics=topics, examples=np.full(len(topics), learned), given_thresholds=np.full(len(topics), 0.5)
    )
    assert _Doubts(scheme, "mine@1", model).sentence(decision.scores) == doubt


def test_a_topic_without_an_example_is_told_beside_others_that_have_some(trained: Path) -> None:
    scheme, _ = adviser(trained)
    decision = scores(llm=0.45)
    model: Any = SimpleNamespace(
        topics=tuple(decision.scores), examples=np.array([0, 30, 30, 30]), given_thresholds=np.full(4, 0.5)
    )
    expected = "perhaps Language models (0.45); mine@1 has no example of this topic yet"
    assert _Doubts(scheme, "mine@1", model).sentence(decision.scores) == expected


@pytest.mark.parametrize(
    ("decision", "doubt"),
    [
        (scores(llm=0.5, vision=0.4), "mine@1 wavers between Language models (0.50) and Visual understanding (0.40)"),
        (scores(llm=0.99, vision=0.01), "to check: mine@1 is sure of Language models (0.99)"),
    ],
)
def test_single_mode_only_topics_that_are_close_compete(trained: Path, decision: Decision, doubt: str) -> None:
    scheme = Scheme(Mode.SINGLE, adviser(trained)[0].topics)
    model: Any = SimpleNamespace(topics=tuple(decision.scores), examples=np.full(4, 30), given_thresholds=np.zeros(4))
    assert _Doubts(scheme, "mine@1", model).sentence(decision.scores) == doubt


def test_topics_that_are_hidden_are_not_spoken_of(trained: Path, digest: Path) -> None:
    scheme, model = adviser(trained)
    hidden = Scheme(scheme.mode, tuple(topic._replace(hidden=topic.id != "llm") for topic in scheme.topics))
    for record in advice(read_inputs([str(digest)]).papers, hidden, model):
        assert record is not None
        assert set(record.topics) <= {"llm"}
        assert hidden.name("llm") in record.doubt or record.doubt == "mine@1 finds no topic"


def test_the_rank_is_the_place_among_papers_that_the_model_was_measured_on(trained: Path, digest: Path) -> None:
    scheme, model = adviser(trained)
    papers = read_inputs([str(digest)]).papers
    assert model.model is not None
    ranks = expected_ranks(model.model, model.model.linear.probabilities([paper.text for paper in papers]))
    assert [record.rank for record in advice(papers, scheme, model) if record] == ranks.tolist()


def test_a_model_that_has_not_learned_from_most_judged_papers_is_told(trained: Path) -> None:
    workspace = find_workspace(str(trained))
    adviser, known = adviser_of(workspace, load_scheme(workspace.topics), None), judged_papers(workspace)
    learned = [paper for paper in known if adviser.model is not None and adviser.model.has_learned_from(paper.ids)]
    unknown = [Paper.make(f"A paper of number {number}") for number in range(len(learned) + 1)]
    assert (adviser.behind(learned), adviser.behind([*learned, *unknown[:-1]])) == ("", "")
    told = f"mine@1 has not learned from {len(unknown)} of {len(learned) + len(unknown)} judged papers: `labeler train`"
    assert adviser.behind([*learned, *unknown]).startswith(told)
    assert Adviser(None, None).behind(unknown) == ""
