"""The command that lists judgements that are probably slips."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labeler.cli.suspects import text_of
from labeler.config import find_workspace
from labeler.flows.suspects import Suspects, suspects
from labeler.suspects.contradictions import Contradiction
from tests.conftest import Labeler
from tests.flows.test_suspects import with_slips


@pytest.mark.slow
def test_people_see_why(labeler: Labeler, workspace: Path) -> None:
    titles = with_slips(workspace, "single")
    text = labeler("suspects", "--count", "5").out
    assert text.splitlines()[0].startswith("3 judged papers are in doubt, of 45 judged papers, each held out when")
    assert all(title in text for title in titles)
    assert "   judged: Vision" in text
    assert "   model: Robots " in text
    record = json.loads(labeler("suspects", "--json").out)
    assert record["found"] == 3
    assert set(record["suspects"][0]) >= {"paper", "gain", "given", "wrong", "missing", "control"}
    found = suspects(find_workspace(str(workspace)), 5)
    assert_reasons(found)


def assert_reasons(found: Suspects) -> None:
    """Each contradiction is a sentence, and controls are told at the end."""
    reasons = (
        Contradiction(0, "copy", ("robots",), other=1),
        Contradiction(0, "change", ("robots", "speech"), who="ada"),
        Contradiction(0, "parent", ("robots", "speech"), who="ada"),
        Contradiction(0, "keyword", ("robots",), word="soup"),
    )
    text = text_of(replace(found, shown=[replace(found.shown[0], contradictions=reasons, control=True)]))
    assert "is nearly the same text, judged otherwise on Robots" in text
    assert "ada judged it twice, and otherwise on Robots, Speech" in text
    assert "ada chose Robots without Speech, which is above it" in text
    assert "it holds 'soup', which papers of Robots do not hold" in text
    assert "Number 1 is no suspect and was drawn at random" in text
    several = [replace(found.shown[0], control=number > 0) for number in range(3)]
    assert "Numbers 2 and 3 are no suspects and were drawn at random" in text_of(replace(found, shown=several))
    assert text_of(replace(found, shown=[])).startswith("No judgement looks like a slip")


def test_without_a_model_it_is_not_there(labeler: Labeler, workspace: Path) -> None:
    outcome = labeler("suspects")
    assert outcome.code == 4
    assert "labeler train" in outcome.err
