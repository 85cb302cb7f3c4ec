from __future__ import annotations

import csv
import io
import os
import pty
import shutil
import subprocess
from pathlib import Path

import feedparser
import openpyxl
import pyarrow.parquet as pq
import pytest

from labeler import read_digest
from labeler.publish.registry import OUTPUTS
from tests.cli.process import COMMAND, records, run_process
from tests.conftest import Labeler

TOPICS = ["llm", "agents", "vision", "generation", "speech", "robotics", "science", "safety"]


def test_labelled_papers_are_json_lines_of_the_promised_form(labeler: Labeler, trained: Path, digest: Path) -> None:
    found = records(labeler("label", digest).out)
    papers = read_digest(digest)
    assert len(found) == 24
    for record, paper in zip(found, papers, strict=True):
        assert {key: record[key] for key in paper.to_dict()} == paper.to_dict()
        assert list(record)[-6:] == ["topics", "scores", "decision", "reason", "model", "torn"]
        assert list(record["scores"]) == TOPICS  # type: ignore[call-overload]
        probabilities = [topic["probability"] for topic in record["topics"]]  # type: ignore[attr-defined]
        assert probabilities == sorted(probabilities, reverse=True)
        for topic in record["topics"]:  # type: ignore[attr-defined]
            assert list(topic) == ["topic", "probability", "because", "precision"]
            assert record["scores"][topic["topic"]] == topic["probability"]  # type: ignore[index]
            assert 0 < len(topic["because"]) <= 5
        assert record["decision"] in ("auto", "none", "review")
        reasons = {"auto": [None], "none": [None, "unfamiliar"], "review": ["ambiguous", "unfamiliar", "unchecked"]}
        assert record["reason"] in reasons[str(record["decision"])]
        assert record["model"] == "mine@1"


def test_the_summary_counts_decisions_and_repeated_papers(labeler: Labeler, trained: Path, digest: Path) -> None:
    found = records(labeler("label", digest).out)
    counts = {name: sum(record["decision"] == name for record in found) for name in ("auto", "review", "none")}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    torn, unchecked = (sum(record["reason"] == reason for record in found) for reason in ("ambiguous", "unchecked"))
    told += f" ({torn} with a doubtful topic, {unchecked} as too little was judged to decide alone)"
    assert {record["reason"] for record in found} == {None, "ambiguous", "unchecked"}
    assert labeler("label", digest).err == f"24 papers labelled by mine@1: {told}.\n"
    assert labeler("label", digest, digest).err == f"24 papers labelled by mine@1: {told}, 24 repeated.\n"
    assert labeler("label", digest, digest).out == labeler("label", digest).out


@pytest.mark.parametrize(
    ("arguments", "beginning"),
    [
        (["--to", "jsonl"], '{"id": '),
        (["--to", "csv"], "id,title,topics,"),
        (["--to", "md"], "# 24 papers by topic\n"),
        (["--to", "table"], "PAPER "),
        (["--json"], '{"id": '),
        (["-o", "out.csv"], "id,title,topics,"),
        (["-o", "out.CSV"], "id,title,topics,"),
        (["-o", "out.md"], "# 24 papers by topic\n"),
        (["-o", "out.txt"], "PAPER "),
        (["-o", "out.jsonl"], '{"id": '),
        (["-o", "out.ndjson"], '{"id": '),
        (["-o", "out"], '{"id": '),
        (["-o", "out.csv", "--json"], '{"id": '),
        (["-o", "out.csv", "--to", "md"], "# 24 papers by topic\n"),
    ],
)
def test_every_output_is_written(
    labeler: Labeler, trained: Path, digest: Path, arguments: list[str], beginning: str
) -> None:
    outcome = labeler("label", digest, *arguments)
    assert outcome.code == 0
    text = Path(arguments[1]).read_text() if arguments[0] == "-o" else outcome.out
    assert text.startswith(beginning)
    assert "Parallel Parking" in text


