"""The journal of a watch: what its lines say together, wherever it was cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.history import KnownPapers, ids_of
from labeler.papers import Paper
from labeler.watching.batches import BatchFiles
from labeler.watching.journal import Journal, Seen, State
from tests.wild import mutations

_SLOW = [HealthCheck.too_slow]  # where other tests keep the machine busy
TITLES = st.lists(st.text(min_size=1, max_size=20).filter(lambda text: any(map(str.isalnum, text))), max_size=3)


def looked(name: str, titles: list[str]) -> dict[str, Any]:
    papers = [ids_of(Paper.make(title, f"We study {title}.")) for title in titles]
    return {
        "at": "2026-11-27T07:00:00Z",
        "files": {f"{name}.jsonl": (3, 5, name, "")},
        "mailboxes": {"imaps://ada@example.org": (7, len(name))},
        "days": {"hf:today": "2026-11-27"},
        "batch": {"name": name, "date": "2026-11-27", "papers": papers} if papers else None,
    }


def write(folder: Path, batches: list[list[str]]) -> Journal:
    """A journal of batches of papers, each of which was published."""
    journal = Journal(folder)
    for number, titles in enumerate(batches):
        name = f"batch-{number}"
        journal.note("looked", **looked(name, titles))
        if titles:
            journal.note("model", batch=name, model="mine@1")
            journal.note("done", batch=name, step="output:a.md")
            journal.note("closed", batch=name)
        journal.note("run", at="2026-11-27T07:00:00Z", seconds=1.0, papers=len(titles), model=None, done=[], faults=[])
    return journal


def test_what_was_noted_is_read(tmp_path: Path) -> None:
    write(tmp_path, [["Robots"], [], ["Language", "Images"]])
    state = Journal(tmp_path).state
    assert list(state.batches) == ["batch-0", "batch-2"]
    newest = state.newest
    assert newest is not None
    assert (newest.count, newest.model, newest.done, newest.is_closed) == (2, "mine@1", {"output:a.md"}, True)
    assert state.files["batch-1.jsonl"] == Seen(3, 5, "batch-1")
    assert state.hashes == {"batch-0", "batch-1", "batch-2"}
    assert state.mailboxes == {"imaps://ada@example.org": (7, 7)}
    known = KnownPapers(state.given)
    assert known.first_day(Paper.make("Images", "We study Images.")) == "2026-11-27"
    assert known.first_day(Paper.make("Images", "We study something else.")) is None
    assert len(state.runs) == 3


def test_a_dry_run_takes_in_what_it_notes_and_writes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "watch", dry_run=True)
    journal.note("run", at="2026-11-27T07:00:00Z", seconds=1.0, papers=2, model=None, done=[], faults=[])
    assert [run["papers"] for run in journal.state.runs] == [2]
    assert list(tmp_path.iterdir()) == []


def test_the_last_runs_alone_are_kept_in_memory(tmp_path: Path) -> None:
    journal = write(tmp_path, [[]] * 40)
    assert len(journal.state.runs) == len(Journal(tmp_path).state.runs) == 30


@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW)
@given(batches=st.lists(TITLES, min_size=1, max_size=3), where=st.floats(0, 1))
def test_wherever_it_is_cut_the_whole_lines_count_and_the_next_are_whole(
    tmp_path_factory: Any, batches: list[list[str]], where: float
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    path = write(folder, batches).path
    data = path.read_bytes()
    cut = data[: round(where * len(data))]
    path.write_bytes(cut)
    whole = cut.split(b"\n")[:-1]
    last = cut.rpartition(b"\n")[2]
    journal = Journal(folder)
    assert not journal.state.faults
    journal.note("looked", **looked("later", ["A later one"]))
    lines = path.read_bytes().split(b"\n")[:-1]
    assert lines[: len(whole)] == whole
    assert [json.loads(line)["event"] for line in lines][-1] == "looked"
    assert len(lines) in (len(whole) + 1, len(whole) + 1 + bool(last))
    again = Journal(folder).state
    assert again.batches == journal.state.batches
    assert again.hashes == journal.state.hashes


LINES = st.one_of(
    st.binary(max_size=40),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"event": st.sampled_from(["looked", "model", "done", "closed", "run", "other"])},
        optional={
            key: st.none() | st.integers() | st.text(max_size=3) | st.dictionaries(st.text(max_size=3), st.none())
            for key in ("at", "files", "mailboxes", "days", "batch", "model", "step")
        },
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=150, deadline=None, suppress_health_check=_SLOW)
@given(lines=st.lists(LINES, max_size=5))
def test_lines_of_any_kind_are_passed_over_and_told(tmp_path_factory: Any, lines: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("journal")
    write(folder, [["Robots"]])
    with (folder / "journal.jsonl").open("ab") as stream:
        stream.write(b"".join(line.replace(b"\n", b" ") + b"\n" for line in lines))
    state = Journal(folder).state
    assert "batch-0" in state.batches
    assert state.hashes >= {"batch-0"}


def test_papers_of_batches_are_kept_as_they_are(tmp_path: Path) -> None:
    papers = [
        Paper.make("Robots", "We study robots.", ids=["arxiv:2503.11731"], authors=("Ada",), date="2026-11-27"),
        Paper.make("Überraschung \u2028 and more", "", keywords=("a", "b"), notes=("n",), curator="c"),
    ]
    files = BatchFiles(tmp_path / "batches")
    name = files.write("2026-11-27", papers)
    assert name == files.write("2026-11-27", papers)
    assert BatchFiles(tmp_path / "batches").papers(name) == papers
    assert files.papers("2026-11-26-of-nowhere") == []


LOOKED: dict[str, Any] = {"event": "looked", **looked("one", ["Robots"])}


def test_a_refused_file_may_come_again_with_the_same_content() -> None:
    state = State()
    state.take({**LOOKED, "files": {"a.txt": [7, 1, "aa", "as text"]}, "batch": None})
    assert (state.hashes, state.files["a.txt"].refused, state.newest) == (set(), "as text", None)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", "null", '{"event": "unknown"}', '{"event": "done", "batch": "x"}', '{"event": "run"}']
)
def test_lines_that_are_none_are_told_and_passed_over(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, [["Robots"]]).path
    with path.open("a") as file:
        file.write(f"{line}\n")
    journal = Journal(tmp_path)
    assert len(journal.state.faults) == bool(line)
    assert journal.state.newest is not None


def test_a_damaged_line_says_something_whole_or_nothing() -> None:
    for where, wild in mutations(json.loads(json.dumps(LOOKED))):
        state = State()
        try:
            state.take(wild)
        except ValueError:
            assert state == State(), where
            continue
        assert json.dumps(state.days) is not None, where


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2)))
def test_values_of_any_kind_are_no_lines(value: Any) -> None:
    with pytest.raises(ValueError, match="no line of a journal"):
        State().take(value)
