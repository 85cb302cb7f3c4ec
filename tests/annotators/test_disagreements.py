from __future__ import annotations

import numpy as np

from labeler.annotators.disagreements import disagreements_of
from labeler.topics import Mode
from tests.annotators.factories import ratings_of


def test_topics_that_people_take_for_each_other_come_with_their_papers() -> None:
    answers = np.zeros((5, 2, 3), dtype=np.int8)
    answers[0] = [[1, 0, 0], [0, 1, 0]]
    answers[1] = [[0, 1, 0], [1, 0, 0]]
    answers[2] = [[1, 0, 0], [0, 0, 1]]
    answers[3] = [[0, 0, 1], [0, 0, 0]]
    found = disagreements_of(ratings_of(answers, Mode.SINGLE))
    assert [(pair.one, pair.other, len(pair.papers)) for pair in found.confused] == [("t0", "t1", 2), ("t0", "t2", 1)]
    assert found.confused[0].papers == ("paper 000000", "paper 000001")
    assert len(found.papers) == 4
    assert {topic: len(papers) for topic, papers in found.topics.items()} == {"t0": 3, "t1": 2, "t2": 2}


def test_one_topic_more_is_not_another_one() -> None:
    found = disagreements_of(ratings_of(np.array([[[1, 1], [1, 0]], [[1, 1], [0, 0]]], dtype=np.int8)))
    assert found.confused == ()
    assert len(found.topics["t1"]) == 2


def test_who_did_not_answer_does_not_disagree() -> None:
    found = disagreements_of(ratings_of(np.array([[[1, -1], [-1, 0]], [[1, -1], [1, 0]]], dtype=np.int8)))
    assert found.papers == ()
    assert found.to_dict() == {"papers": [], "topics": {"t0": [], "t1": []}, "confused": []}
