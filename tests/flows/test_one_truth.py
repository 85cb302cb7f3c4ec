"""Where people differ and the majority does not count, all commands go by the same labels, and say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace, find_workspace
from labeler.evaluation.judged import JudgedSet
from labeler.flows.evaluate import Judged, evaluate
from labeler.flows.label import labelling
from labeler.flows.review_papers import to_review
from labeler.flows.status import status
from labeler.flows.suspects import suspects
from labeler.judgements import labels_of, read_log
from labeler.modelstore import ModelStore
from labeler.pages.report import report_page
from labeler.review.papers import unsettled
from labeler.topics import load_scheme
from tests.annotators.studies import study
from tests.flows.workspaces import bring, make_scheme, trained
from tests.learn.factories import text_of

TOPICS = ("robots", "speech", "vision")


@pytest.fixture
def careless(workspace: Path) -> Workspace:
    """Three people: one is careful, one often errs, and one always says the same."""
    make_scheme(workspace, "single", *TOPICS)
    answers, topics = study(np.random.default_rng(1), 200, np.array([0.8, 0.95, 0.75]), careless="same")
    texts = [text_of(TOPICS[topic : topic + 1], number) for number, topic in enumerate(topics)]
    for who, said in zip(("same", "careful", "hasty"), answers.argmax(axis=2).T, strict=True):
        rows = [(text, [*TOPICS, "none"][topic]) for text, topic in zip(texts, said, strict=True)]
        bring(workspace, rows, name=f"{who}.jsonl", annotator=who)
    return find_workspace(str(workspace))


@pytest.mark.slow
def test_training_evaluation_status_and_suspects_know_one_truth(careless: Workspace) -> None:
    log, scheme = read_log(careless).judgements, load_scheme(careless.topics)
    truth = consensus_labels(log, scheme)
    sentence = truth.choice.truth_sentence
    assert "not by the majority" in sentence
    expected = {item.paper.ids: item.yes for item in truth.labels.papers}
    assert expected != {item.paper.ids: item.yes for item in labels_of(log, scheme).papers}
    training = trained(careless.root)
    assert {item.paper.ids: item.yes for item in training.labels.papers} == expected
    assert training.version.manifest.training.parameters.consensus == truth.choice
    told = status(careless)
    assert (told.labelled, told.ties) == (len(expected), len(truth.labels.ties))
    assert sentence in told.notes
    judged = JudgedSet.of_log(log, scheme)
    rows = ({judged.topics[column] for column in np.flatnonzero(row == 1)} for row in judged.truth)
    assert {paper.ids: frozenset(row) for paper, row in zip(judged.papers, rows, strict=True)} == expected
    found = evaluate(careless, ModelStore(careless.models), None, Judged(), compare=False)
    assert found.found.unseen.figures.papers == len(expected)
    assert sentence in found.notes
    assert sentence in suspects(careless, 10).notes
    page = report_page(found.version, found.found, found.names, found.notes)
    assert page.count("Where annotators differ") == 1
    tied = {tie.paper.ids for tie in truth.labels.ties}
    assert tied
    assert {one.paper.ids for one in to_review(careless, scheme, "ties").papers} == tied
    verdicts = labelling(ModelStore(careless.models), None, careless).verdicts
    assert verdicts is not None
    papers = [one.paper for one in unsettled(log, scheme)]
    found_tied = {paper.ids for paper, one in zip(papers, verdicts.of(papers), strict=True) if one and one.tied}
    assert found_tied == tied


def test_a_majority_needs_no_sentence(careless: Workspace) -> None:
    log, scheme = read_log(careless).judgements, load_scheme(careless.topics)
    two = [one for one in log if one.annotator != "same"]
    assert consensus_labels(two, scheme).choice.truth_sentence == ""
    assert JudgedSet.of_log(two, scheme).choice.method == "majority"
