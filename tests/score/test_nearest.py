from __future__ import annotations

import numpy as np

from labeler import TopicClassifier
from labeler.papers import Paper
from labeler.score.nearest import NearestPapers
from tests.learn.factories import fitted, text_of

TOPICS = [["robots"], ["speech"], ["vision", "speech"], []]
TEXTS = ["robot arm grasping", "robot leg walking", "speech of a voice", "voice and speech codec"]


def paper(title: str, identifier: str = "") -> Paper:
    return Paper(title=title, abstract="", ids=(identifier,) if identifier else ())


def index(papers: list[Paper]) -> NearestPapers:
    model = TopicClassifier().fit(TEXTS, ["robots", "robots", "speech", "speech"]).model_
    return NearestPapers(model.linear, papers)


def test_the_papers_that_share_most_words_come_first() -> None:
    found = index([paper(text, f"doi:10.1/{number}") for number, text in enumerate(TEXTS)]).of(paper("robot grasping"))
    assert [near.position for near in found] == [0, 1]
    assert 1 > found[0].similarity > found[1].similarity > 0


def test_a_paper_is_not_its_own_neighbour() -> None:
    papers = [paper(text, f"doi:10.1/{number}") for number, text in enumerate(TEXTS)]
    assert [near.position for near in index(papers).of(papers[0])] == [1]


def test_no_more_than_asked_for_and_none_where_no_word_is_shared() -> None:
    known = index([paper("robot walking", f"doi:10.1/{number}") for number in range(9)])
    assert len(known.of(paper("robot", "doi:10.1/x"), 3)) == 3
    assert known.of(paper("entirely elsewhere", "doi:10.1/y")) == []
    assert index([]).of(paper("robot")) == []


def test_many_at_once_have_the_same_papers_as_each_alone() -> None:
    model = fitted("multi").model_
    judged = [paper(text_of(topics, number), f"doi:10.1/{number}") for number, topics in enumerate(TOPICS * 20)]
    asked = [*judged[:70], *(paper(text_of(topics, number), "") for number, topics in enumerate(TOPICS * 80, 200))]
    known = NearestPapers(model.linear, judged)
    together = known.of_all([*asked, paper("")], 4)
    for one, found in zip([*asked, paper("")], together, strict=True):
        alone = known.of(one, 4)
        assert np.allclose([near.similarity for near in found], [near.similarity for near in alone])
        assert all(judged[near.position].ids != one.ids for near in found)
    assert together[-1] == []
    assert NearestPapers(model.linear, []).of_all(asked[:2]) == [[], []]
