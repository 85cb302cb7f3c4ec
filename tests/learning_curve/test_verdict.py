from __future__ import annotations

import pytest

from labeler.learning_curve.projection import Gain, Needed
from labeler.learning_curve.verdict import gain_sentence, needed_words, target_sentence
from labeler.measure.estimates import Estimate


@pytest.mark.parametrize(
    ("below", "begin"),
    [
        (0.95, "You may stop, as far as this figure goes: "),
        (0.74, "It is not sure yet that you may stop: "),
        (0.2, "Going on may be worth it: "),
    ],
)
def test_whether_to_go_on_is_said_first(below: float, begin: str) -> None:
    said = gain_sentence(Gain(100, Estimate(0.004, -0.001, 0.009), 0.01, below))
    assert said.startswith(begin)
    assert "100 more labels would add 0.004 (90 %: 0.000 to 0.009)" in said


def test_a_target_is_told_with_what_it_needs() -> None:
    assert target_sentence(0.8, Needed(900, 700, None), 400) == (
        "For a macro-F1 of 0.8: about 900 judged papers (90 %: 700 to more than can be told)."
    )


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (Needed(400, 400, 400), "reached with the judged papers there are"),
        (Needed(400, 400, 900), "about 400 judged papers (90 %: those there are to 900)"),
        (Needed(1200, 800, None), "about 1,200 judged papers (90 %: 800 to more than can be told)"),
        (Needed(None, 800, None), "more than can be told (90 %: 800 to more than can be told)"),
        (Needed(None, None, None), "not within reach of twenty times the labels there are (90 % sure)"),
    ],
)
def test_how_many_are_needed_in_words(needed: Needed, words: str) -> None:
    assert needed_words(needed, 400) == words
