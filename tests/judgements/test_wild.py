"""One line of a log, or one task of an export, may hold anything: it costs itself alone."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.errors import LabelerError
from labeler.flows.import_ import import_exports
from labeler.judgements import JudgementLog
from labeler.judgements.judged import judged_papers
from labeler.judgements.labels import current_judgements, labels_of
from labeler.judgements.revise import additions
from tests.conftest import run_labeler
from tests.judgements.factories import judgement, scheme
from tests.paths import SAMPLES
from tests.wild import mutations

ASKED = {"strategy": "mix", "batch": "b1", "audit": True}


@pytest.mark.slow
def test_a_line_of_the_log_may_hold_anything(workspace: Path) -> None:
    found = find_workspace()
    other = judgement("vision", number=2, title="Another paper")
    more: dict[str, Any] = {"asked": ASKED, "lead_time": 3.5, "supersedes": "x", "unknown": ["q"], "suggested": ["llm"]}
    for where, wild in mutations(judgement("llm").to_dict() | more):
        found.judgements.write_text(json.dumps(wild) + "\n" + json.dumps(other.to_dict()) + "\n")
        reading = JudgementLog(found.judgements).read()
        assert len(reading.judgements) + len(reading.faults) == 2, where
        assert other in current_judgements(reading.judgements), where
        assert additions(reading.judgements, [other]) == [], where
        labels_of(reading.judgements, scheme())
        assert judged_papers(found), where


def test_a_lead_time_that_is_none_is_not_known() -> None:
    for wild in ("abc", float("inf"), float("nan"), -1, [1], {}, "", None, 10**400):
        record = judgement("llm").to_dict() | {"lead_time": wild}
        assert type(judgement("llm")).from_dict(record).lead_time is None


@pytest.mark.slow
@pytest.mark.parametrize("part", ["task", "prediction", "origin"])
def test_a_task_of_an_export_may_hold_anything(workspace: Path, part: str) -> None:
    found = find_workspace()
    good, *others = json.loads((SAMPLES / "export.json").read_text())[:3]
    annotation = good["annotations"][0]
    annotation |= {"prediction": {"id": 3, "result": annotation["result"]}, "lead_time": 3.5, "was_cancelled": False}
    good["meta"] = {"asked": ASKED}
    changes = [(where, wild) for where, wild in mutations(good) if part == "task" or f"'{part}'" in where]
    for where, wild in random.Random(part).sample(changes, min(len(changes), 150)):
        Path("x.json").write_text(json.dumps([wild, *others]))
        found.judgements.unlink(missing_ok=True)
        try:
            counts = import_exports(found, ["x.json"], "topics", "text").counts()
        except LabelerError as error:
            raise AssertionError(where) from error
        assert counts["added"] >= len(others), where


def test_what_an_annotation_says_of_its_prediction_may_be_anything(workspace: Path) -> None:
    tasks = json.loads((SAMPLES / "export.json").read_text())[:3]
    tasks[0]["annotations"][0]["prediction"] = {"result": ["x"]}
    tasks[1]["annotations"][0]["result"][0]["origin"] = ["x"]
    Path("x.json").write_text(json.dumps(tasks))
    outcome = run_labeler("import", "x.json", "--json")
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["added"] == sum(len(task["annotations"]) for task in tasks)
