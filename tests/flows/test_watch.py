"""A run of a watch: steps that fail stop no others, and what was done is not done again."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, ServerError
from labeler.flows.watch import WatchRun, run_watch
from labeler.flows.watch_rounds import exit_code, watch_on, watch_once
from labeler.judgements.forgotten import Tombstone, note_forgotten
from labeler.papers import Paper
from labeler.watching import inputs
from labeler.watching.inputs import Fault
from labeler.watching.settings import Watch, watches_of


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PAUSE", 0.0)


@pytest.fixture
def watched(trained: Path) -> Path:
    (trained / "inbox").mkdir()
    arrive("one.jsonl", "Robots that grasp")
    return trained


def arrive(name: str, title: str) -> None:
    Path("inbox", name).write_text(json.dumps({"title": title, "abstract": f"{title} at length."}) + "\n")


def watch(*outputs: str) -> Watch:
    return Watch("morning", ("inbox/",), outputs=outputs)


def test_what_is_new_is_published_and_the_next_run_has_nothing_to_do(watched: Path) -> None:
    first = run_watch(find_workspace(), watch("a.jsonl", "b.md"), [])
    assert (first.papers, first.model, first.done, first.faults) == (1, "mine@1", ["a.jsonl", "b.md"], [])
    assert first.summary() == "morning: 1 new paper, labelled by mine@1: a.jsonl, b.md"
    again = run_watch(find_workspace(), watch("a.jsonl", "b.md"), [])
    assert (again.papers, again.done, again.is_worth_telling) == (0, [], False)


def test_a_step_that_fails_stops_no_other_and_is_done_by_the_next_run(watched: Path) -> None:
    Path("a.jsonl").mkdir()
    first = run_watch(find_workspace(), watch("a.jsonl", "b.md"), [])
    assert first.done == ["b.md"]
    assert [fault.code for fault in first.faults] == [InputError.exit_code]
    Path("a.jsonl").rmdir()
    assert run_watch(find_workspace(), watch("a.jsonl", "b.md"), []).done == ["a.jsonl"]


@pytest.mark.parametrize("at", ["look", "a.jsonl", "b.md"])
def test_a_run_that_was_ended_between_two_steps_is_completed_by_the_next(watched: Path, at: str) -> None:
    def end(what: str) -> None:
        if what == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_watch(find_workspace(), watch("a.jsonl", "b.md"), [], end)
    run_watch(find_workspace(), watch("a.jsonl", "b.md"), [])
    assert Path("a.jsonl").read_text().count("\n") == 1
    assert Path("b.md").exists()


@pytest.mark.parametrize(("codes", "code"), [([], 0), ([3], 3), ([3, 5], 5), ([5, 3], 5), ([6, 3], 6)])
def test_a_server_that_failed_decides_the_exit_code(codes: list[int], code: int) -> None:
    results = [WatchRun(str(number), faults=[Fault(one, "why")]) for number, one in enumerate(codes)]
    assert exit_code([WatchRun("well"), *results]) == code
    assert WatchRun("all", faults=[Fault(one, "why") for one in codes]).exit_code == code
    assert ServerError.exit_code == 5


def test_a_run_is_told_to_programs() -> None:
    run = WatchRun("morning", 2, "mine@1", ["a.md"], ["a note"], [Fault(3, "why")])
    assert run.to_dict() == {
        "name": "morning", "papers": 2, "model": "mine@1", "done": ["a.md"], "notes": ["a note"],
        "faults": [{"code": 3, "text": "why"}],
    }  # fmt: skip


def test_watches_run_one_after_the_other_and_then_only_when_they_are_due(watched: Path) -> None:
    text = '[[watch]]\nname = "{}"\ninputs = ["inbox/"]\noutputs = ["{}.md"]\n'
    Path("labeler.toml").write_text(text.format("a", "a") + text.format("b", "b"))
    known = watches_of(find_workspace())
    results = watch_once(find_workspace(), known, known)
    assert results is not None
    assert [(result.name, result.done) for result in results] == [("a", ["a.md"]), ("b", ["b.md"])]
    ended, events = Event(), []
    for event in watch_on(watched, [], ended):
        events.append(event)
        if isinstance(event, float):
            ended.set()
    assert [event.name for event in events if isinstance(event, WatchRun)] == ["a", "b"]
    assert isinstance(events[-1], float)


def test_papers_that_were_forgotten_are_passed_over(watched: Path) -> None:
    forgotten = Paper.make("Robots that grasp", "Robots that grasp at length.")
    note_forgotten(find_workspace(), [Tombstone.of_paper([forgotten], "2026-03-01T10:00:00Z", 0)])
    arrive("two.jsonl", "Robots that walk")
    assert run_watch(find_workspace(), watch("out.csv"), []).papers == 1
    files = [path for path in watched.rglob("*") if path.is_file() and "inbox" not in path.parts]
    assert [path for path in files if b"Robots that grasp" in path.read_bytes()] == []
    assert (watched / "out.csv").read_text().count("Robots that walk")


def test_a_page_that_is_not_of_the_watch_is_kept_and_told_once(watched: Path) -> None:
    Path("a.md").write_text("By hand.")
    first = run_watch(find_workspace(), watch("a.md"), [])
    assert first.notes == ["a.md was there, and not of this watch: what it was is kept as a.md~"]
    assert Path("a.md~").read_text() == "By hand."
    arrive("two.jsonl", "Robots that walk")
    again = run_watch(find_workspace(), watch("a.md"), [])
    assert (again.done, again.notes) == (["a.md"], [])
    assert Path("a.md~").read_text() == "By hand."


def test_a_copy_that_is_there_is_never_written_over(watched: Path) -> None:
    Path("a.md").write_text("By hand.")
    Path("a.md~").write_text("Before.")
    told = run_watch(find_workspace(), watch("a.md"), [])
    assert told.notes == ["a.md was there, and not of this watch: what it was is kept as a.md~1"]
    assert [Path(name).read_text() for name in ("a.md~", "a.md~1")] == ["Before.", "By hand."]
