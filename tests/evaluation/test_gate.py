from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labeler import Paper
from labeler.evaluation.gate import FEWEST, passage
from labeler.evaluation.judged import JudgedSet
from labeler.measure.estimates import Estimate
from labeler.score.lineage import Lineage, Passage, lineage_sentence
from labeler.score.model import TopicModel
from labeler.topics import Mode, Scheme
from labeler.topics.scheme import Topic
from tests.evaluation.test_unseen import matrix_of, papers_of, trained
from tests.learn.factories import multi_papers, single_papers, text_of

TOPICS = ("robots", "speech", "vision")


def scheme(mode: Mode, *topics: str) -> Scheme:
    return Scheme(mode, tuple(Topic(topic, topic.title()) for topic in topics or TOPICS))


def judged_set(papers: list[Paper], truth: np.ndarray, topics: tuple[str, ...] = TOPICS) -> JudgedSet:
    nobody = np.zeros(len(papers), dtype=bool)
    return JudgedSet(tuple(papers), topics, truth, nobody, nobody, ("",) * len(papers))


def spoilt(answers: list[str | None], step: int) -> list[str | None]:
    return [answers[(row + 13) % len(answers)] if row % step == 0 else topic for row, topic in enumerate(answers)]


@pytest.fixture(scope="module")
def right() -> tuple[TopicModel, list[Paper], list[str | None]]:
    texts, answers = single_papers(20)
    papers = papers_of(texts)
    return trained("single", papers, answers), papers, answers


def as_matrix(answers: list[str | None]) -> np.ndarray:
    return matrix_of(TOPICS, [[topic] if topic else [] for topic in answers])


def test_a_model_of_the_same_papers_is_not_worse(right: tuple[TopicModel, list[Paper], list[str | None]]) -> None:
    model, papers, answers = right
    found = passage("mine@1", model, model, judged_set(papers, as_matrix(answers)), scheme(Mode.SINGLE))
    assert found
    assert (found.former, found.papers, found.difference.value, found.is_worse) == ("mine@1", 60, 0.0, False)


@pytest.mark.parametrize("more", [0, 15])
def test_answers_that_have_gone_bad_since_are_noticed(
    right: tuple[TopicModel, list[Paper], list[str | None]], more: int
) -> None:
    model, papers, answers = right
    new = papers_of([text_of([TOPICS[number % 3]], number + 500) for number in range(more)])
    bad = spoilt([*answers, *(TOPICS[number % 3] for number in range(more))], step=3)
    worse = trained("single", [*papers, *new], bad)
    judged = judged_set([*papers, *new], as_matrix(bad))
    found = passage("mine@1", model, worse, judged, scheme(Mode.SINGLE))
    assert found
    assert found.is_worse
    assert found.after < found.before
    back = passage("mine@2", worse, model, judged, scheme(Mode.SINGLE))
    assert back is None or not back.is_worse


def test_one_more_batch_of_right_answers_is_not_refused(
    right: tuple[TopicModel, list[Paper], list[str | None]],
) -> None:
    model, papers, answers = right
    more = [TOPICS[number % 3] for number in range(12)]
    new = papers_of([text_of([topic], number + 500) for number, topic in enumerate(more)])
    later = trained("single", [*papers, *new], [*answers, *more])
    found = passage(
        "mine@1", model, later, judged_set([*papers, *new], as_matrix([*answers, *more])), scheme(Mode.SINGLE)
    )
    assert found
    assert (found.papers, found.is_worse) == (72, False)


def test_several_topics_a_paper_and_topics_that_were_merged_are_compared() -> None:
    texts, answers = multi_papers(10)
    papers = papers_of(texts)
    model = trained("multi", papers, answers)
    merged = Scheme(Mode.MULTI, (Topic("robots", "Robots", aliases=("vision",)), Topic("speech", "Speech")))
    truth = matrix_of(("robots", "speech"), [["robots" if one == "vision" else one for one in row] for row in answers])
    later = trained("multi", papers, [["robots" if one == "vision" else one for one in row] for row in answers])
    found = passage("mine@1", model, later, judged_set(papers, truth, ("robots", "speech")), merged)
    assert found
    assert (found.papers, found.is_worse) == (60, False)
    assert found.before > 0.8


def test_what_cannot_be_compared_is_not(right: tuple[TopicModel, list[Paper], list[str | None]]) -> None:
    model, papers, answers = right
    truth = as_matrix(answers)
    few = judged_set(papers[: FEWEST - 1], truth[: FEWEST - 1])
    another = trained("single", papers[:29], answers[:29])
    assert passage("mine@1", another, another, few, scheme(Mode.SINGLE)) is None
    other = judged_set(papers, truth[:, :1], ("food",))
    assert passage("mine@1", model, model, other, scheme(Mode.SINGLE, "food")) is None
    multi = trained("multi", papers, [[topic] for topic in answers])
    assert passage("mine@1", multi, model, judged_set(papers, truth), scheme(Mode.SINGLE)) is None
    earlier = replace(model, held_out_papers=None)  # of an earlier version of labeler
    assert passage("mine@1", earlier, model, judged_set(papers, truth), scheme(Mode.SINGLE)) is None


@pytest.mark.parametrize(("high", "is_worse"), [(-0.03, True), (-0.01, False), (0.1, False)])
def test_a_passage_goes_into_the_manifest_and_back(high: float, is_worse: bool) -> None:
    found = Passage("mine@1", 100, 0.75, 0.5, Estimate(-0.25, -0.3, high))
    lineage = Lineage("mine@1", "0123", 0, "abc", uncommitted=True, passage=found)
    assert Lineage.from_dict(lineage.to_dict()) == lineage
    assert found.is_worse is is_worse
    assert "macro-F1 is 0.50" in lineage_sentence(lineage)


def test_papers_of_tables_are_known_by_what_both_versions_held_out(
    right: tuple[TopicModel, list[Paper], list[str | None]],
) -> None:
    model, papers, answers = right
    worse = trained("single", papers, spoilt(answers, step=3))
    nothing = judged_set([], as_matrix(answers)[:0])
    same, bad = (passage("mine@1", model, other, nothing, scheme(Mode.SINGLE)) for other in (model, worse))
    assert same
    assert bad
    assert (same.papers, same.is_worse, bad.papers, bad.is_worse) == (60, False, 60, True)
    some = passage("mine@1", model, worse, judged_set(papers[:20], as_matrix(answers)[:20]), scheme(Mode.SINGLE))
    assert some
    assert some[:4] == pytest.approx(bad[:4])


def test_papers_count_as_often_as_they_come_where_the_new_version_is_for_those(
    right: tuple[TopicModel, list[Paper], list[str | None]],
) -> None:
    model, papers, answers = right
    truth = as_matrix(answers)
    worse = trained("single", papers, spoilt(answers, step=3))
    robots = replace(worse, held_out_weights=np.where(worse.held_out[1][:, 0] == 1, 2.5, 0.25))
    plain, weighted = (
        passage("mine@1", model, one, judged_set(papers, truth), scheme(Mode.SINGLE)) for one in (worse, robots)
    )
    assert plain
    assert weighted
    assert plain.papers == weighted.papers == 60
    assert plain.after != weighted.after
