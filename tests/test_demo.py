"""The demo: what a stranger sees first."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Labeler
from tests.paths import ROOT, SAMPLES


@pytest.mark.slow
def test_the_demo_shows_topics_and_leaves_nothing_behind(labeler: Labeler, tmp_path: Path) -> None:
    before = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    theirs = tmp_path / "theirs"
    labeler("--quiet", "init", theirs)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "TMPDIR": str(temporary), "LABELER_WORKSPACE": str(theirs)}
    done = subprocess.run(
        ["sh", SAMPLES / "demo.sh"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "Trained mine@1" in done.stdout
    assert "Robotics and control" in done.stdout
    assert "Try next" in done.stdout
    assert "Traceback" not in done.stderr
    assert list(temporary.iterdir()) == []
    assert not (theirs / "annotations/judgements.jsonl").exists(), "invented judgements stay out of a user's log"
    after = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert after == before


def test_the_demos_model_is_right_on_most_papers_and_not_on_all(labeler: Labeler, trained: Path, digest: Path) -> None:
    with (SAMPLES / "digest-topics.csv").open(encoding="utf-8") as stream:
        meant = {row["title"]: set(row["topics"].split("; ")) for row in csv.DictReader(stream)}
    records = [json.loads(line) for line in labeler("label", digest, "--to", "jsonl").out.splitlines()]
    right = sum(
        ({item["topic"] for item in record["topics"][:1]} or {"none"}) <= meant[record["title"]] for record in records
    )
    assert len(records) == 24
    assert 18 <= right < 24


def test_the_samples_are_as_their_readme_says() -> None:
    tasks = json.loads((SAMPLES / "export.json").read_text(encoding="utf-8"))
    annotations = [annotation for task in tasks for annotation in task["annotations"]]
    assert (len(tasks), len(annotations)) == (172, 212)
    assert sum(len(task["annotations"]) == 2 for task in tasks) == 40
    assert len({annotation["completed_by"]["email"] for annotation in annotations}) == 2
    assert any(annotation["was_cancelled"] for annotation in annotations)
    differing = [task for task in tasks if len({str(chosen(one)) for one in task["annotations"]}) > 1]
    assert 10 <= len(differing) < 40


def chosen(annotation: dict[str, list[dict[str, dict[str, list[str]]]]]) -> list[str]:
    return [
        label for row in annotation["result"] if "choices" in row["value"] for label in sorted(row["value"]["choices"])
    ]
