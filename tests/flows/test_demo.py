"""The demo's workspace, and the samples in it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from labeler.errors import InputError
from labeler.flows.demo import furnish, samples
from tests.conftest import Labeler
from tests.paths import SAMPLES


def test_the_samples_of_a_checkout_are_those_in_annotations() -> None:
    assert samples() == SAMPLES


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(InputError, match="is there already"):
            furnish(place)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_becomes_a_workspace_with_the_samples(tmp_path: Path, labeler: Labeler) -> None:
    furnish(tmp_path)
    assert (tmp_path / "annotations/topics.toml").read_bytes() == (SAMPLES / "topics.toml").read_bytes()
    assert labeler("--workspace", tmp_path, "topics", "check").code == 0


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
