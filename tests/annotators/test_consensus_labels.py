from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.annotators.consensus_labels import consensus_labels, settled_in, verdicts_in
from labeler.config import Workspace
from labeler.judgements import Judgement, labels_of
from labeler.topics import Mode, Scheme, Topic
from tests.annotators.studies import blind_study, study
from tests.judgements.factories import TOPICS, judgement, scheme, written

MODES = [Mode.SINGLE, Mode.MULTI]


def log_of(answers: np.ndarray) -> list[Judgement]:
    """Judgements with these answers (papers, people, topics); the last of four topics is none of these."""
    found = []
    for paper, people in enumerate(answers):
        for who, said in enumerate(people):
            if said.max() >= 0:
                yes = " ".join(topic for topic, applies in zip(TOPICS, said, strict=False) if applies)
                number = paper * 10 + who
                found.append(judgement(yes, number=number, annotator=f"p{who}", title=f"Paper {number // 10:03}"))
    return found


@pytest.fixture(scope="module")
def careless_log() -> list[Judgement]:
    answers, _ = study(np.random.default_rng(1), 200, np.array([0.8, 0.95, 0.75]), careless="same")
    return log_of(answers)


@pytest.mark.parametrize("mode", MODES)
def test_the_consensus_takes_the_place_of_the_majority(careless_log: list[Judgement], mode: Mode) -> None:
    log = careless_log if mode == Mode.SINGLE else log_of(blind_study(np.random.default_rng(0), 300, 3)[0])
    majority = labels_of(log, scheme(mode))
    truth = consensus_labels(log, scheme(mode))
    found, choice, notes = truth.labels, truth.choice, truth.careless()
    assert choice.method != "majority"
    assert choice.settled == len(majority.ties) - len(found.ties)
    assert choice.settled + choice.changed > 0
    assert [note.split()[0] for note in notes] == (["p0"] if mode == Mode.SINGLE else [])
    said: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for one in log:
        said.setdefault(one.ids, set()).add(one.yes)
    labels = {item.paper.ids: item.yes for item in found.papers}
    for ids, answers in said.items():
        if len(answers) == 1:
            assert labels[ids] == frozenset(*answers)


def test_a_verdict_outranks_the_consensus(careless_log: list[Judgement]) -> None:
    verdict = judgement("speech", number=9999, annotator="eve", title="Paper 000", role="adjudicator")
    found, choice, *_ = consensus_labels([*careless_log, verdict], scheme(Mode.SINGLE))
    assert {item.paper.title: item.yes for item in found.papers}["Paper 000"] == {"speech"}
    assert choice.annotators == 3


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1), st.sampled_from(["", "llm", "vision"])), max_size=30))
def test_of_one_or_two_people_the_majority_counts(rows: list[tuple[int, int, str]]) -> None:
    log = [
        judgement(yes, number=number, annotator=f"p{who}", title=f"Paper {paper}")
        for number, (paper, who, yes) in enumerate(rows)
    ]
    for mode in MODES:
        truth = consensus_labels(log, scheme(mode))
        found, choice, notes = truth.labels, truth.choice, truth.careless()
        assert found == labels_of(log, scheme(mode))
        assert (choice.method, choice.settled, choice.changed, notes) == ("majority", 0, 0, [])


def test_topics_above_follow(careless_log: list[Judgement]) -> None:
    topics = (Topic("llm", "Language models"), Topic("vision", "Vision", parent="llm"), Topic("speech", "Speech"))
    found, choice, *_ = consensus_labels(careless_log, Scheme(Mode.MULTI, topics))
    assert choice.method != "majority"
    for item in found.papers:
        assert "vision" not in item.yes or "llm" in item.yes
        assert "llm" not in item.no or "vision" not in item.yes


@pytest.mark.parametrize("mode", MODES)
def test_verdicts_on_papers_at_hand_are_the_labels_of_the_consensus(
    careless_log: list[Judgement], mode: Mode, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    written(workspace.judgements, careless_log)
    truth = consensus_labels(careless_log, scheme(mode))
    assert truth.settled == settled_in(workspace, scheme(mode))
    verdicts = verdicts_in(workspace, scheme(mode))
    assert verdicts is not None
    for item, found in zip(truth.labels.papers, verdicts.of([item.paper for item in truth.labels.papers]), strict=True):
        assert found is not None
        assert (frozenset(found.yes), found.no) == (item.yes, item.no)
    tied = {tie.paper.ids: tie.paper for tie in truth.labels.ties}
    assert all(found and found.tied and not found.complete for found in verdicts.of(list(tied.values())))


def test_without_a_log_or_a_judgement_there_are_no_verdicts(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert verdicts_in(workspace, scheme()) is None
    workspace.judgements.parent.mkdir()
    workspace.judgements.write_text('\n{"id": "broken"}\nno JSON\n')
    assert verdicts_in(workspace, scheme()) is None
