"""What the history of labelling is good for: papers that are new, and the day on which a paper was labelled first."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from labeler import read_digest
from labeler.history import History, LabellingRun
from labeler.publish.registry import OUTPUTS
from tests.cli.process import COMMAND, records, run_process
from tests.conftest import Labeler

HISTORY = Path(".labeler/history.jsonl")


def runs() -> list[LabellingRun]:
    return History(HISTORY).runs()[0]


def some_papers(name: str, *numbers: int) -> str:
    """A digest of a few papers."""
    papers = [
        {"id": f"arxiv:2601.{number:05}", "title": f"Robots, {number}", "abstract": "Arms."} for number in numbers
    ]
    Path(name).write_text("\n".join(map(json.dumps, papers)))
    return name


def numbers_in(text: str) -> list[int]:
    return [int(record["title"].rpartition(" ")[2]) for record in records(text)]


def test_a_run_leaves_its_counts_and_the_ids_of_its_papers(labeler: Labeler, trained: Path, digest: Path) -> None:
    found: list[dict[str, Any]] = records(labeler("label", digest).out)
    (run,) = runs()
    assert (run.inputs, run.model, run.papers) == ((str(digest),), "mine@1", 24)
    counts = {name: sum(record["decision"] == name for record in found) for name in ("auto", "review", "none")}
    assert run.decisions == {name: count for name, count in counts.items() if count}
    assert sum(run.topics.values()) == sum(len(record["topics"]) for record in found)
    assert run.unfamiliar == sum(record["reason"] == "unfamiliar" for record in found)
    assert run.confidence is not None
    assert 0.3 < run.confidence < 1
    assert [tuple(ids[:-1]) for ids in run.ids] == [paper.ids for paper in read_digest(digest)]
    text = HISTORY.read_text()
    assert text.count("\n") == 1
    assert "Parking" not in text


def test_new_papers_are_those_that_no_run_has_shown(labeler: Labeler, trained: Path) -> None:
    first = labeler("label", some_papers("one.jsonl", 1, 2), "--new")
    assert numbers_in(first.out) == [1, 2]
    second = labeler("label", some_papers("two.jsonl", 2, 3, 1, 4), "--new")
    assert numbers_in(second.out) == [3, 4]
    assert "2 left out as shown before" in second.err
    again = labeler("label", "two.jsonl", "--new")
    assert (again.code, again.out) == (0, "")
    assert again.err.endswith("No new papers: 4 papers of the digest, all shown before.\n")
    assert numbers_in(labeler("label", "two.jsonl").out) == [2, 3, 1, 4]


def test_a_plain_run_counts_as_well(labeler: Labeler, trained: Path) -> None:
    labeler("label", some_papers("one.jsonl", 1, 2))
    assert numbers_in(labeler("label", some_papers("two.jsonl", 2, 3), "--new").out) == [3]


def test_what_was_not_shown_stays_new(labeler: Labeler, trained: Path, digest: Path) -> None:
    decisions = [str(record["decision"]) for record in records(labeler("label", digest).out)]
    HISTORY.unlink()
    shown = [len(records(labeler("label", digest, "--new", "--only", name).out)) for name in ("auto", "review", "none")]
    assert shown == [decisions.count(name) for name in ("auto", "review", "none")]
    assert labeler("label", digest, "--new").out == ""


def test_topics_choose_among_new_papers(labeler: Labeler, trained: Path, digest: Path) -> None:
    of_topic = records(labeler("label", digest, "--topic", "vision").out)
    assert labeler("label", digest, "--new", "--topic", "vision").out == ""
    assert len(records(labeler("label", digest, "--new").out)) == 24 - len(of_topic)


def test_all_outputs_have_the_new_papers_and_an_empty_morning_replaces_the_last(
    labeler: Labeler, trained: Path
) -> None:
    some_papers("one.jsonl", 1, 2)
    places = ["-o", "new.csv", "-o", "new.md"]
    assert labeler("label", "one.jsonl", "--new", *places).code == 0
    assert Path("new.md").read_text().startswith("# 2 papers")
    assert labeler("label", "one.jsonl", "--new", *places).code == 0
    assert Path("new.md").read_text().startswith("# 0 papers")
    assert Path("new.csv").read_text().count("\n") == 1


def test_outside_of_a_workspace_nothing_is_known_to_be_new(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digest: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler("label", digest, "--new")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "labeler: --new is for a workspace, which knows the papers of before; make one with `labeler init`, or name "
        "one with --workspace DIR\n"
    )
    assert labeler("label", digest).code == 0
    assert list(tmp_path.iterdir()) == []


def test_new_papers_are_chosen_of_a_digest_alone(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("label", digest, "--new", "-o", "labels/")
    assert outcome.code == 2
    assert "--new" in outcome.err


def test_very_many_papers_leave_a_line_of_counts(labeler: Labeler, trained: Path) -> None:
    some_papers("one.jsonl", 1, 2, 3)
    assert labeler("label", "one.jsonl", "-o", "labels/").code == 0
    (run,) = runs()
    assert (run.papers, sum(run.decisions.values()), run.ids) == (3, 3, [])
    assert labeler("label", "one.jsonl", "-o", "labels/").code == 0  # all is there
    assert len(runs()) == 1


def test_lines_of_the_history_that_cannot_be_read_are_told(labeler: Labeler, trained: Path) -> None:
    labeler("label", some_papers("one.jsonl", 1))
    HISTORY.write_bytes(HISTORY.read_bytes() + b"<<<<<<<\n")
    outcome = labeler("label", some_papers("two.jsonl", 1, 2), "--new")
    assert (outcome.code, numbers_in(outcome.out)) == (0, [2])
    assert "note: history.jsonl, line 2: " in outcome.err
    assert "history.jsonl" not in labeler("label", "two.jsonl").err


def test_a_history_that_cannot_be_read_at_all_is_bad_input_where_it_is_needed(labeler: Labeler, trained: Path) -> None:
    some_papers("one.jsonl", 1)
    HISTORY.mkdir(parents=True)
    outcome = labeler("label", "one.jsonl", "--new")
    assert (outcome.code, outcome.out) == (3, "")
    assert "cannot read" in outcome.err
    plain = labeler("label", "one.jsonl")
    assert (plain.code, numbers_in(plain.out)) == (0, [1])
    assert "note: this run is not in the history of the workspace" in plain.err


def test_where_the_workspace_cannot_be_written_to_labels_are_given_all_the_same(
    labeler: Labeler, trained: Path
) -> None:
    some_papers("one.jsonl", 1)
    Path(".labeler").write_text("no folder")
    outcome = labeler("label", "one.jsonl")
    assert (outcome.code, numbers_in(outcome.out)) == (0, [1])
    assert outcome.err.count("so that its papers stay new: cannot write") == 1


def test_outputs_that_date_papers_know_the_first_day(labeler: Labeler, trained: Path) -> None:
    some_papers("one.jsonl", 1)
    assert labeler("label", "one.jsonl", "-o", "a.atom", "-o", "a.html").code == 0
    today = runs()[0].day
    HISTORY.write_text(HISTORY.read_text().replace(today, "2026-01-05"))
    assert labeler("label", some_papers("two.jsonl", 1, 2), "-o", "b.atom", "-o", "b.html").code == 0
    first, later = Path("a.atom").read_text(), Path("b.atom").read_text()
    assert f"<updated>{today}T" in first
    assert f"<updated>{today}T" in later
    assert "<updated>2026-01-05T" in later
    assert "seen 2026-01-05" in Path("b.html").read_text()


def test_the_same_labels_are_the_same_bytes_in_the_first_run_and_the_next(labeler: Labeler, trained: Path) -> None:
    some_papers("one.jsonl", 1, 2)
    names = [f"x{writer.SUFFIXES[0]}" for writer in OUTPUTS.builtin]
    written = []
    for _ in range(2):
        assert labeler("label", "one.jsonl", *(f"--output={name}" for name in names)).code == 0
        written.append([Path(name).read_bytes() for name in names])
    assert written[0] == written[1]


def test_where_the_first_day_cannot_be_known_outputs_are_written_without_it(labeler: Labeler, trained: Path) -> None:
    some_papers("one.jsonl", 1)
    HISTORY.mkdir(parents=True)
    outcome = labeler("label", "one.jsonl", "-o", "a.atom")
    assert outcome.code == 0
    assert "note: on which day papers were labelled first is not known: cannot read" in outcome.err
    assert Path("a.atom").exists()


@pytest.mark.parametrize("places", [["-o", "nowhere/a.csv"], ["-o", "a.csv", "-o", "nowhere/b.md"]])
def test_papers_of_a_run_that_failed_stay_new(labeler: Labeler, trained: Path, places: list[str]) -> None:
    some_papers("one.jsonl", 1, 2)
    assert labeler("label", "one.jsonl", "--new", *places).code == 3
    assert not HISTORY.exists()
    assert numbers_in(labeler("label", "one.jsonl", "--new").out) == [1, 2]


@pytest.mark.slow
def test_papers_of_a_run_that_was_killed_stay_new(trained: Path) -> None:
    some_papers("one.jsonl", *range(2000))
    command = [*COMMAND, "label", "one.jsonl", "--new"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()  # nobody reads the rest, so that it waits
        os.kill(process.pid, signal.SIGKILL)
    assert not HISTORY.exists()
    done = run_process("label", "one.jsonl", "--new", "-o", "all.jsonl", cwd=trained)
    assert done.returncode == 0
    assert numbers_in(Path("all.jsonl").read_text()) == list(range(2000))


def test_an_empty_digest_has_no_new_papers(labeler: Labeler, trained: Path) -> None:
    Path("empty.json").write_text("[]")
    outcome = labeler("label", "empty.json", "--new")
    assert (outcome.code, outcome.out) == (0, "")
    assert "0 papers labelled" in outcome.err
