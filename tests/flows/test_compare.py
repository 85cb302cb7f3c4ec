"""The steps of the command that compares two versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError
from labeler.evaluation.frozen import drawn_set, write_evaluation_set
from labeler.flows.compare import Compared, compare_versions
from labeler.flows.evaluate import Judged, judged_set
from labeler.modelstore import ModelStore
from labeler.score.manifest import TrainingRecord
from labeler.score.persistence import load_model
from labeler.topics import load_scheme
from tests.conftest import renew_model
from tests.learn.factories import sample


@pytest.fixture
def twice(trained: Path, trained_twice: Path) -> Path:
    renew_model(trained, trained_twice)
    return trained


def compared(one: str = "mine@1", other: str = "mine@2", *inputs: str) -> Compared:
    workspace = find_workspace()
    return compare_versions(workspace, ModelStore(workspace.models), (one, other), Judged(inputs))


def test_versions_of_the_same_judgements_differ_in_decisions_alone(twice: Path) -> None:
    found = compared().found
    assert (found.before, found.after, found.flips) == ("mine@1", "mine@2", ())
    assert {one.difference.value for one in found.averages.values()} == {0.0}
    assert sum(found.decisions.values()) > 0
    assert found.papers == 163


def test_only_topics_of_both_are_compared_and_the_others_are_told(twice: Path) -> None:
    topics = twice / "annotations" / "topics.toml"
    scheme = load_scheme(topics)
    topics.write_text(topics.read_text().replace('id = "robotics"', 'id = "robotics"\nhidden = true', 1))
    outcome = compared()
    assert {one.topic for one in outcome.found.topics} == set(scheme.offered) - {"robotics"}
    assert any("without robotics" in note for note in outcome.notes)
    assert outcome.names["vision"] == scheme.name("vision")


def test_papers_that_are_kept_apart_are_those_that_are_compared_on(twice: Path) -> None:
    workspace = find_workspace()
    judged, _ = judged_set(workspace, Judged(), load_scheme(workspace.topics))
    write_evaluation_set(workspace.judgements.parent, drawn_set(judged, "0.4"))
    outcome = compared()
    assert outcome.is_evaluation_set
    assert 30 <= outcome.found.papers < 163
    assert not compared("mine@1", "mine@2", str(twice)).is_evaluation_set


def test_what_cannot_be_compared_is_refused(twice: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no workspace here"):
        compare_versions(None, ModelStore(tmp_path), ("a", "b"), Judged())
    with pytest.raises(NotFoundError, match="mine@9"):
        compared("mine@1", "mine@9")
    models = twice / "models" / "mine"
    (twice / "annotations" / "judgements.jsonl").rename(twice / "log.jsonl")
    with pytest.raises(InputError, match="no judged paper tells mine@1 and mine@2 apart"):
        compared()
    forgetful = replace(load_model(models / "1"), held_out_papers=None)
    ModelStore(models.parent).add("old", forgetful, TrainingRecord(), "A report.", use=False)
    with pytest.raises(InputError, match="no judged paper tells mine@1 and old@1 apart"):
        compared("mine@1", "old@1", str(twice / "log.jsonl"))


def test_versions_without_a_common_topic_are_refused_by_their_names(twice: Path) -> None:
    model = replace(sample(), linear=replace(sample().linear, topics=("owls", "birds", "songs")))
    ModelStore(find_workspace().models).add("other", model, TrainingRecord(), "A report.", use=False)
    with pytest.raises(
        InputError, match=r"have no topic in common: mine@1 has Language models, .*; other@1 has owls, birds"
    ):
        compared("mine@1", "other@1")
