"""What the name that -o gives says of what is written there, in every command that has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.cli.command import ending_of
from tests.conftest import Labeler
from tests.paths import SAMPLES

COMMANDS = {
    "read": (["read", "DIGEST"], [".jsonl", ".ndjson"]),
    "label": (["label", "DIGEST"], [".csv", ".jsonl", ".ndjson", ".md", ".txt", ".parquet"]),
    "explain": (["explain", "DIGEST"], [".txt", ".jsonl", ".ndjson"]),
    "export": (["export", "DIGEST"], [".json"]),
    "config": (["topics", "config"], [".xml", ".txt"]),
    "build": (["background", "build", "DIGEST"], [".npz"]),
}
WRONG = ["x.pdf", "x.jsonl.gz", "x.2026-11-27", ".odd", "deeper.jsonl/x.PDF", "x.docx"]


def command(name: str, digest: Path) -> list[str]:
    return [str(digest) if word == "DIGEST" else word for word in COMMANDS[name][0]]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("output", WRONG)
def test_an_ending_that_is_not_what_is_written_is_wrong_usage(
    labeler: Labeler, trained: Path, digest: Path, name: str, output: str
) -> None:
    Path("deeper.jsonl").mkdir()
    outcome = labeler(*command(name, digest), "-o", output)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert f" has the ending {ending_of(output)}; known are: " in outcome.err
    assert all(ending in outcome.err for ending in COMMANDS[name][1])
    assert not Path(output).exists()


@pytest.mark.parametrize("name", ["read", "label", "explain", "export", "config"])
def test_known_endings_in_any_case_and_none_are_written(
    labeler: Labeler, trained: Path, digest: Path, name: str
) -> None:
    endings = [*COMMANDS[name][1], COMMANDS[name][1][0].upper(), "", "."]
    for ending in endings:
        outcome = labeler(*command(name, digest), "-o", f"out{ending}")
        assert outcome.code == 0, outcome.err
        assert Path(f"out{ending}").stat().st_size


@pytest.mark.parametrize("name", ["read", "explain", "export", "config"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_is_no_file(labeler: Labeler, trained: Path, digest: Path, name: str, exists: bool) -> None:
    if exists:
        Path("out").mkdir()
    outcome = labeler(*command(name, digest), "-o", "out/")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("labeler: out/ is a folder; name a file, such as out/papers.")
    assert Path("out").exists() == exists


@pytest.mark.parametrize("name", ["read", "label", "explain"])
def test_json_and_to_say_more_than_the_ending(labeler: Labeler, trained: Path, digest: Path, name: str) -> None:
    assert labeler(*command(name, digest), "--json", "-o", "x.odd").code == 0
    assert len([json.loads(line) for line in Path("x.odd").read_text().splitlines()]) == 24
    if name == "label":
        for output, beginning in (("csv", b"id,title"), ("parquet", b"PAR1")):
            assert labeler("label", digest, "--to", output, "-o", "x.html").code == 0
            assert Path("x.html").read_bytes().startswith(beginning)


def test_an_explanation_is_what_its_ending_says(labeler: Labeler, trained: Path, digest: Path) -> None:
    for output, flags in (("x.jsonl", []), ("x.odd", ["--json"])):
        assert labeler("explain", digest, "-o", output, *flags).code == 0
        assert Path(output).read_text() == labeler("explain", digest, "--json").out
    assert labeler("explain", digest, "-o", "x.txt").code == 0
    assert Path("x.txt").read_text() == labeler("explain", digest).out


def test_a_wrong_ending_is_told_before_anything_is_read(labeler: Labeler, trained: Path) -> None:
    for words in (["read"], ["label"], ["explain"], ["export"], ["background", "build"]):
        assert labeler(*words, "missing.txt", "-o", "x.odd").code == 2


@pytest.mark.parametrize(
    ("output", "ending"),
    [("a.csv", ".csv"), ("a.CSV", ".csv"), ("a", ""), ("a.", ""), ("..", ""), ("../a", ""), ("b/.csv", ".csv"),
     ("a.b/c", ""), ("x.tar.gz", ".gz"), ("s3://b/x.jsonl", ".jsonl"), ("/dev/stdout", ""), (".a.csv", ".csv")],
)  # fmt: skip
def test_the_ending_is_what_follows_the_last_dot_of_a_name(output: str, ending: str) -> None:
    assert ending_of(output) == ending


def test_the_samples_give_a_background_of_any_known_name(labeler: Labeler, workspace: Path) -> None:
    assert labeler("background", "build", SAMPLES / "export.json", "-o", "field.NPZ").code == 0
