"""The journal of a watch: what its lines say together, whatever else stands in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.watching.journal import Batch, Journal, Seen, State
from tests.wild import mutations

LOOKED: dict[str, Any] = {
    "event": "looked", "at": "2026-11-27T06:00:00Z", "files": {"inbox/a.txt": [7, 1, "aa", ""]},
    "mailboxes": {"imap://x": [1, 9]}, "days": {"hf:today": "2026-11-27"},
    "batch": {"name": "2026-11-27-abc", "date": "2026-11-27", "papers": [["arxiv:1"], ["arxiv:2"]]},
}  # fmt: skip


def note(journal: Journal, event: dict[str, Any]) -> None:
    journal.note(event["event"], **{name: value for name, value in event.items() if name != "event"})


def test_what_was_noted_is_the_state_of_the_next_process(tmp_path: Path) -> None:
    first = Journal(tmp_path / "watch")
    assert (first.state.newest, first.state.files) == (None, {})
    (tmp_path / "watch").mkdir()
    note(first, LOOKED)
    first.note("model", batch="2026-11-27-abc", model="mine@1")
    first.note("done", batch="2026-11-27-abc", step="digest.md")
    first.note("run", at="2026-11-27T06:00:01Z", papers=2)
    again = Journal(tmp_path / "watch")
    assert again.state == first.state
    assert again.state.newest == Batch("2026-11-27-abc", "2026-11-27", 2, "mine@1", {"digest.md"})
    assert again.state.files == {"inbox/a.txt": Seen(7, 1, "aa")}
    assert (again.state.hashes, again.state.mailboxes) == ({"aa"}, {"imap://x": (1, 9)})
    assert again.state.days == {"hf:today": "2026-11-27"}
    assert [run.ids for run in again.state.given] == [[["arxiv:1"], ["arxiv:2"]]]
    assert again.state.runs == [{"at": "2026-11-27T06:00:01Z", "papers": 2}]
    again.note("closed", batch="2026-11-27-abc")
    assert Journal(tmp_path / "watch").state.batches["2026-11-27-abc"].is_closed


def test_a_refused_file_may_come_again_with_the_same_content() -> None:
    state = State()
    state.take({**LOOKED, "files": {"a.txt": [7, 1, "aa", "as text"]}, "batch": None})
    assert (state.hashes, state.files["a.txt"].refused, state.newest) == (set(), "as text", None)


def test_of_very_many_runs_the_last_are_told() -> None:
    state = State()
    for number in range(100):
        state.take({"event": "run", "number": number})
    assert [run["number"] for run in state.runs] == list(range(70, 100))


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", "null", '{"event": "unknown"}', '{"event": "done", "batch": "x"}']
)
def test_lines_that_are_none_are_told_and_passed_over(tmp_path: Path, line: str) -> None:
    note(Journal(tmp_path), LOOKED)
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write(f"{line}\n")
    journal = Journal(tmp_path)
    assert len(journal.state.faults) == bool(line)
    assert journal.state.newest is not None


def test_any_line_says_something_or_is_told(tmp_path: Path) -> None:
    for where, wild in mutations(LOOKED):
        state = State()
        try:
            state.take(wild)
        except ValueError:
            continue
        assert json.dumps(state.days) is not None, where


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2)))
def test_values_of_any_kind_are_no_lines(value: Any) -> None:
    with pytest.raises(ValueError, match="no line of a journal"):
        State().take(value)
