from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.evaluation.edits import abbreviations_written_out, edits, other_number, other_order, other_spelling

KNOWN = {"robot", "robots", "camera", "cameras", "wall", "walls", "glass", "data"}


def test_three_words_change_their_number() -> None:
    text = "Robots and a camera\nA wall of glass and the data of robots."
    assert other_number(text, KNOWN) == "robot and a cameras\nA walls of glass and the data of robot."
    assert other_number("Nothing known here", KNOWN) == "Nothing known here"


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (
            "We use a hidden Markov model (HMM). The HMM, and two HMMs, learn.",
            "We use a hidden Markov model (HMM). The hidden Markov model, and two HMMs, learn.",
        ),
        (
            "Large Language Models (LLMs) talk. LLM talk.",
            "Large Language Models (LLMs) talk. Large Language Models talk.",
        ),
        ("Nothing is meant by it (ABC). ABC.", "Nothing is meant by it (ABC). ABC."),
    ],
)
def test_abbreviations_are_written_out_where_they_are_explained(text: str, edited: str) -> None:
    assert abbreviations_written_out(text) == edited


def test_spelling_changes_to_and_fro() -> None:
    text = "Modeling Behavior by optimization of color"
    assert other_spelling(text) == "Modelling Behaviour by optimisation of colour"
    assert other_spelling(other_spelling(text)) == text


def test_sentences_change_places_and_the_title_stays() -> None:
    assert other_order("Title\nOne is first. Two is last.") == "Title\nTwo is last. One is first."


@given(st.text(max_size=200))
def test_any_text_can_be_edited(text: str) -> None:
    for edit in edits(KNOWN).values():
        assert isinstance(edit(text), str)
