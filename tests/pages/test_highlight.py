"""The words of a paper that speak for a topic, marked in its text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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


def test_signs_in_a_term_are_signs() -> None:
    assert marked("c++ (a.b) axb", "a.b", "") == ["a.b"]


@given(st.text(), st.lists(st.text(max_size=5), max_size=4))
def test_no_letter_is_lost(text: str, terms: list[str]) -> None:
    assert "".join(piece.text for piece in highlighted(text, terms)) == text
