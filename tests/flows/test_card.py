"""The steps of the card of a version."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import NotFoundError
from labeler.flows.card import card_of
from labeler.flows.evaluate import Judged, evaluate
from labeler.modelstore import ModelStore, shipped_versions
from tests.conftest import renew_model


def test_a_card_has_the_figures_of_the_evaluation(trained: Path) -> None:
    workspace = find_workspace()
    store = ModelStore(workspace.models)
    found = evaluate(workspace, store, None, Judged(), compare=False).found
    text = card_of(workspace, store, None)
    robots = next(one for one in found.unseen.figures.topics if one.topic == "robotics")
    assert robots.f1
    row = next(line for line in text.splitlines() if line.startswith("| Robotics and control |"))
    assert f"| {robots.papers} |" in row
    assert f"{robots.f1.value:.2f} [{robots.f1.low:.2f}, {robots.f1.high:.2f}]" in row


def test_a_card_is_of_the_version_that_is_named(trained: Path, trained_twice: Path) -> None:
    renew_model(trained, trained_twice)
    workspace = find_workspace()
    store = ModelStore(workspace.models)
    assert [card_of(workspace, store, label).splitlines()[0] for label in ("mine@1", "mine@2", None)] == [
        "# mine@1",
        "# mine@2",
        "# mine@2",
    ]
    with pytest.raises(NotFoundError, match="mine@9"):
        card_of(workspace, store, "mine@9")


def test_without_a_judged_paper_a_card_has_todays_names_and_the_figures_of_the_training(trained: Path) -> None:
    workspace = find_workspace()
    workspace.judgements.unlink()
    topics = trained / "annotations" / "topics.toml"
    topics.write_text(topics.read_text().replace("Robotics and control", "Robots of today"))
    text = card_of(workspace, ModelStore(workspace.models), None)
    assert "Robots of today" in text
    figures = ModelStore(workspace.models).find(None).manifest.training.figures
    assert f"macro-F1 on papers held out: {figures.measured['macro_f1'].value:.2f}" in text


def test_the_model_that_comes_along_needs_no_workspace(tmp_path: Path) -> None:
    text = card_of(None, ModelStore(tmp_path), None)
    assert text.startswith(f"# {shipped_versions()[-1].label} ")
