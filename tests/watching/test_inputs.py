"""A look at local inputs: what is new, what is left, and what is refused."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.watching import inputs as module
from labeler.watching.inputs import Look, fault_of, is_source, look
from labeler.watching.journal import State
from labeler.watching.settings import Watch


@pytest.fixture(autouse=True)
def inbox(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "PAUSE", 0.0)
    (workspace / "inbox").mkdir()
    return workspace / "inbox"


def put(path: Path, text: str = '{"title": "Robots that grasp"}\n', age: float = 1000.0) -> None:
    """A file that was changed some seconds ago."""
    path.write_text(text)
    os.utime(path, (time.time() - age,) * 2)


def found(state: State | None = None, *names: str, outputs: tuple[str, ...] = ()) -> Look:
    return look(Watch("morning", names or ("inbox/",)), find_workspace(), state or State(), outputs)


def titles(one: Look) -> list[str]:
    return [paper.title for paper in one.papers]


def test_what_was_read_is_not_read_again_until_it_changes(inbox: Path) -> None:
    put(inbox / "a.jsonl")
    first = found()
    assert (titles(first), first.faults, first.left) == (["Robots that grasp"], [], [])
    state = State(files=first.files, hashes={seen.sha256 for seen in first.files.values()})
    assert found(state).files == {}
    put(inbox / "a.jsonl", '{"title": "Robots that grasp"}\n{"title": "Two"}\n', 500)
    assert titles(found(state)) == ["Robots that grasp", "Two"]


def test_a_copy_of_what_was_read_brings_nothing(inbox: Path) -> None:
    put(inbox / "a.jsonl")
    put(inbox / "b.jsonl")
    first = found()
    assert titles(first) == ["Robots that grasp"]
    assert len(first.files) == 2


@pytest.mark.parametrize("text", ["", '{"title": "Robots that grasp"}\n{"tit'])
def test_a_file_that_breaks_off_waits_while_it_is_fresh(inbox: Path, text: str) -> None:
    put(inbox / "a.jsonl", text, age=10)
    fresh = found()
    assert (fresh.left, fresh.files, fresh.papers) == ([str(inbox / "a.jsonl")], {}, [])
    put(inbox / "a.jsonl", text, age=1000)
    assert list(found().files) == [str(inbox / "a.jsonl")]


def test_what_is_refused_is_told_and_stops_no_other(inbox: Path) -> None:
    put(inbox / "a.txt", "%PDF-1.4 slides")
    put(inbox / "b.jsonl")
    first = found()
    assert titles(first) == ["Robots that grasp"]
    (fault,) = first.faults
    assert (fault.code, "a.txt is a PDF file" in fault.text) == (3, True)
    assert first.files[str(inbox / "a.txt")].refused
    assert found(State(files=first.files)).faults == []


@pytest.mark.parametrize("name", ["a.part", "a.crdownload", "a.jsonl~", ".hidden"])
def test_files_of_other_programs_are_no_inputs(inbox: Path, name: str) -> None:
    put(inbox / name)
    assert found().files == {}


def test_outputs_are_no_inputs_whatever_their_day(inbox: Path) -> None:
    put(inbox / "2026-11-27.jsonl")
    put(inbox / "other.jsonl", '{"title": "Other"}\n')
    assert titles(found(None, outputs=(f"{inbox}/{{date}}.jsonl",))) == ["Other"]


def test_an_input_that_is_not_there_is_told_and_an_empty_folder_or_pattern_is_not(inbox: Path) -> None:
    first = found(None, "inbox/", "inbox/*.csv", "missing.txt")
    assert [fault.text.startswith("there is no file missing.txt yet") for fault in first.faults] == [True]


def test_addresses_of_sources_are_those_that_are_no_files(workspace: Path) -> None:
    known = find_workspace()
    assert is_source(known, "hf:today")
    assert not is_source(known, "inbox/a.txt")
    (workspace / "hf:today").touch()
    assert not is_source(known, "hf:today")


def test_errors_are_faults_with_the_input_that_they_are_of() -> None:
    assert fault_of(InputError("it is damaged", "fetch it again"), "a.txt") == (
        3,
        "a.txt: it is damaged; fetch it again",
    )
    assert fault_of(InputError("a.txt is damaged"), "a.txt").text == "a.txt is damaged"
    assert fault_of(PermissionError(13, "Permission denied"), "a.txt").code == 3
    assert fault_of(KeyError("x"), "a.txt").text.startswith("a.txt: a fault of labeler itself (KeyError: 'x')")


@pytest.mark.parametrize(
    "name",
    ["imaps://me:secret@127.0.0.1:1/INBOX", "feed:https://me:secret@127.0.0.1:1/x", "file:///nope/x?api_key=secret"],
)
def test_no_password_of_an_address_is_told(name: str) -> None:
    faults = found(None, name).faults
    assert faults
    assert "secret" not in str(faults)
