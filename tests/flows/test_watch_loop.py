"""What a watch does with judgements, where there is no server."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.flows.watch_loop import pull_judgements, train_if_due
from labeler.judgements import JudgementLog
from labeler.modelstore import ModelStore
from tests.judgements.factories import judgement

TOPICS = ("llm", "agents", "vision", "generation", "speech", "robotics", "science", "safety")


def test_where_nothing_was_pushed_nothing_is_brought(workspace: Path) -> None:
    assert pull_judgements(find_workspace()) == []


def test_without_a_judgement_or_with_none_that_is_new_nothing_is_trained(workspace: Path, trained: Path) -> None:
    assert train_if_due(find_workspace(str(workspace)), 1) == []
    known = find_workspace(str(trained))
    assert train_if_due(known, 1) == []
    assert len(list((trained / "models" / "mine").iterdir())) == 1


@pytest.mark.slow
def test_as_few_as_wanted_are_enough(trained: Path) -> None:
    known = find_workspace()
    said = [judgement("safety", number=number, title=f"Paper {number} on locks", offered=TOPICS) for number in range(2)]
    JudgementLog(known.judgements).update(lambda _: said)
    assert train_if_due(known, 3) == []
    (told,) = train_if_due(known, 2)
    assert ModelStore(known.models).newest("mine") is not None
    assert "mine@2" in told


def test_too_few_judgements_are_told(workspace: Path) -> None:
    known = find_workspace()
    JudgementLog(known.judgements).update(lambda _: [judgement("llm", offered=TOPICS)])
    told = train_if_due(known, 1)
    assert len(told) == 1
