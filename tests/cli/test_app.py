from __future__ import annotations

import gc
import gzip
import inspect
import json
import os
import pty
import shutil
import signal
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from typer.core import TyperOption

from labeler.cli.app import _MODULES, app_for
from labeler.cli.command import only_listed
from tests.cli.process import COMMAND, run_process, start_process, wait_until
from tests.conftest import Labeler


def one_line(err: str) -> str:
    """The line of an error output that has just one."""
    assert err.startswith("labeler: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err.removeprefix("labeler: ").strip()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["label"], 2, "INPUT"),
        (["label", "x", "--nosuch"], 2, "--nosuch"),
        (["label", "x", "--to", "nothing"], 2, "there is no output 'nothing'; known are: "),
        (["nosuch"], 2, "nosuch"),
        (["train", "--precision", "high"], 2, "--precision"),
        (["train", "--precision", "2"], 2, "0.5 to below 1"),
        (["train", "--precision", "nan"], 2, "0.5 to below 1"),
        (["train", "--name", "a/b"], 2, "letters, digits"),
        (["train", "--name", "a@1"], 2, "letters, digits"),
        (["explain", "x", "--words", "0"], 2, "--words"),
        (["models", "export", "m.joblib", "--to", "onnx"], 2, "sklearn"),
        (["models", "use"], 2, "NAME"),
        (["models", "nosuch"], 2, "nosuch"),
        (["label", "missing.txt"], 3, "missing.txt: no such file"),
        (["label", "*.nosuch"], 3, "there is no file *.nosuch"),
        (["label", "."], 2, "many papers need a place for their labels"),
        (["explain", "nothing*.txt"], 3, "there is no file nothing*.txt"),
        (["explain", "missing.txt"], 3, "missing.txt"),
        (["models", "export", "no/where.joblib"], 3, "cannot write"),
        (["models", "use", "mine@7"], 4, "mine@7"),
        (["models", "show", "yours"], 4, "yours"),
        (["--workspace", "nowhere", "models", "list"], 4, "nowhere"),
        (["models", "list", "--workspace", "models"], 4, "no workspace"),
    ],
)
def test_errors_are_one_line_and_a_code(
    labeler: Labeler, trained: Path, arguments: list[str], code: int, words: str
) -> None:
    outcome = labeler(*arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert words in one_line(outcome.err)


@pytest.mark.parametrize("command", ["train", "export", "topics check"])
def test_without_a_workspace_it_says_how_to_make_one(
    labeler: Labeler, tmp_path: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler(*command.split(), *([digest] if command == "export" else []))
    assert outcome.code == 4
    assert "labeler init" in one_line(outcome.err)


def test_a_file_name_with_a_line_break_is_told_in_one_line(labeler: Labeler, trained: Path) -> None:
    outcome = labeler("label", "two\nlines.txt")
    assert outcome.code == 3
    one_line(outcome.err)


@pytest.mark.parametrize("position", ["before", "after"])
def test_a_traceback_is_shown_with_v_alone(labeler: Labeler, trained: Path, position: str) -> None:
    arguments = ["-v", "label", "missing.txt"] if position == "before" else ["label", "missing.txt", "--verbose"]
    outcome = labeler(*arguments)
    assert outcome.code == 3
    assert "Traceback (most recent call last)" in outcome.err
    assert outcome.err.splitlines()[-1] == labeler("label", "missing.txt").err.strip()


@pytest.mark.parametrize("message", ["boom", "two\nlines", ""])
def test_a_fault_of_ours_is_one_line_and_code_1(
    labeler: Labeler, trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    def faulty(*_: object) -> None:
        raise RuntimeError(message)

    monkeypatch.setattr("labeler.flows.label.labelling", faulty)
    outcome = labeler("label", digest)
    assert outcome.code == 1
    line = one_line(outcome.err)
    assert line.startswith("a fault of labeler itself (RuntimeError:")
    assert "-v" in line
    verbose = labeler("label", digest, "-v")
    assert (verbose.code, "Traceback" in verbose.err) == (1, True)


@pytest.mark.parametrize("asked", [False, True])
def test_a_warning_of_a_library_is_told_to_those_who_ask_for_it_alone(
    labeler: Labeler, trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    from labeler.flows.label import labelling

    def warning(*arguments: object, **options: object) -> object:
        warnings.warn("it does not converge", stacklevel=1)
        return labelling(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("labeler.flows.label.labelling", warning)
    monkeypatch.setattr("sys.warnoptions", ["always"] if asked else [])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        outcome = labeler("label", digest)
    assert outcome.code == 0
    assert any("converge" in str(one.message) for one in told) == asked
    assert "converge" not in outcome.err


def test_a_fault_that_is_an_end_of_file_is_no_interruption(
    labeler: Labeler, trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> None:
        raise EOFError("too short")

    monkeypatch.setattr("labeler.flows.label.labelling", faulty)
    outcome = labeler("label", digest)
    assert outcome.code == 1
    assert "EOFError" in one_line(outcome.err)


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_gzip_file_is_bad_input_wherever_the_damage_is(trained: Path, damage: str) -> None:
    lines = "".join(json.dumps({"title": f"Robots {n}", "abstract": os.urandom(40).hex()}) + "\n" for n in range(3000))
    data = bytearray(gzip.compress(lines.encode()))
    if damage == "cut":
        del data[-2000:]
    else:
        data[-1000] ^= 255
    (trained / "a.jsonl.gz").write_bytes(data)
    done = run_process("label", "a.jsonl.gz", "-o", "out.jsonl", cwd=trained)
    assert "a.jsonl.gz" in one_line(done.stderr.decode())
    assert done.returncode == 3
    assert not (trained / "out.jsonl").exists()


def test_an_interrupted_command_says_so_and_leaves_no_file(trained: Path) -> None:
    process = start_process("label", "-", "-o", "out.jsonl", cwd=trained)
    assert process.stdin is not None
    for number in range(1200):
        process.stdin.write(json.dumps({"title": f"Robots {number}", "abstract": "arm " * 30}).encode() + b"\n")
    process.stdin.flush()
    wait_until(lambda: bool(list(trained.glob(".out.jsonl*"))), process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, err.decode()) == (130, "labeler: interrupted\n")
    assert not list(trained.glob("*out.jsonl*"))


def test_an_interrupted_training_keeps_nothing(trained: Path) -> None:
    terminal, end = pty.openpty()
    process = start_process("train", "--precision", "0.8", cwd=trained, stderr=end)
    os.close(end)
    first_line = b""
    while not first_line.endswith(b"\n"):
        first_line += os.read(terminal, 100)
    assert first_line.decode().startswith("training")
    time.sleep(0.1)  # a signal in the middle of the print has the line printed twice
    process.send_signal(signal.SIGINT)
    process.communicate()
    output = b""
    with suppress(OSError):  # the end of what a terminal shows is an error
        while piece := os.read(terminal, 1000):
            output += piece
    os.close(terminal)
    assert (process.returncode, output.decode().splitlines()) == (130, ["labeler: interrupted"])
    assert [path.name for path in (trained / "models" / "mine").iterdir()] == ["1"]


@pytest.mark.slow
@pytest.mark.parametrize("command", ["label", "explain"])
def test_a_reader_that_has_had_enough_is_no_error(trained: Path, command: str) -> None:
    lines = "".join(json.dumps({"title": f"Robots {n}", "abstract": "arm and leg " * 40}) + "\n" for n in range(1500))
    (trained / "many.jsonl").write_text(lines)
    process = start_process(command, "many.jsonl", "--json", cwd=trained)
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["title"] == "Robots 0"
    process.stdout.close()
    assert (process.wait(), process.stderr.read()) == (0, b"")
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_no_fault_of_ours(trained: Path, digest: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "label", digest], cwd=trained, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert "no space left" in one_line(done.stderr.decode())


@pytest.mark.parametrize("arguments", [[], ["models"], ["topics"]])
def test_a_command_alone_shows_its_help(labeler: Labeler, arguments: list[str]) -> None:
    outcome = labeler(*arguments)
    shown = outcome.out or outcome.err
    assert shown.lstrip().startswith("Usage: labeler")
    assert "\n" in shown.strip()


@pytest.mark.parametrize(
    "command", ["init", "read", "label", "explain", "export", "import", "train", "models list", "models show"]
)
def test_every_command_explains_itself_with_an_example(labeler: Labeler, command: str) -> None:
    outcome = labeler(*command.split(), "--help")
    assert outcome.code == 0
    assert f"Example: labeler {command}" in outcome.out
    assert all(option in outcome.out for option in ("--workspace", "--json", "--quiet", "--verbose"))


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["label", "-h"]])
def test_help_comes_by_both_names(labeler: Labeler, arguments: list[str]) -> None:
    outcome = labeler(*arguments)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.lstrip().startswith("Usage: labeler")


def test_the_version_is_told(labeler: Labeler) -> None:
    from importlib.metadata import version

    assert labeler("--version").out == f"labeler {version('labeler')}\n"


def test_each_command_is_added_by_the_module_that_is_said_to() -> None:
    """So that it can be built alone, and all together where none is named first."""
    for names in _MODULES.values():
        for name in names:
            assert named(app_for([name, "--help"])) == set(names)
    assert named(app_for(["--quiet", "label"])) == {name for names in _MODULES.values() for name in names}


def test_an_option_that_may_be_given_several_times_says_so() -> None:
    commands, silent, found = [typer.main.get_command(app_for(()))], [], 0
    while commands:
        command = commands.pop()
        commands += getattr(command, "commands", {}).values()
        several = [option for option in command.params if isinstance(option, TyperOption) and option.multiple]
        silent += [(command.name, option.opts) for option in several if "repeatable" not in str(option.help).casefold()]
        found += len(several)
    assert (silent, found > 10) == ([], True)


def test_the_list_of_all_names_and_tells_the_commands_as_they_are() -> None:
    def told() -> dict[str, str]:
        program = typer.main.get_command(app_for(()))
        return {name: inspect.cleandoc(one.help) for name, one in getattr(program, "commands", {}).items()}

    with only_listed():
        listed = told()
    assert (listed, len(listed) > 20) == (told(), True)


def named(app: typer.Typer) -> set[str | None]:
    return {command.name for command in (*app.registered_commands, *app.registered_groups)}


def test_a_command_leaves_the_collector_of_garbage_as_it_was(labeler: Labeler) -> None:
    before = gc.get_threshold()
    assert labeler("read", "--formats").code == 0
    assert gc.get_threshold() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("label", "digest.txt", "--model", "LONG@1"), 4),
        (("label", "digest.txt", "-o", "LONG"), 3),
        (("label", "digest.txt", "-o", "LONG.parquet"), 3),
        (("label", "digest.txt", "-o", "LONG/"), 3),
        (("--workspace", "LONG", "status"), 3),
        (("init", "LONG"), 3),
        (("models", "use", "LONG@1"), 4),
        (("models", "export", "LONG"), 3),
        (("read", "LONG"), 3),
        (("topics", "config", "-o", "LONG"), 3),
    ],
)
def test_names_that_are_too_long_are_no_fault_of_labeler(
    labeler: Labeler, trained: Path, digest: Path, arguments: tuple[str, ...], code: int
) -> None:
    shutil.copy(digest, trained / "digest.txt")
    outcome = labeler(*(word.replace("LONG", "x" * 5000) for word in arguments))
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (code, "", 1), outcome.err[:300]


def test_a_current_model_of_a_long_name_is_none(labeler: Labeler, trained: Path) -> None:
    (trained / "models/CURRENT").write_text("x" * 5000 + "@1")
    assert labeler("models", "list").code == 0
    assert labeler("status").code == 0
    assert labeler("train").code == 0
