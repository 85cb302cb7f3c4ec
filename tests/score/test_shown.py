"""Decisions and models in a notebook."""

from __future__ import annotations

import re

import pytest

from labeler.score.decision import AMBIGUOUS, AUTO, DECISIONS, REVIEW, Decision
from labeler.score.shown import _WORDS
from labeler.topics import Mode
from tests.learn.factories import fitted


def test_a_decision_says_what_it_means_and_shows_the_largest_probabilities() -> None:
    scores = {f"topic {number}": number / 100 for number in range(30)}
    shown = Decision(("topic 29",), scores, AUTO)._repr_html_()
    assert ">topic 29</div>" in shown
    assert "auto: The model is sure." in shown
    assert re.findall(r">(topic \d+)</td><td[^>]*>([\d.]+)<", shown)[:2] == [("topic 29", "0.29"), ("topic 28", "0.28")]
    assert ">topic 5</td>" not in shown


def test_a_doubtful_decision_says_why_and_names_are_escaped() -> None:
    shown = Decision((), {"<b>": 0.4}, REVIEW, AMBIGUOUS, torn=("<b>", None), also=(("<i>", 0.3),))._repr_html_()
    assert "review (ambiguous): A person should look." in shown
    assert "Between: &lt;b&gt;, none of these." in shown
    assert "Likely listed under &lt;i&gt;, too." in shown
    assert ">no topic</div>" in shown


def test_every_decision_has_its_words() -> None:
    assert set(_WORDS) == set(DECISIONS)


@pytest.mark.parametrize(
    ("mode", "words"), [(Mode.SINGLE, "one topic a paper"), (Mode.MULTI, "several topics a paper")]
)
def test_a_model_shows_of_how_many_papers_it_learned_each_topic(mode: Mode, words: str) -> None:
    model = fitted(mode).model_
    shown = model._repr_html_()
    assert f"Learned from {model.judged_papers} judged papers; {words}." in shown
    found = re.findall(r">(\w+)</td><td[^>]*>(\d+)<", shown)
    assert found == [(topic, str(number)) for topic, number in zip(model.topics, model.examples, strict=True)]
