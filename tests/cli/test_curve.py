"""The command that says what more labels would bring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.cli.curve import recall_text
from labeler.config import find_workspace
from labeler.flows.recall import recall
from tests.conftest import Labeler
from tests.flows.test_curve import judged_papers
from tests.flows.test_recall import screened


@pytest.mark.slow
def test_people_see_the_curve_and_what_follows(labeler: Labeler, workspace: Path) -> None:
    judged_papers(workspace, "single", 25)
    outcome = labeler("curve", "--target", "0.95", "--more", "50")
    assert outcome.code == 0
    assert outcome.err.startswith("16 models are trained on parts of 75 judged papers …\nThe first 4 took 0:")
    assert "training 1" not in outcome.err  # for a person at a terminal
    assert "Macro-F1 by number of judged papers" in outcome.out
    assert "For a macro-F1 of 0.95: " in outcome.out
    assert "50 more labels would add" in outcome.out
    assert "needs for 0.95" in outcome.out
    assert max(map(len, outcome.out.partition("By topic")[2].splitlines())) <= 80


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
