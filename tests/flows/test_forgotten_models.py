"""Which versions have learned from what was forgotten; tests/flows/test_forget.py has what becomes of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.evaluation.frozen import EvaluationSet
from labeler.flows.forgotten_models import Renewed, renew, with_traces
from labeler.judgements import JudgementLog
from labeler.judgements.forgotten import Tombstone
from labeler.modelstore import ModelStore
from labeler.papers import Paper
from tests.conftest import Labeler

AT = "2000-01-01T00:00:00Z"  # when does not count: clocks of two clones differ
NOBODY = EvaluationSet()


def found(folder: Path, *stones: Tombstone, evaluation: EvaluationSet = NOBODY) -> list[str]:
    log = JudgementLog(folder / "annotations/judgements.jsonl").read().judgements
    return [version.label for version in with_traces(ModelStore(folder / "models"), stones, log, evaluation)]


def test_a_version_knows_its_papers(trained: Path) -> None:
    judged = JudgementLog(trained / "annotations/judgements.jsonl").read().judgements
    mine = next(one for one in judged if one.yes and one.annotator.startswith("ada")).as_paper()
    other = Paper.make("A paper that nobody has judged", "It says little.")
    assert found(trained, Tombstone.of_paper([mine], AT, 1)) == ["mine@1"]
    assert found(trained, Tombstone.of_paper([other], AT, 0)) == []
    assert found(trained, Tombstone.of_paper([other], AT, 0), Tombstone.of_paper([mine], AT, 1)) == ["mine@1"]
    assert found(trained) == []


def test_a_paper_that_measured_a_version_counts(trained: Path) -> None:
    other = Paper.make("A paper that nobody has judged", "It says little.")
    path = trained / "models/mine/1/manifest.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"kept_apart": "0123"}))
    apart = EvaluationSet((other.ids,), "0.2")
    assert found(trained, Tombstone.of_paper([other], AT, 0), evaluation=apart) == ["mine@1"]
    assert found(trained, Tombstone.of_paper([other], AT, 0)) == []


def test_unread_papers_and_soft_labels_are_not_known_so_that_a_version_may_have_learned_from_any(trained: Path) -> None:
    other = Paper.make("A paper that nobody has judged", "It says little.")
    path = trained / "models/mine/1/manifest.json"
    record = json.loads(path.read_text())
    record["parameters"]["unread"] = 7
    path.write_text(json.dumps(record))
    assert found(trained, Tombstone.of_paper([other], AT, 0)) == ["mine@1"]


def test_a_person_is_known_by_the_papers_as_long_as_the_log_has_them(trained: Path) -> None:
    log = trained / "annotations/judgements.jsonl"
    count = sum(one.annotator == "ada@example.org" for one in JudgementLog(log).read().judgements)
    stone = Tombstone.of_annotator(["ada@example.org"], AT, count)
    assert found(trained, stone) == ["mine@1"]
    assert found(trained, Tombstone.of_annotator(["cy"], AT, 3)) == []  # who was not in the log at the training
    manifest = trained / "models/mine/1/manifest.json"
    record = json.loads(manifest.read_text())
    del record["annotators"]  # as versions of earlier programs have none
    manifest.write_text(json.dumps(record))
    assert found(trained, stone) == ["mine@1"]
    assert found(trained, Tombstone.of_annotator(["cy"], AT, 0)) == []
    assert found(trained, Tombstone.of_annotator(["cy"], AT, 3)) == ["mine@1"]  # whose lines are gone
    (trained / "models/mine/1/weights.safetensors").write_bytes(b"damaged")
    assert found(trained, Tombstone.of_annotator(["cy"], AT, 0)) == ["mine@1"]


def test_versions_that_are_gone_are_passed_over(trained: Path) -> None:
    assert renew(find_workspace(str(trained)), ["mine@7", "other@1"], print) == []


@pytest.mark.slow
def test_what_a_killed_process_left_of_a_removed_version_goes(trained: Path) -> None:
    left = trained / "models/mine/.new-abcd0123/removed"
    shutil.copytree(trained / "models/mine/1", left)
    assert renew(find_workspace(), [], str) == []
    assert not left.parent.exists()


def test_what_was_trained_on_just_the_same_stays(trained: Path, labeler: Labeler) -> None:
    (done,) = renew(find_workspace(str(trained)), ["mine@1"], lambda _: None)
    assert done == Renewed((), "mine@1")
    assert ModelStore(trained / "models").current() == "mine@1"


def test_it_is_told_in_words() -> None:
    assert Renewed(("a@1",), "a@2").sentence() == "Trained a@2 from what is left, and removed a@1."
    assert (
        Renewed(("a@1",), "a@2", unread=80)
        .sentence()
        .endswith(
            "It has not learned from the 80 unread papers that it was given before: `labeler train --unread INPUT` "
            "does so again."
        )
    )
    assert Renewed(("a@1", "a@2")).sentence() == "Removed a@1, a@2."
    assert Renewed(("a@1",), None, "too few").sentence() == "Removed a@1. No model takes their place: too few."
