from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from labeler.cli.command import counted
from tests.cli.process import run_process
from tests.conftest import Labeler


@pytest.fixture
def elsewhere(trained_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trained workspace, seen from a folder outside of it."""
    monkeypatch.chdir(tmp_path)
    return trained_once


@pytest.mark.parametrize(
    ("command", "called"),
    [
        (["import", "judged.csv", "--annotator", ""], "--annotator"),
        (["import", "judged.csv", "--topics-column", "t", "--annotator", " "], "--annotator"),
        (["forget", "--annotator", ""], "--annotator"),
        (["push", "--review", "ties", "--to", ""], "--to"),
        (["train", "--name", ""], "--name"),
        (["label", "digest.txt", "--topic", ""], "--topic"),
        (["models", "use", ""], "NAME[@VERSION]"),
    ],
)
def test_an_empty_name_is_refused_in_one_line(
    labeler: Labeler, workspace: Path, command: list[str], called: str
) -> None:
    outcome = labeler(*command)
    assert outcome.code == 2
    assert outcome.err == f"labeler: the name for {called} is empty; write one, or leave {called} out\n"


@pytest.mark.parametrize("command", [["models", "list"], ["models", "show"], ["topics", "show"]])
def test_a_workspace_is_named_before_or_after_the_command(
    labeler: Labeler, elsewhere: Path, command: list[str]
) -> None:
    before = labeler("--workspace", elsewhere, *command)
    after = labeler(*command, "--workspace", elsewhere)
    assert before.code == after.code == 0
    assert before.out == after.out != ""
    outside = labeler(*command)
    assert outside.out != before.out
    assert outside.code == (4 if command[0] == "topics" else 0)  # of models, there is the one that comes with labeler


def test_a_workspace_is_named_by_the_environment(
    labeler: Labeler, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_WORKSPACE", str(elsewhere))
    assert "mine@1" in labeler("models", "list").out


@pytest.mark.parametrize("position", ["before", "after"])
def test_a_flag_outweighs_the_environment_and_the_current_folder(
    labeler: Labeler, workspace: Path, trained_once: Path, monkeypatch: pytest.MonkeyPatch, position: str
) -> None:
    monkeypatch.setenv("LABELER_WORKSPACE", str(workspace))
    assert "no model of your own yet" in labeler("models", "list").out
    flag, command = ["--workspace", trained_once], ["models", "list"]
    assert "mine@1" in labeler(*(flag + command if position == "before" else command + flag)).out


def test_of_two_workspaces_named_the_later_counts(labeler: Labeler, workspace: Path, trained_once: Path) -> None:
    assert "mine@1" in labeler("--workspace", workspace, "models", "list", "--workspace", trained_once).out


def test_a_folder_inside_the_workspace_is_in_it(
    labeler: Labeler, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trained / "models" / "mine")
    assert "mine@1" in labeler("models", "list").out


@pytest.mark.parametrize("arguments", [["--json", "models", "list"], ["models", "list", "--json"]])
def test_json_stands_before_or_after_the_command(labeler: Labeler, trained: Path, arguments: list[str]) -> None:
    assert json.loads(labeler(*arguments).out)["models"][0]["model"] == "mine@1"


@pytest.mark.parametrize("position", ["before", "after"])
def test_quiet_leaves_data_and_errors(labeler: Labeler, trained: Path, digest: Path, position: str) -> None:
    loud = labeler("label", digest)
    arguments = ["--quiet", "label", digest] if position == "before" else ["label", digest, "--quiet"]
    assert loud.err.startswith("24 papers labelled by mine@1")
    assert (labeler(*arguments).out, labeler(*arguments).err) == (loud.out, "")
    assert labeler("--quiet", "label", "missing").err.startswith("labeler: cannot read missing")


def test_an_output_file_holds_what_standard_output_would(labeler: Labeler, trained: Path, digest: Path) -> None:
    printed = labeler("label", digest, "--to", "csv").out
    outcome = labeler("label", digest, "-o", "out.csv")
    assert (outcome.code, outcome.out) == (0, "")
    assert (trained / "out.csv").read_bytes() == printed.encode()
    assert labeler("label", digest, "--output", "out.csv").code == 0
    assert [path.name for path in trained.glob("*.csv*")] == ["out.csv"]


def test_an_output_is_whole_or_the_old_one(labeler: Labeler, trained: Path) -> None:
    (trained / "out.jsonl").write_text("old\n")
    good = "".join(json.dumps({"title": f"Robots {n}"}) + "\n" for n in range(600))
    (trained / "a.jsonl").write_text(good)
    (trained / "b.txt").write_bytes(b"%PDF-1.7\n")
    assert labeler("label", "a.jsonl", "b.txt", "-o", "out.jsonl").code == 3
    assert (trained / "out.jsonl").read_text() == "old\n"
    assert labeler("label", "a.jsonl", "-o", "out.jsonl").code == 0
    assert len((trained / "out.jsonl").read_text().splitlines()) == 600
    assert not list(trained.glob(".out*"))


def test_a_digest_can_be_replaced_by_its_labelled_papers(labeler: Labeler, trained: Path) -> None:
    (trained / "a.jsonl").write_text('{"title": "Robots"}\n{"title": "Speech"}\n')
    assert labeler("label", "a.jsonl", "-o", "a.jsonl").code == 0
    first = (trained / "a.jsonl").read_text()
    assert [json.loads(line)["title"] for line in first.splitlines()] == ["Robots", "Speech"]
    assert labeler("label", "a.jsonl", "-o", "a.jsonl").code == 0


@pytest.mark.parametrize("output", [".", "models", "nowhere/out.jsonl", "labeler.toml/out.jsonl"])
def test_an_output_that_cannot_be_written_is_bad_input(
    labeler: Labeler, trained: Path, digest: Path, output: str
) -> None:
    outcome = labeler("label", digest, "-o", output)
    assert outcome.code == 3
    assert outcome.err.count("\n") == 1
    assert "cannot write" in outcome.err
    assert not list(trained.parent.glob(".*")) + list(trained.glob("*.part"))


def test_a_pipe_as_output_stays_one_and_gets_the_data(labeler: Labeler, trained: Path, digest: Path) -> None:
    os.mkfifo(trained / "pipe")
    reader = os.open(trained / "pipe", os.O_RDWR | os.O_NONBLOCK)
    outcome = labeler("label", digest, "--to", "table", "-o", "pipe")
    assert (outcome.code, (trained / "pipe").is_fifo()) == (0, True)
    assert os.read(reader, 1 << 16).decode() == labeler("label", digest, "--to", "table").out
    os.close(reader)


def test_an_output_has_the_permissions_of_a_new_file(labeler: Labeler, trained: Path, digest: Path) -> None:
    (trained / "new").touch()
    labeler("label", digest, "-o", "out.jsonl")
    assert (trained / "out.jsonl").stat().st_mode == (trained / "new").stat().st_mode


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_data_are_utf_8_whatever_the_terminal_is(trained: Path, encoding: str) -> None:
    given = '{"title": "Größe 学习", "abstract": "\\ud800 half"}\n'.encode()
    done = run_process("label", "-", cwd=trained, given=given, environment={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["title"] == "Größe 学习"


@pytest.mark.parametrize("arguments", [["topics", "show"], ["--json", "topics", "show"], ["label", "--help"]])
def test_texts_for_people_need_no_utf_8_terminal(trained: Path, arguments: list[str]) -> None:
    path = trained / "annotations" / "topics.toml"
    path.write_text(path.read_text().replace("Language models", "Sprachmodelle für 学习"))
    done = run_process(*arguments, cwd=trained, environment={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@pytest.mark.parametrize(("number", "text"), [(0, "0 papers"), (1, "1 paper"), (2, "2 papers")])
def test_things_are_counted(number: int, text: str) -> None:
    assert counted(number, "paper") == text


def test_topics_whose_names_hold_control_characters_do_not_steer_the_terminal(
    labeler: Labeler, workspace: Path
) -> None:
    scheme = workspace / "annotations" / "topics.toml"
    text = scheme.read_text(encoding="utf-8")
    scheme.write_text(text.replace('name = "', 'name = "\\u001b[2J\\u202e', 1), encoding="utf-8")
    outcome = labeler("topics", "show")
    assert outcome.code == 0
    assert not {"\x1b", "\u202e"} & set(outcome.out + outcome.err)
    as_json = labeler("topics", "show", "--json").out
    assert not {"\x1b", "\u202e"} & set(as_json)
    assert "\x1b[2J\u202e" in json.loads(as_json)["topics"][0]["name"]


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (("label", "mine.jsonl", "-o"), "annotations/judgements.jsonl"),
        (("label", "mine.jsonl", "-o", "a.csv", "-o"), "models/CURRENT.csv"),
        (("read", "mine.jsonl", "-o"), ".labeler/history.jsonl"),
        (("export", "mine.jsonl", "-o"), "annotations/evaluation.jsonl"),
        (("topics", "config", "-o"), "annotations/../annotations/topics.toml"),
        (("evaluate", "--report"), "models/report.html"),
    ],
)
def test_no_output_takes_the_place_of_what_the_workspace_keeps(
    labeler: Labeler, trained: Path, command: tuple[str, ...], place: str
) -> None:
    Path("mine.jsonl").write_text('{"title": "Robots that walk", "abstract": "Robots walk on four legs."}\n')
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = labeler(*command, place)
    assert done.code == 2
    assert "keeps its own files" in done.err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
