from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.flows.annotators import annotators
from labeler.flows.import_ import import_exports
from labeler.topics import load_checked_scheme
from tests.flows.workspaces import bring, log_of, make_scheme, with_settled_ties
from tests.paths import SAMPLES


def test_the_people_of_the_sample(workspace: Path) -> None:
    own = find_workspace(str(workspace))
    import_exports(own, [os.fspath(SAMPLES / "export.json")], "topics", "abstract")
    found = annotators(own)
    assert list(found.by_name) == ["ada@example.org", "ben@example.org"]
    ada = found.by_name["ada@example.org"]
    assert (ada.counts.judged, ada.counts.skipped, ada.counts.unsure) == (107, 1, 1)
    assert ada.since <= ada.until
    assert ada.others is not None
    assert (ada.others.papers, ada.others.agreement.value) == (40, pytest.approx(0.45))
    json.dumps({name: person.to_dict() for name, person in found.by_name.items()})


def test_names_that_are_one_person_are_one(workspace: Path) -> None:
    make_scheme(workspace, "single", "robots", "speech")
    texts = [f"Paper {number} of many\nIt is about the matter with the number {number}." for number in range(6)]
    for who, answer in (("ada", "robots"), ("7", "speech"), ("bo", "robots")):
        bring(workspace, [(text, answer) for text in texts], name=f"{who}.jsonl", annotator=who)
    assert set(annotators(find_workspace(str(workspace))).by_name) == {"ada", "7", "bo"}
    with (workspace / "labeler.toml").open("a") as stream:
        stream.write('\n[annotators]\nada = ["7"]\n')
    found = annotators(find_workspace(str(workspace)))
    assert set(found.by_name) == {"ada", "bo"}
    ada = found.by_name["ada"]
    assert ada.itself is not None
    assert (ada.itself.asked_again, ada.itself.same) == (6, 0)


def test_settings_that_make_no_sense_are_told(workspace: Path) -> None:
    with (workspace / "labeler.toml").open("a") as stream:
        stream.write('\n[annotators]\nada = "7"\n')
    with pytest.raises(InputError, match="ada is no list of names"):
        annotators(find_workspace(str(workspace)))


def test_nobody_is_nobody(workspace: Path) -> None:
    assert annotators(find_workspace(str(workspace))).by_name == {}


def test_how_right_people_are_by_the_consensus(workspace: Path) -> None:
    make_scheme(workspace, "single", "robots", "speech")
    texts = [f"Paper {number} of many\nIt is about the matter with the number {number * 7}." for number in range(60)]
    for who in ("ada", "bo", "cy"):
        answers = ["robots" if number % 2 or who == "cy" else "speech" for number in range(60)]
        bring(workspace, list(zip(texts, answers, strict=True)), name=f"{who}.jsonl", annotator=who)
    found = annotators(find_workspace(str(workspace)))
    right = found.by_name["cy"].rightness
    assert right is not None
    assert right.note.startswith("cy gives the same answer to 100% of papers")
    assert found.by_name["ada"].rightness is not None
    assert found.by_name["ada"].rightness.note == ""
    assert found.consensus.agreement


def test_what_the_consensus_settled_is_what_training_learns_from(workspace: Path) -> None:
    with_settled_ties(workspace)
    own = find_workspace(str(workspace))
    found = annotators(own).consensus
    assert found == consensus_labels(log_of(workspace), load_checked_scheme(own.topics)).choice
    assert found.settled > 0
