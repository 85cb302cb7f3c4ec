"""The words of a paper that speak for a topic, marked in its text."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from labeler.digests import open_sources
from labeler.flows.label import labelling
from labeler.modelstore import ModelStore
from labeler.pages.highlight import highlighted


def marked(text: str, *terms: str) -> list[str]:
    return [piece.text for piece in highlighted(text, terms) if piece.marked]


def test_words_and_pairs_are_marked_as_whole_words() -> None:
    text = "A Robot arm: robots, robot-arm and ROBOT arms."
    assert marked(text, "robot") == ["Robot", "robot", "ROBOT"]
    assert marked(text, "robot arm") == ["Robot arm", "robot-arm"]
    assert marked(text, "robot", "robot arm") == ["Robot arm", "robot-arm", "ROBOT"]


def test_characters_of_scripts_without_blanks_are_found_inside_others() -> None:
    assert marked("机器人抓取物体", "抓取") == ["抓取"]


def test_terms_are_found_as_a_model_finds_them() -> None:
    text = "A net of networks on a net"
    assert marked(text, "net of") == ["net of"]
    assert marked(text, "on net", "net") == ["net", "on a net"]  # a model has no words of one letter
    assert marked("graph neural network", "graph neural", "neural network") == ["graph neural network"]
    assert marked("İstanbul ROBOT", "robot") == ["ROBOT"]
    assert marked("c++ robot", "", "c++") == []


def test_terms_of_models_that_know_no_single_characters_are_found() -> None:
    assert marked("机器人 抓取", "机器人") == ["机器人"]


def test_words_with_vowel_points_are_found_by_those_without_and_marked_whole() -> None:
    text = "قرأتُ الكِتَابَ، والكتب"
    assert marked(text, "الكتاب") == ["الكِتَابَ"]
    assert marked(text, "قرات الكتاب") == ["قرأتُ الكِتَابَ"]
    assert marked("مـدرسة", "مدرسه") == ["مـدرسة"]
    assert marked("आवाज़", "आवाज़") == marked("आवाज़", "आवाज") == ["आवाज़"]  # of an earlier model, and of one of today


def test_every_word_behind_a_topic_is_marked(trained_once: Path, digest: Path) -> None:
    job = labelling(ModelStore(trained_once / "models"), None)
    told = 0
    for item in job.label(open_sources([str(digest)])):
        for word in (word for _, _, words in item.topics for word in words):
            assert marked(item.paper.title, word) or marked(item.paper.abstract, word), (word, item.paper.title)
            told += 1
    assert told > 20


@given(st.text(), st.lists(st.text(max_size=5), max_size=4))
def test_no_letter_is_lost(text: str, terms: list[str]) -> None:
    assert "".join(piece.text for piece in highlighted(text, terms)) == text