def test_all_outputs_give_the_same_topics(labeler: Labeler, trained: Path, digest: Path) -> None:
    found = records(labeler("label", digest).out)
    rows = list(csv.DictReader(labeler("label", digest, "--to", "csv").out.splitlines()))
    markdown = labeler("label", digest, "--to", "md").out
    count = sum(len(record["topics"]) or 1 for record in found)  # type: ignore[arg-type]
    assert [row["decision"] for row in rows] == [record["decision"] for record in found]
    assert [row["topics"].count(";") for row in rows] == [max(len(record["topics"]) - 1, 0) for record in found]  # type: ignore[arg-type]
    assert markdown.count("- **") == count


def test_at_a_terminal_a_table_is_shown(trained: Path) -> None:
    (trained / "one.jsonl").write_text('{"title": "Robots with arms"}')
    terminal, end = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "label", "one.jsonl"], cwd=trained, stdout=end, stderr=subprocess.PIPE, check=False
    )
    shown = os.read(terminal, 4096).decode()
    os.close(end)
    os.close(terminal)
    assert done.returncode == 0
    assert shown.startswith("PAPER")


def test_a_workbook_is_for_a_file_and_not_for_a_terminal(trained: Path) -> None:
    (trained / "one.jsonl").write_text('{"title": "Robots with arms"}')
    terminal, end = pty.openpty()
    command = [*COMMAND, "label", "one.jsonl", "--to", "xlsx"]
    done = subprocess.run(command, cwd=trained, stdout=end, stderr=subprocess.PIPE, check=False)
    os.close(end)
    os.close(terminal)
    assert done.returncode == 2
    assert done.stderr.startswith(b"labeler: this output is no text for a terminal; name a file with -o")
    assert run_process(*command[-4:], cwd=trained).stdout.startswith(b"PK")
    assert run_process(*command[-4:], "-o", "one.xlsx", cwd=trained).returncode == 0
    assert openpyxl.load_workbook(trained / "one.xlsx")["papers"]["B2"].value == "Robots with arms"


def test_papers_come_through_standard_input_and_output(trained: Path, digest: Path) -> None:
    done = run_process("label", "-", cwd=trained, given=digest.read_bytes())
    direct = run_process("label", digest, cwd=trained)
    assert done.returncode == direct.returncode == 0
    assert [record["scores"] for record in records(done.stdout.decode())] == [
        record["scores"] for record in records(direct.stdout.decode())
    ]
    assert done.stderr == direct.stderr


def test_labelled_papers_can_be_labelled_again(labeler: Labeler, trained: Path, digest: Path) -> None:
    (trained / "first.jsonl").write_text(labeler("label", digest).out)
    again = labeler("label", "first.jsonl")
    assert again.code == 0
    assert [record["scores"] for record in records(again.out)] == [
        record["scores"] for record in records((trained / "first.jsonl").read_text())
    ]


@pytest.mark.parametrize("given", [b"", b"\n \n"])
def test_nothing_on_standard_input_is_bad_input(trained: Path, given: bytes) -> None:
    done = run_process("label", "-", cwd=trained, given=given)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"standard input is empty" in done.stderr


def test_a_format_can_be_named(labeler: Labeler, trained: Path, digest: Path) -> None:
    assert labeler("label", digest, "--format", "page").code == 0
    outcome = labeler("label", digest, "--format", "pdf")
    assert outcome.code == 2
    assert "known are" in outcome.err


