"""The command that tells of the people who judge papers."""

from __future__ import annotations

import json
from pathlib import Path

from labeler.annotators.agreement import SelfAgreement
from labeler.annotators.careless import Cell, Rightness
from labeler.annotators.choice import Choice
from labeler.annotators.people import WithOthers
from labeler.annotators.resamples import Figure
from labeler.cli.annotators import text_of
from labeler.flows.annotators import People, Person
from labeler.flows.status import Annotator
from labeler.topics import NONE_OF_THESE
from tests.conftest import Labeler
from tests.paths import SAMPLES

CELL = Cell("Vision", "Speech", 20.0, Figure(0.3, 0.2, 0.4))
RIGHT = Rightness("ada", 200, Figure(0.8, 0.7, 0.9), Figure(0.1, 0.0, 0.2), 0.96, 0.3, (CELL,))


def test_people_see_a_table(labeler: Labeler, workspace: Path) -> None:
    assert labeler("annotators").out == "Nobody has judged a paper yet.\n"
    assert labeler("import", SAMPLES / "export.json").code == 0
    head, ada, _, told = labeler("annotators").out.splitlines()
    assert told.startswith(
        "Where annotators differ, what counts is the majority vote: with 40 papers judged by two, and"
    )
    assert head.split() == ["annotator", "judged", "skipped", "unsure", "seconds", "shared", "the", "same"]
    assert ada.split() == ["ada@example.org", "107", "1", "1", "28.3", "40", "45%"]
    assert max(map(len, (head, ada))) <= 80


def test_json_has_all_figures(labeler: Labeler, workspace: Path) -> None:
    assert labeler("import", SAMPLES / "export.json").code == 0
    found = json.loads(labeler("annotators", "--json").out)["annotators"]["ben@example.org"]
    assert (found["judged"], found["others"]["papers"], found["self"]) == (101, 40, None)
    assert found["others"]["agreement"]["low"] is None


def test_what_moved_and_what_was_asked_twice_is_told() -> None:
    others = WithOthers("ada", 200, Figure(0.7, 0.6, 0.8), Figure(0.9, 0.85, 0.95), Figure(0.5, 0.4, 0.6))
    ada = Person(Annotator(judged=200), "2026-01-01", "2026-02-01", others, SelfAgreement("ada", 9, 7, 2), RIGHT)
    alone = Person(Annotator(judged=1), "2026-01-01", "2026-01-01", None, None, None)
    text = text_of(People({"ada": ada, "bo": alone}, Choice(papers=70, annotators=1), [], "single"))
    assert "ada: agreement with the others fell, from 0.90 [0.85, 0.95] in the first half" in text
    assert "ada: gave just the same answer to 7 of 9 papers asked twice." in text
    assert "ada: corrected 2 of the own answers." in text
    assert (
        "ada: 0.80 [0.70, 0.90] of the answers are right by the consensus; most often Speech in place of Vision, of "
        "whose papers 0.30 [0.20, 0.40] are taken so.\nada gives the same answer to 96% of papers" in text
    )
    assert text.endswith("the answers do not tell who is right.")
    assert text.count("bo") == 1


def test_in_multi_mode_topics_are_left_out_or_given_without_cause() -> None:
    def told(truth: str, said: str) -> str:
        right = RIGHT._replace(confusion=(Cell(truth, said, 20.0, Figure(0.3, 0.2, 0.4)),))
        ada = Person(Annotator(judged=200), "2026-01-01", "2026-02-01", None, None, right)
        return text_of(People({"ada": ada}, Choice(), [], "multi"))

    assert "most often Vision is left out of 0.30 [0.20, 0.40] of its papers." in told("Vision", NONE_OF_THESE)
    given = "most often Vision is given without cause to 0.30 [0.20, 0.40] of the papers without it."
    assert given in told(NONE_OF_THESE, "Vision")
