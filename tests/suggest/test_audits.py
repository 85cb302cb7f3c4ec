"""How good a model is on papers asked blind: only on those that it had not learned from, and only that model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.config import find_workspace
from labeler.digests import read_inputs
from labeler.judgements import Judgement, JudgementLog
from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model, save_model
from labeler.suggest.audits import ANOTHER, GONE, LEARNED, UNKNOWN, Audits, audits_of
from labeler.topics import load_scheme
from tests.conftest import Labeler
from tests.judgements.factories import judgement
from tests.paths import SAMPLES

TOPICS = ("llm", "agents", "vision", "generation", "speech", "robotics", "science", "safety")


def blind(
    papers: int, yes: str = "llm", fingerprint: str | None = None, year: str = "2100", **more: Any
) -> list[Judgement]:
    """Judgements of papers of the sample digest that were asked blind with mine@1.

    Without a ``fingerprint`` they are as earlier versions wrote them.
    """
    asked = {"strategy": "random", "audit": True, "batch": "b", "model": "mine@1"}
    asked |= {"fingerprint": fingerprint} if fingerprint else {}
    read = read_inputs([str(SAMPLES / "digest.txt")]).papers[:papers]
    return [
        judgement(
            yes,
            title=paper.title,
            abstract=paper.abstract,
            ids=paper.ids,
            **({"asked": asked, "offered": TOPICS, "at": f"{year}-01-01T00:00:00Z", "source": when(year, n)} | more),
        )
        for n, paper in enumerate(read)
    ]


def when(year: str, number: int) -> dict[str, Any]:
    """The source of an annotation that was made in a year."""
    return {"project": 1, "task": number, "annotation": 1000 + number, "created_at": f"{year}-01-01T00:00:00Z"}


def audits(*judgements: Judgement) -> Audits:
    """The audits of the current folder, after these judgements were added to the log."""
    workspace = find_workspace()
    log = JudgementLog(workspace.judgements)
    log.update(lambda _: judgements)
    return audits_of(ModelStore(workspace.models), log.read().judgements, load_scheme(workspace.topics))


def fingerprint() -> str:
    return ModelStore(find_workspace().models).find().fingerprint


def papers_of(found: Audits) -> tuple[list[int], list[tuple[int, str]]]:
    """How many papers were counted, and how many were not, with the reasons."""
    return (
        [audit.changes.papers for audit in found.counted],
        [(left_out.papers, left_out.reason) for left_out in found.uncounted],
    )


def without_list(workspace: Path) -> None:
    """The model as earlier versions of labeler saved it: it does not say which papers it learned from."""
    version = ModelStore(workspace / "models").find()
    model, training = load_model(version.folder), version.manifest.training
    shutil.rmtree(version.folder)
    save_model(replace(model, learned=None), version.folder, training, version.name, version.number)


def test_what_people_say_is_held_against_what_the_model_says(trained: Path) -> None:
    version = ModelStore(trained / "models").find()
    judged = blind(4, fingerprint=version.fingerprint)
    decided = load_model(version.folder).decide([item.as_paper() for item in judged], version.precision)
    right = [replace(item, yes=tuple(one.topics), no=(), id="") for item, one in zip(judged, decided, strict=True)]
    missing = "safety" if "safety" not in right[0].yes else "speech"
    right[0] = replace(right[0], yes=(*right[0].yes, missing), id="")
    (audit,) = audits(*right).counted
    record = audit.to_dict()
    assert (record["model"], record["fingerprint"]) == ("mine@1", version.fingerprint)
    assert (record["papers"], record["right"], record["changes"]["added_to"]) == (4, 3, 1)
    assert record["changes"]["topics"][missing]["added"] == 1
    assert sum(topic["taken_away"] for topic in record["changes"]["topics"].values()) == 0


@pytest.mark.slow
def test_a_new_model_of_the_same_name_is_not_taken_for_the_old_one(trained: Path, labeler: Labeler) -> None:
    assert papers_of(audits(*blind(5, fingerprint=fingerprint()))) == ([5], [])
    first = fingerprint()
    shutil.copytree(trained / "models", trained / "old")
    shutil.rmtree(trained / "models")
    assert papers_of(audits()) == ([], [(5, GONE)])
    assert labeler("train").code == 0
    assert ModelStore(trained / "models").find().label == "mine@1"
    assert fingerprint() != first
    assert papers_of(audits()) == ([], [(5, ANOTHER)])
    record = json.loads(labeler("status", "--json").out)
    assert record["audits"] == []
    assert [(one["model"], one["fingerprint"], one["papers"]) for one in record["audits_not_counted"]] == [
        ("mine@1", first, 5)
    ]
    assert f"5 papers asked blind with mine@1 not counted: {ANOTHER}." in labeler("status").out
    shutil.move(trained / "old/mine/1", trained / "models/mine/7")
    (counted,) = audits().counted
    assert (counted.model, counted.changes.papers) == ("mine@7", 5)


@pytest.mark.parametrize("has_list", [True, False])
def test_without_a_fingerprint_only_what_the_model_cannot_have_learned_counts(trained: Path, has_list: bool) -> None:
    if not has_list:
        without_list(trained)
    assert papers_of(audits(*blind(3))) == ([3], [])


@pytest.mark.slow
@pytest.mark.parametrize(("has_list", "reason"), [(True, LEARNED), (False, UNKNOWN)])
def test_what_a_model_has_learned_from_never_counts(
    trained: Path, labeler: Labeler, has_list: bool, reason: str
) -> None:
    shutil.rmtree(trained / "models")
    JudgementLog(trained / "annotations/judgements.jsonl").update(lambda _: blind(3, year="2026"))
    assert labeler("train").code == 0
    if not has_list:
        without_list(trained)
    assert papers_of(audits()) == ([], [(3, reason)])


def test_a_paper_that_was_judged_before_the_model_was_trained_may_have_been_learned(trained: Path) -> None:
    without_list(trained)
    late, early = blind(3), blind(2, annotator="bo", asked=None)
    early = [replace(item, source=when("2020", n + 50), id="") for n, item in enumerate(early)]
    assert papers_of(audits(*late, *early)) == ([1], [(2, UNKNOWN)])


@pytest.mark.parametrize("at", ["spring", ""])
def test_a_time_that_cannot_be_read_is_not_taken_for_a_late_one(trained: Path, at: str) -> None:
    without_list(trained)
    source = {"project": 1, "task": 1, "annotation": 1000}
    assert papers_of(audits(*blind(1, at=at, source=source))) == ([], [(1, UNKNOWN)])


def test_a_model_that_learned_from_tables_may_have_learned_from_any_paper(trained: Path) -> None:
    without_list(trained)
    manifest = trained / "models/mine/1/manifest.json"
    record = json.loads(manifest.read_text())
    record["tables"] = {"column": "topics", "complete": True, "files": [["a.csv", "0"]]}
    manifest.write_text(json.dumps(record))
    assert papers_of(audits(*blind(2))) == ([], [(2, UNKNOWN)])


def test_skipped_and_unsure_judgements_and_papers_on_which_people_are_tied_do_not_count(trained: Path) -> None:
    one, two, three = blind(3, fingerprint=fingerprint())
    tied = replace(one, annotator="bo", yes=(), source=when("2100", 77), id="")
    unsure, skipped = replace(two, unsure=True, id=""), replace(three, status="skipped", yes=(), no=(), id="")
    found = audits(one, tied, unsure, skipped)
    assert papers_of(found) == ([1], []), "on the other topics of the paper they agree"


def test_two_people_on_a_paper_count_once(trained: Path) -> None:
    judged = blind(3, fingerprint=fingerprint())
    others = [replace(item, annotator="bo", source=when("2100", 70 + n), id="") for n, item in enumerate(judged)]
    assert papers_of(audits(*judged, *others)) == ([3], [])


def test_topics_that_were_not_offered_say_nothing(trained: Path) -> None:
    (audit,) = audits(*blind(6, fingerprint=fingerprint(), offered=("llm",))).counted
    assert set(audit.changes.topics) <= {"llm"}


@pytest.mark.parametrize("change", ["hidden = true", 'parent = "all"'])
def test_topics_that_are_hidden_by_now_are_not_missed(trained: Path, change: str) -> None:
    (before,) = audits(*blind(24, "llm speech")).counted
    path = trained / "annotations" / "topics.toml"
    path.write_text(
        path.read_text().replace('id = "speech"', f'id = "speech"\n{change}')
        + '\n[[topic]]\nid = "all"\nname = "All"\nhidden = true\n'
    )
    (after,) = audits().counted
    assert "all" not in after.changes.topics
    assert ("speech" in after.changes.topics) == (change != "hidden = true")
    assert after.changes.topics["llm"] == before.changes.topics["llm"]
    assert after.changes.papers == before.changes.papers


def test_which_papers_a_model_learned_from_is_kept_with_it(trained: Path) -> None:
    model = load_model(trained / "models/mine/1")
    assert model.learned is not None
    assert (np.diff(model.learned.astype(object)) > 0).all()
    known = JudgementLog(trained / "annotations/judgements.jsonl").read().judgements
    learned = [item for item in known if model.has_learned_from(item.ids)]
    assert len({item.paper for item in learned}) == 163
    assert not any(model.has_learned_from(item.ids) for item in blind(24))
    assert model.has_learned_from([]) is False


def test_papers_asked_before_and_after_there_were_fingerprints_count_together(trained: Path) -> None:
    old = blind(6)
    new = [replace(one, asked={**(one.asked or {}), "fingerprint": fingerprint()}, id="") for one in old[3:]]
    assert papers_of(audits(*old[:3], *new)) == ([6], [])


def test_models_are_in_the_order_of_their_versions(trained: Path) -> None:
    for number in (2, 10):
        shutil.copytree(trained / "models/mine/1", trained / f"models/mine/{number}")
        manifest = trained / f"models/mine/{number}/manifest.json"
        record = json.loads(manifest.read_text())
        record["parameters"]["precision"] = 0.9 - number / 100
        manifest.write_text(json.dumps(record | {"version": number}))
    asked = [{"strategy": "random", "audit": True, "model": f"mine@{number}"} for number in (10, 1, 2)]
    found = audits(*(replace(one, asked=how, id="") for one, how in zip(blind(3), asked, strict=True)))
    assert [audit.model for audit in found.counted] == ["mine@1", "mine@2", "mine@10"]


def test_a_damaged_model_is_not_counted(trained: Path) -> None:
    known = fingerprint()
    (trained / "models/mine/1/weights.safetensors").write_bytes(b"no weights")
    assert papers_of(audits(*blind(2, fingerprint=known))) == ([], [(2, GONE)])
