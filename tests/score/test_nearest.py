from __future__ import annotations

from labeler import TopicClassifier
from labeler.papers import Paper
from labeler.score.nearest import NearestPapers

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
