"""The command that says what more labels would bring."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labeler.cli.curve import gain_sentence, needed_words, recall_text, text_of
from labeler.config import find_workspace
from labeler.flows.curve import Curve, curve
from labeler.flows.recall import recall
from labeler.learning_curve.projection import Needed
from tests.conftest import Labeler
from tests.flows.test_curve import judged_papers
from tests.flows.test_recall import screened


@pytest.mark.slow
def test_people_see_the_curve_and_what_follows(labeler: Labeler, workspace: Path) -> None:
    judged_papers(workspace, "single", 25)
    outcome = labeler("curve", "--target", "0.95", "--more", "50")
    assert outcome.code == 0
    assert "Macro-F1 by number of judged papers" in outcome.out
    assert "For a macro-F1 of 0.95: " in outcome.out
    assert "50 more labels would add" in outcome.out
    assert "needs for 0.95" in outcome.out
    record = json.loads(labeler("curve", "--json").out)
    assert record["target"] is record["needed"] is None
    found = curve(find_workspace(str(workspace)))
    assert "needs for" not in text_of(found)
    assert_narrow(replace(found, target=0.95))
    assert_sentences(replace(found, gain=found.gain._replace(below=0.95)), "You may stop, as far as this figure goes")
    assert_sentences(replace(found, gain=found.gain._replace(below=0.2)), "Going on may be worth it")


def assert_narrow(found: Curve) -> None:
    """The table of topics fits a terminal of 80 columns, with long names and large numbers."""
    topics = [
        one._replace(topic="a topic of a long name " * 3, needed=Needed(20_000, 10_000, 100_000))
        for one in found.topics
    ]
    text = text_of(replace(found, topics=topics))
    assert "10,000 to 100,000" in text
    assert max(map(len, text.partition("By topic")[2].splitlines())) <= 80


def assert_sentences(found, begin: str) -> None:  # type: ignore[no-untyped-def]
    assert gain_sentence(found).startswith(begin)


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


@pytest.mark.parametrize("target", ["0", "1", "80", "-0.5"])
def test_a_target_is_a_share(labeler: Labeler, workspace: Path, target: str) -> None:
    outcome = labeler("curve", "--target", target)
    assert outcome.code == 2
    assert "between 0 and 1" in outcome.err


def test_without_judgements_there_is_no_curve(labeler: Labeler, workspace: Path) -> None:
    outcome = labeler("curve")
    assert outcome.code == 3
    assert len(outcome.err.strip().splitlines()) <= 3


def test_who_looks_for_all_papers_of_a_topic_is_told_whether_to_stop(labeler: Labeler, workspace: Path) -> None:
    everything = screened(workspace, 60)
    text = labeler("curve", "--recall", "0.95", "--topic", "Robots", everything).out
    assert text.startswith("60 of 200 papers are judged (30%), 10 of them are of Robots.")
    assert "Go on: " in text
    assert "hold none of that topic, you may stop." in text
    found = recall(find_workspace(str(workspace)), [str(everything)], "robots", 0.95)
    assert "You may stop: with 95% confidence, at least 95%" in recall_text(
        replace(found, stopping=found.stopping._replace(p=0.01))
    )
    assert "nothing can be said" in recall_text(replace(found, stopping=found.stopping._replace(found=0, p=1.0)))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--recall", "95", "--topic", "robots", "all.csv"],
        ["--recall", "0.95", "all.csv"],
        ["--recall", "0.95", "--topic", "robots"],
        ["--topic", "robots"],
        ["all.csv"],
    ],
)
def test_recall_goes_with_a_topic_and_papers(labeler: Labeler, workspace: Path, arguments: list[str]) -> None:
    assert labeler("curve", *arguments).code == 2