@pytest.mark.parametrize("inputs", ["digest", "pile"])
@pytest.mark.parametrize("name", ["out.none", "out.jsonl.gz"])
def test_an_ending_that_no_output_has_is_wrong_usage(
    labeler: Labeler, trained: Path, digest: Path, inputs: str, name: str
) -> None:
    Path("pile").mkdir()
    Path("pile/digest.txt").write_bytes(digest.read_bytes())
    outcome = labeler("label", digest if inputs == "digest" else inputs, "-o", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"no output has the ending {Path(name).suffix}; known are: " in outcome.err
    assert ".csv, " in outcome.err
    assert not Path(name).exists()


def test_an_output_that_is_named_is_written_whatever_the_ending(labeler: Labeler, trained: Path, digest: Path) -> None:
    assert labeler("label", digest, "-o", "out.none", "--to", "csv").code == 0
    assert Path("out.none").read_text().startswith("id,title,topics,")


def test_the_outputs_on_offer_are_all_there_are(labeler: Labeler) -> None:
    assert f"{', '.join(OUTPUTS.names)} (default: " in " ".join(labeler("label", "--help").out.split())


def test_a_model_can_be_named(labeler: Labeler, trained: Path, digest: Path) -> None:
    assert labeler("label", digest, "--model", "mine@1").out == labeler("label", digest).out
    assert labeler("label", digest, "--model", "mine@2").code == 4


def test_records_not_used_are_told_up_to_ten(labeler: Labeler, trained: Path) -> None:
    (trained / "a.jsonl").write_text('{"title": "Robots"}\n' + "[]\n" * 14)
    err = labeler("label", "a.jsonl").err.splitlines()
    assert err[0] == "not used: a.jsonl, line 2: not an object but list"
    assert err[10] == "not used: 4 more records"
    assert err[11].startswith("1 paper labelled")


def test_json_and_another_output_contradict_each_other(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("label", digest, "--json", "--to", "csv")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--json and --to csv contradict each other" in outcome.err


@pytest.mark.parametrize("name", ["page[1].jsonl", "what?.jsonl", "all*.jsonl"])
def test_a_digest_whose_name_looks_like_a_pattern_is_a_digest(labeler: Labeler, trained: Path, name: str) -> None:
    (trained / name).write_text('{"title": "Robots with arms"}\n')
    outcome = labeler("label", name)
    assert outcome.code == 0, outcome.err
    assert [record["title"] for record in records(outcome.out)] == ["Robots with arms"]


@pytest.mark.parametrize(
    ("output", "given", "files"),
    [
        ("labels/", [], {"part-00000-00000.parquet", "_labeler.json"}),
        ("labels/", ["--to", "csv"], {"part-00000-00000.csv", "_labeler.json"}),
        ("labels/", ["--json"], {"part-00000-00000.jsonl", "_labeler.json"}),
    ],
)
def test_a_folder_takes_the_labels_of_many_papers(
    labeler: Labeler, trained: Path, digest: Path, output: str, given: list[str], files: set[str]
) -> None:
    outcome = labeler("label", digest, "-o", output, *given)
    assert (outcome.code, outcome.out) == (0, "")
    assert "24 papers of 1 file labelled by mine@1: " in outcome.err
    assert outcome.err.endswith("The labels are in labels/\n")
    assert {path.name for path in Path("labels").iterdir()} == files


def test_a_folder_that_is_there_needs_no_stroke(labeler: Labeler, trained: Path, digest: Path) -> None:
    Path("labels").mkdir()
    assert labeler("label", digest, "-o", "labels").code == 0
    assert Path("labels/part-00000-00000.parquet").exists()


@pytest.mark.parametrize("name", ["x.parquet", "x.PARQUET", "x.jsonl", "x.CSV"])
def test_the_ending_says_what_one_file_of_many_papers_is(
    labeler: Labeler, trained: Path, digest: Path, name: str
) -> None:
    Path("pile").mkdir()
    Path("pile/digest.txt").write_bytes(digest.read_bytes())
    outcome = labeler("label", "pile", "-o", name)
    assert outcome.code == 0, outcome.err
    begins = {"parquet": b"PAR1", "jsonl": b'{"id": ', "csv": b"id,title,"}[Path(name).suffix[1:].lower()]
    assert Path(name).read_bytes().startswith(begins)


def test_many_papers_get_what_a_digest_gets(labeler: Labeler, trained: Path, digest: Path) -> None:
    assert labeler("label", digest, "-o", "labels/", "--to", "jsonl").code == 0
    assert Path("labels/part-00000-00000.jsonl").read_text() == labeler("label", digest).out


@pytest.mark.parametrize("output", ["x.atom", "x.rss"])
def test_a_feed_of_a_topic_has_its_papers_and_its_name(
    labeler: Labeler, trained: Path, digest: Path, output: str
) -> None:
    assert labeler("label", digest, "-o", output, "--topic", "robotics").code == 0
    chosen = feedparser.parse(output)
    assert labeler("label", digest, "-o", output).code == 0
    every = feedparser.parse(output)
    assert (chosen.bozo, chosen.feed.title) == (False, "Papers on Robotics and control")
    assert (every.bozo, every.feed.title, len(every.entries)) == (False, "Papers by topic", 24)
    ids = [entry.id for entry in every.entries]
    assert 0 < len(chosen.entries) < 24
    assert {entry.id for entry in chosen.entries} < set(ids)


def test_parquet_of_a_digest_has_what_json_lines_have(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("label", digest, "-o", "x.parquet", "-o", "x.jsonl", "--only", "auto")
    assert outcome.code == 0, outcome.err
    expected = records(Path("x.jsonl").read_text())
    found = pq.read_table("x.parquet").to_pylist()
    assert [row["title"] for row in found] == [record["title"] for record in expected]
    assert [list(row) for row in found] == [list(record) for record in expected]
    done = run_process("label", "-", "--to", "parquet", "--only", "auto", cwd=trained, given=digest.read_bytes())
    assert [row["id"] for row in pq.read_table(io.BytesIO(done.stdout)).to_pylist()] == [row["id"] for row in found]


@pytest.mark.parametrize("option", [["--jobs", "2"], ["--dask", "local"]])
def test_one_digest_needs_no_processes(labeler: Labeler, trained: Path, digest: Path, option: list[str]) -> None:
    outcome = labeler("label", digest, *option)
    assert (outcome.code, outcome.out) == (2, "")
    assert "--jobs and --dask are for many papers" in outcome.err


def test_standard_input_is_no_pile(labeler: Labeler, trained: Path) -> None:
    outcome = labeler("label", "-", "-o", "labels/")
    assert outcome.code == 2
    assert "standard input" in outcome.err


def test_a_lent_model_is_told_of_for_many_papers_too(
    labeler: Labeler, tmp_path: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler("label", digest, "-o", "labels/")
    assert outcome.code == 0
    assert "No model of your own yet: arxiv@1" in outcome.err


def test_a_pattern_of_nothing_is_told_before_a_place_is_asked_for(
    labeler: Labeler, trained: Path, digest: Path
) -> None:
    shutil.copy(digest, trained / "digest.txt")
    outcome = labeler("label", "*.txtt")
    assert (outcome.code, outcome.out) == (3, "")
    assert "there is no file *.txtt; there are" in outcome.err
    outcome = labeler("label", "*.txt")
    assert (outcome.code, "need a place for their labels" in outcome.err) == (2, True)


def test_sets_hold_the_topics_that_are_given_and_more(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("label", digest, "--sets", "0.1", "--to", "jsonl")
    found = records(outcome.out)
    assert all(
        {topic["topic"] for topic in record["topics"]} <= set(record["set"]) for record in found if record["topics"]
    )
    sizes = [len(record["set"]) for record in found]
    assert f"{sum(sizes) / len(sizes):.1f} topics in a set." in outcome.err
    assert "set" not in records(labeler("label", digest).out)[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sets", "0"), "--sets is 0.0"),
        (("--sets", "1.5"), "--sets is 1.5"),
        (("--sets", "0.1", "--to", "md"), "sets of topics are written as JSON lines, not as md"),
        (("--sets", "0.1", "-o", "labels/"), "are for a digest"),
    ],
)
def test_sets_that_cannot_be_written_are_wrong_usage(
    labeler: Labeler, trained: Path, digest: Path, arguments: tuple[str, ...], words: str
) -> None:
    outcome = labeler("label", digest, *arguments)
    assert (outcome.code, words in outcome.err) == (2, True)
    assert not outcome.out


def test_topics_say_what_decisions_as_sure_keep(labeler: Labeler, trained: Path, digest: Path) -> None:
    for record in records(labeler("label", digest).out):
        if record["decision"] == "auto":
            assert all(topic["precision"] >= 0.9 for topic in record["topics"])
