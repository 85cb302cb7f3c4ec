from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labeler import Paper
from labeler.evaluation.comparison import Side, compare, shared_topics
from labeler.score.model import TopicModel
from labeler.topics import Mode
from tests.evaluation.test_gate import TOPICS, as_matrix, judged_set, scheme, spoilt
from tests.evaluation.test_unseen import matrix_of, papers_of, trained
from tests.learn.factories import multi_papers, single_papers, text_of


@pytest.fixture(scope="module")
def versions() -> tuple[TopicModel, TopicModel, list[Paper], np.ndarray]:
    """A model of right answers, and one of answers of which some are wrong; and the right ones, some of new papers."""
    texts, answers = single_papers(15)
    more = [TOPICS[number % 3] for number in range(9)]
    papers = papers_of([*texts, *(text_of([topic], number + 500) for number, topic in enumerate(more))])
    first = trained("single", papers[:45], answers)
    second = trained("single", papers, spoilt([*answers, *more], step=2))
    return first, second, papers, as_matrix([*answers, *more])


def test_gains_and_losses_add_up_to_the_difference(
    versions: tuple[TopicModel, TopicModel, list[Paper], np.ndarray],
) -> None:
    first, second, papers, truth = versions
    judged = judged_set(papers, truth)
    found = compare(Side("mine@1", first, 0.9), Side("mine@2", second, 0.9), judged, scheme(Mode.SINGLE))
    assert found
    assert (found.papers, found.before, found.after) == (54, "mine@1", "mine@2")
    assert found.origins == {"mine@1": {"held_out": 45, "new": 9}, "mine@2": {"held_out": 54}}
    assert set(found.averages) == {"macro_f1", "micro_f1"}
    assert found.averages["macro_f1"].difference.value < 0
    learned = as_matrix(spoilt(single_papers(15)[1] + [TOPICS[number % 3] for number in range(9)], step=2))
    assert found.rejudged == int((learned != truth)[:45].any(axis=1).sum()) > 0
    for flip in found.flips:
        assert (flip.after == flip.judged) is flip.is_gain
        assert (flip.before == flip.judged) is not flip.is_gain
    assert found.negative_flips
    assert len(found.negative_flips) <= sum(one.negative_flips for one in found.topics)
    assert all(one.negative_flips <= one.losses for one in found.topics)
    back = compare(Side("mine@2", second, 0.9), Side("mine@1", first, 0.9), judged, scheme(Mode.SINGLE))
    assert back
    assert [(one.gains, one.losses) for one in back.topics] == [(one.losses, one.gains) for one in found.topics]
    assert back.averages["micro_f1"].difference.value == pytest.approx(-found.averages["micro_f1"].difference.value)
    turned = {(new, old): count for (old, new), count in found.decisions.items()}
    assert back.decisions == turned
    record = found.to_dict()
    assert record["negative_flips"] + record["gains"] == len(record["flips"])


def test_a_version_beside_itself_changes_nothing(
    versions: tuple[TopicModel, TopicModel, list[Paper], np.ndarray],
) -> None:
    first, _, papers, truth = versions
    side = Side("mine@1", first, 0.9)
    found = compare(side, side, judged_set(papers, truth), scheme(Mode.SINGLE))
    assert found
    assert (found.flips, found.decisions) == ((), {})
    assert {one.difference for one in found.averages.values()} == {(0.0, 0.0, 0.0)}


def test_versions_of_other_modes_and_topics_are_compared_on_what_they_share() -> None:
    texts, answers = multi_papers(10)
    papers = papers_of(texts)
    multi = trained("multi", papers, answers)
    some = [row for row, topics in enumerate(answers) if len(topics) == 1 and topics[0] != "vision"]
    single = trained("single", [papers[row] for row in some], [answers[row][0] for row in some])
    today = scheme(Mode.MULTI)
    assert shared_topics(single, multi, today) == ("robots", "speech")
    judged = judged_set(papers, matrix_of(TOPICS, answers))
    found = compare(Side("a@1", single, 0.9), Side("b@1", multi, 0.9), judged, today)
    assert found
    assert [one.topic for one in found.topics] == ["robots", "speech"]
    assert found.papers == 60


def test_without_papers_that_neither_had_seen_there_is_nothing_to_compare(
    versions: tuple[TopicModel, TopicModel, list[Paper], np.ndarray],
) -> None:
    first, second, papers, truth = versions
    judged = judged_set(papers[:45], truth[:45])
    earlier = replace(first, held_out_papers=None)
    sides = Side("mine@1", earlier, 0.9), Side("mine@2", second, 0.9)
    assert compare(*sides, judged, scheme(Mode.SINGLE)) is None
    nothing_known = replace(earlier, learned=None)
    sides = Side("mine@1", nothing_known, 0.9), Side("mine@2", second, 0.9)
    assert compare(*sides, judged, scheme(Mode.SINGLE)) is None
    found = compare(*sides, judged, scheme(Mode.SINGLE), with_unknown=True)
    assert found
    assert found.origins["mine@1"] == {"unknown": 45}


def test_unknown_answers_do_not_count(versions: tuple[TopicModel, TopicModel, list[Paper], np.ndarray]) -> None:
    first, second, papers, truth = versions
    partly = truth.copy()
    partly[:, 0] = np.nan
    partly[10] = np.nan
    found = compare(
        Side("mine@1", first, 0.9), Side("mine@2", second, 0.9), judged_set(papers, partly), scheme(Mode.SINGLE)
    )
    assert found
    assert found.papers == 53
    robots = found.topics[0]
    assert (robots.papers, robots.gains, robots.losses, robots.difference) == (0, 0, 0, None)
