"""The command that tells of the people who judge papers."""

from __future__ import annotations

import json
from pathlib import Path

from labeler.annotators.agreement import SelfAgreement
from labeler.annotators.people import WithOthers
from labeler.annotators.resamples import Figure
from labeler.cli.annotators import text_of
from labeler.flows.annotators import People, Person
from labeler.flows.status import Annotator
from tests.conftest import Labeler
from tests.paths import SAMPLES


def test_people_see_a_table(labeler: Labeler, workspace: Path) -> None:
    assert labeler("annotators").out == "Nobody has judged a paper yet.\n"
    assert labeler("import", SAMPLES / "export.json").code == 0
    head, ada, _ = labeler("annotators").out.splitlines()
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
    ada = Person(Annotator(judged=200), "2026-01-01", "2026-02-01", others, SelfAgreement("ada", 9, 7, 2))
    alone = Person(Annotator(judged=1), "2026-01-01", "2026-01-01", None, None)
    text = text_of(People({"ada": ada, "bo": alone}, []))
    assert "ada: agreement with the others fell, from 0.90 [0.85, 0.95] in the first half" in text
    assert "ada: just the same answer to 7 of 9 papers asked twice." in text
    assert "ada: corrected 2 of the own answers." in text
    assert text.count("bo") == 1
