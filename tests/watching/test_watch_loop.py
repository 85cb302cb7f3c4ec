"""The loop by itself: papers for review go to a real server, judgements come back, and a model is trained."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from labeler.watching import inputs
from tests.conftest import Labeler
from tests.paths import SAMPLES
from tests.studio.annotating import choices
from tests.watching.conftest import SETTINGS, arrive, watch_with


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PAUSE", 0.0)


def annotate(studio: Any) -> int:
    """A person answers all that waits; return how many papers that were."""
    with (SAMPLES / "digest-topics.csv").open(encoding="utf-8") as stream:
        meant = {row["title"]: row["topics"].split("; ") for row in csv.DictReader(stream)}
    own = Path("annotations/workspace.id").read_text().strip()
    (project,) = (one for one in studio.projects.list() if own in str(one.description))
    answered = 0
    for task in studio.tasks.list(project=project.id):
        labels = ["None of these" if topic == "none" else topic for topic in meant[task.data["title"]]]
        studio.annotations.create(id=task.id, result=[choices(*labels)])
        answered += 1
    return answered


@pytest.mark.slow
def test_papers_are_asked_answers_learned_from_and_the_next_papers_labelled(
    labeler: Labeler, watched: Path, studio: Any
) -> None:
    watch_with(watched, SETTINGS.replace("digest.md", "digest.html") + "push = 12\npull = true\ntrain = 12\n")
    shutil.copy(SAMPLES / "digest.txt", "inbox/monday.txt")
    first = labeler("watch", "--once")
    assert first.code == 0, first.err
    assert "12 papers sent to http" in first.err
    assert Path("digest.html").read_text().count("?task=") >= 1  # the page leads to the tasks
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"
    assert annotate(studio) == 12
    arrive(watched, "tuesday.jsonl", ["Robots that grasp"])
    second = labeler("watch", "--once")
    assert second.code == 0, second.err
    assert "12 judgements brought from http" in second.err
    assert "trained mine@1 with 12 newly judged papers" in second.err
    assert "1 new paper, labelled by mine@1" in second.err
    assert "trained" not in labeler("watch", "--once").err


def test_a_dead_label_studio_stops_nothing_and_is_tried_again(
    labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    watch_with(watched, SETTINGS + "push = 12\npull = true\ntrain = 12\n")
    arrive(watched, "monday.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 5
    assert Path("latest.jsonl").exists()
    assert labeler("watch", "--once").code == 5  # the papers still wait to be sent


def test_papers_that_were_judged_without_a_server_are_learned_from(labeler: Labeler, watched: Path) -> None:
    watch_with(watched, SETTINGS + "train = 12\n")
    labeler("import", SAMPLES / "export.json")
    assert "trained mine@1 with" in labeler("watch", "--once").err
    assert "trained" not in labeler("watch", "--once").err
