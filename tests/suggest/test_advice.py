"""What a model says of papers: suggestions, how sure it is, and what a person's answer would settle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.config import find_workspace
from labeler.digests import read_inputs
from labeler.errors import NotFoundError
from labeler.score.decision import NONE, REVIEW, Decision
from labeler.suggest.advice import Advice, Adviser, _doubt, advice, adviser_of, certainty
from labeler.topics import Scheme, load_scheme


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
    told = [said for said in advice(papers, scheme, model) if said]
    assert len(told) == len(papers)
    assert model.label == "mine@1"
    assert any(said.topics for said in told)
    for said in told:
        assert set(said.topics) <= set(scheme.offered)
        assert 0 <= said.certainty <= 1
        assert said.suggested.startswith("the model suggests" if said.topics else "the model finds no topic")
        begins = (
            "mine@1 is unsure of ",
            "perhaps ",
            "mine@1 finds no topic",
            "it is unlike the others; mine@1 takes it",
        )
        assert said.doubt.startswith(begins)
        assert not said.doubt.startswith("perhaps ") or ", of which mine@1 has learned " in said.doubt
        assert not (said.none and said.topics)


@pytest.mark.parametrize(
    ("topics", "none", "chosen"),
    [(("llm", "vision"), False, ["llm", "vision"]), ((), True, ["None of these"]), ((), False, [])],
)
def test_a_box_is_ticked_only_where_the_model_decides(topics: tuple[str, ...], none: bool, chosen: list[str]) -> None:
    made = Advice(topics, none, 0.5, "", "").prediction(0.25, "mine@1")
    assert [label for row in made["result"] for label in row["value"]["choices"]] == chosen
    assert (made["score"], made["model_version"]) == (0.25, "mine@1")


@pytest.mark.parametrize("decision", [NONE, REVIEW])
def test_none_of_these_is_suggested_only_where_that_is_sure(
    trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    scheme, model = adviser(trained)
    paper = read_inputs([str(digest)]).papers[0]
    told = Decision((), dict.fromkeys(scheme.ids, 0.01), decision)
    monkeypatch.setattr(type(model.model), "label", lambda *_: [(told, {})])
    (said,) = advice([paper], scheme, model)
    assert said is not None
    assert (said.topics, said.none, bool(said.prediction(0.5, "mine@1")["result"])) == (
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
        (scores(llm=0.99), 30, "it is unlike the others; mine@1 takes it for Language models (0.99)"),
        (scores(llm=0.03), 30, "mine@1 finds no topic"),
        (scores(), 30, "mine@1 knows nothing of it"),
        (scores(llm=0.45), 9, "perhaps Language models, of which mine@1 has learned 9 papers"),
        (scores(llm=0.45), 1, "perhaps Language models, of which mine@1 has learned 1 paper"),
        (scores(llm=0.45), 0, "perhaps Language models, of which mine@1 has learned 0 papers"),
    ],
)
def test_the_doubt_is_what_an_answer_would_settle(trained: Path, decision: Decision, learned: int, doubt: str) -> None:
    scheme, _ = adviser(trained)
    counts, thresholds = dict.fromkeys(decision.scores, learned), dict.fromkeys(decision.scores, 0.5)
    assert _doubt(decision.scores, counts, thresholds, scheme, "mine@1") == doubt


def test_topics_that_are_hidden_are_not_spoken_of(trained: Path, digest: Path) -> None:
    scheme, model = adviser(trained)
    hidden = Scheme(scheme.mode, tuple(replace(topic, hidden=topic.id != "llm") for topic in scheme.topics))
    for said in advice(read_inputs([str(digest)]).papers, hidden, model):
        assert said is not None
        assert set(said.topics) <= {"llm"}
        assert hidden.name("llm") in said.doubt or said.doubt == "mine@1 finds no topic"


@pytest.mark.parametrize(
    ("probabilities", "mode", "wanted"),
    [
        ([], "multi", 0.0),
        ([0.5, 0.99], "multi", 0.0),
        ([1.0, 0.0], "multi", 1.0),
        ([0.25, 0.01], "multi", 0.5),
        ([0.75], "multi", 0.5),
        ([0.7, 0.2], "single", 0.5),
        ([0.25, 0.25], "single", 0.25),
        ([0.5], "single", 0.0),
        ([1.0, 0.0], "single", 1.0),
        ([0.75, 0.5], "single", 0.25),
    ],
)
def test_how_sure_a_model_is(probabilities: list[float], mode: str, wanted: float) -> None:
    assert certainty(probabilities, mode) == pytest.approx(wanted)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.sampled_from(["multi", "single"]))
def test_certainty_is_a_share(probabilities: list[float], mode: str) -> None:
    total = sum(probabilities) if mode == "single" else 0
    told = [value / total for value in probabilities] if total > 1 else probabilities
    assert 0 <= certainty(told, mode) <= 1
