from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Labeler


def test_two_versions_are_compared_on_papers_that_neither_had_seen(labeler: Labeler, trained_twice: Path) -> None:
    outcome = labeler("--workspace", trained_twice, "models", "compare", "mine@1", "mine@2")
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("mine@2 and mine@1 cannot be told apart by their F1. On ")
    assert "difference +0.000 [+0.000, +0.000]" in outcome.out
    assert "Each topic:" in outcome.out


def test_a_comparison_as_json_has_stable_keys(labeler: Labeler, trained_twice: Path) -> None:
    record = json.loads(labeler("--workspace", trained_twice, "models", "compare", "mine@1", "mine@2", "--json").out)
    assert set(record) == {
        *("before", "after", "papers", "origins", "macro_f1", "micro_f1", "gains", "negative_flips", "topics"),
        *("decisions", "flips", "rejudged", "evaluation_set", "names", "notes"),
    }
    assert (record["before"], record["after"], record["evaluation_set"]) == ("mine@1", "mine@2", False)
    assert set(record["macro_f1"]) == {"before", "after", "difference"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["mine@1", "mine@9"], 4, "there is no model mine@9"),
        (["mine@1"], 2, "B"),
        (["mine@1", "arxiv"], 3, "have no topic in common"),
        (["mine@1", "mine@1", "nowhere.jsonl"], 3, "nowhere.jsonl"),
        (["mine@1", "mine"], 2, "mine@1 is compared with itself"),
        (["mine@1", "mine@1", "--topics-column", "topics"], 2, "name them"),
        (["mine@1", "mine@1", "--complete"], 2, "--topics-column"),
    ],
)
def test_what_cannot_be_compared_is_told(
    labeler: Labeler, trained_once: Path, arguments: list[str], code: int, told: str
) -> None:
    outcome = labeler("--workspace", trained_once, "models", "compare", *arguments)
    assert (outcome.code, outcome.err.count("\n")) == (code, 1), outcome.err
    assert told in outcome.err


@pytest.mark.slow
def test_the_model_that_comes_along_is_compared_though_it_does_not_say_what_it_learned_from(
    labeler: Labeler, trained_once: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained_once, tmp_path / "w")
    annotations = tmp_path / "w" / "annotations"
    topic = json.loads((annotations / "judgements.jsonl").read_text().splitlines()[0])["offered"][0]
    for file in (annotations / "topics.toml", annotations / "judgements.jsonl"):
        file.write_text(file.read_text().replace(f'"{topic}"', '"cs.RO"'))
    assert labeler("--workspace", tmp_path / "w", "train", "--name", "ours").code in (0, 6)
    outcome = labeler("--workspace", tmp_path / "w", "models", "compare", "arxiv", "ours")
    assert outcome.code == 0, outcome.err
    told = " ".join(outcome.out.split())
    assert "were perhaps known, as it does not say what it learned from" in told
    assert "neither had seen" not in told


@pytest.mark.slow
def test_versions_of_two_modes_are_compared_with_a_note(labeler: Labeler, trained_once: Path, tmp_path: Path) -> None:
    shutil.copytree(trained_once, tmp_path / "w")
    topics = tmp_path / "w" / "annotations" / "topics.toml"
    topics.write_text(topics.read_text().replace('mode = "multi"', 'mode = "single"'))
    assert labeler("--workspace", tmp_path / "w", "train", "--name", "one").code in (0, 6)
    outcome = labeler("--workspace", tmp_path / "w", "models", "compare", "mine@1", "one@1")
    assert outcome.code == 0, outcome.err
    assert "one@1 gives a paper one topic at most, and mine@1 any number" in " ".join(outcome.err.split())


def test_versions_are_compared_on_a_judged_table_and_on_another_log(
    labeler: Labeler, trained_twice: Path, tmp_path: Path
) -> None:
    topics = json.loads(labeler("--workspace", trained_twice, "topics", "show", "--json").out)["topics"]
    name = topics[0]["name"]
    table = tmp_path / "judged.jsonl"
    rows = [
        {"title": f"A paper of {name} {n}", "abstract": f"About {name} and more.", "topics": name} for n in range(3)
    ]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for inputs in ([table, "--topics-column", "topics"], [trained_twice]):
        arguments = ("--workspace", trained_twice, "models", "compare", "mine@1", "mine@2", *inputs, "--json")
        outcome = labeler(*arguments)
        assert outcome.code == 0, outcome.err
        origins = json.loads(outcome.out)["origins"]["mine@1"]
        assert origins == {"new": 3} if table in inputs else origins["held_out"] > 3
