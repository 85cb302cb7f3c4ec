"""The command that says what each strategy of asking would have come to."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from labeler.flows.simulate import simulate
from tests.conftest import Labeler
from tests.flows.test_simulate import quick_papers


@pytest.mark.slow
def test_people_see_the_strategies_beside_each_other(
    labeler: Labeler, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.flows.simulate.simulate", partial(simulate, orders=2))
    quick_papers(workspace, "single", 21)
    outcome = labeler("simulate", "--target", "0.9")
    assert outcome.code == 0
    assert "Macro-F1 by number of labels (d diverse, m margin, i mix, r random)" in outcome.out
    assert " would have reached a macro-F1 of 0.900 with " in outcome.out
    assert "Over all rounds the mean macro-F1 of " in outcome.out
    assert "63 judged papers are few" in " ".join(outcome.err.split())
    table = outcome.out[outcome.out.index("  strategy") :].split("\n\n")[0].splitlines()
    assert len(table) == 5
    assert max(map(len, table)) <= 80
    assert json.loads(labeler("simulate", "--json").out)["papers"] == 63


@pytest.mark.parametrize("target", ["0", "1", "80", "-0.5"])
def test_a_target_is_a_share(labeler: Labeler, workspace: Path, target: str) -> None:
    outcome = labeler("simulate", "--target", target)
    assert outcome.code == 2
    assert "between 0 and 1" in outcome.err


def test_without_judgements_there_is_no_simulation(labeler: Labeler, workspace: Path) -> None:
    outcome = labeler("simulate")
    assert outcome.code == 3
    assert len(outcome.err.strip().splitlines()) <= 3
