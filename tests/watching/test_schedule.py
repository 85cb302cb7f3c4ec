"""When watches are due, whatever clocks do; and a process that goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labeler.config import Workspace
from labeler.flows import watch as flow
from labeler.flows.watch import WatchRun, watch_on
from labeler.watching import inputs, schedule
from labeler.watching.schedule import RETRY, Schedule, at_work, beat, last_beat
from labeler.watching.settings import Watch
from tests.watching.conftest import SETTINGS, arrive, titles_in, watch_with

HOURLY = Watch("hourly", ("inbox/",), every=3600)


class Clocks:
    """Both clocks of a machine, which a test sets."""

    def __init__(self) -> None:
        self.steady, self.calendar = 1_000.0, 1_700_000_000.0

    def monotonic(self) -> float:
        return self.steady

    def time(self) -> float:
        return self.calendar

    def go_on(self, seconds: float) -> None:
        self.steady += seconds
        self.calendar += seconds


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    one = Clocks()
    monkeypatch.setattr(schedule, "time", one)
    return one


def test_a_watch_is_due_at_once_and_then_after_its_time(clocks: Clocks) -> None:
    one = Schedule()
    assert one.due([HOURLY]) == [HOURLY]
    one.note("hourly", has_failed=False)
    assert (one.due([HOURLY]), one.wait(HOURLY)) == ([], 3600)
    clocks.go_on(3599)
    assert one.due([HOURLY]) == []
    clocks.go_on(1)
    assert one.due([HOURLY]) == [HOURLY]


def test_what_failed_is_tried_again_sooner(clocks: Clocks) -> None:
    one = Schedule()
    one.note("hourly", has_failed=True)
    assert one.wait(HOURLY) == RETRY
    assert one.wait(Watch("hourly", every=60)) == 60


def test_a_clock_that_jumps_does_no_harm(clocks: Clocks) -> None:
    one = Schedule()
    one.note("hourly", has_failed=False)
    clocks.calendar -= 1e9
    assert one.wait(HOURLY) == 3600
    clocks.go_on(3600)
    assert one.due([HOURLY]) == [HOURLY]
    one.note("hourly", has_failed=False)
    clocks.calendar += 1e9
    assert one.due([HOURLY]) == [HOURLY]


def test_a_machine_that_slept_is_not_late(clocks: Clocks) -> None:
    one = Schedule()
    one.note("hourly", has_failed=False)
    clocks.calendar += 4000  # the other clock stands still while the machine sleeps
    assert one.due([HOURLY]) == [HOURLY]


def test_two_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    with at_work(Workspace(tmp_path)) as first, at_work(Workspace(tmp_path)) as second:
        assert (first, second) == (True, False)
    with at_work(Workspace(tmp_path)) as again:
        assert again


def test_signs_of_life(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert last_beat(workspace) is None
    beat(workspace, "waiting")  # there is no folder yet, which stops nothing
    with at_work(workspace):
        beat(workspace, "morning: look")
    found = last_beat(workspace)
    assert found is not None
    assert found["doing"] == "morning: look"
    (tmp_path / ".labeler/watch/heartbeat.json").write_text("no", encoding="utf-8")
    assert last_beat(workspace) is None


class Rounds:
    """A process that goes on, whose waits a test uses to change things; it ends when there is nothing more to do."""

    def __init__(self, workspace: Path, *between: Callable[[], object]) -> None:
        self._steps, self.waits, self.ended = list(between), list[float](), threading.Event()
        self.told = list(self._run(workspace))

    def _run(self, workspace: Path) -> Iterator[WatchRun | str]:
        for event in watch_on(workspace, [], self.ended):
            if not isinstance(event, float):
                yield event
                continue
            self.waits.append(event)
            if not self._steps:
                self.ended.set()
            else:
                self._steps.pop(0)()


@pytest.fixture
def rounds(watched: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Rounds]:
    """Runs a process that goes on, round after round without waiting."""
    monkeypatch.setattr(inputs, "PAUSE", 0.0)
    monkeypatch.setattr(threading.Event, "wait", lambda *_: False)
    monkeypatch.setattr(Schedule, "wait", lambda *_: 0.0)
    return lambda *between: Rounds(watched, *between)


def test_what_arrives_is_published_in_the_next_round(watched: Path, rounds: Callable[..., Rounds]) -> None:
    one = rounds(lambda: arrive(watched, "one.jsonl", ["Robots that grasp"]), lambda: None)
    assert [event.papers for event in one.told if isinstance(event, WatchRun)] == [0, 1, 0]
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]


def test_settings_are_read_again_and_their_faults_told_once(watched: Path, rounds: Callable[..., Rounds]) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    one = rounds(
        lambda: watch_with(watched, "[[watch]]\ninputs = 3\n"),
        lambda: None,
        lambda: watch_with(watched, SETTINGS.replace("latest", "newest")),
        lambda: None,
    )
    said = [event for event in one.told if isinstance(event, str)]
    assert len(said) == 1
    assert "inputs is 3" in said[0]
    assert titles_in(Path("newest.jsonl")) == ["Robots that grasp"]


def test_another_process_is_told_once(watched: Path, rounds: Callable[..., Rounds]) -> None:
    with at_work(Workspace(watched)):
        one = rounds(lambda: None, lambda: None)
    assert one.told == ["another `labeler watch` is at work here; waiting"]


def test_it_ends_between_two_steps(watched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    ended, steps = threading.Event(), list[str]()

    def beat_and_end(_: Workspace, doing: str) -> None:
        steps.append(doing)
        if doing.endswith("digest.md"):
            ended.set()

    monkeypatch.setattr(flow, "beat", beat_and_end)
    assert list(watch_on(watched, [], ended)) == []
    assert steps == ["morning: look", "morning: digest.md"]
    assert Path("digest.md").exists()
    assert not Path("latest.jsonl").exists()


def test_a_heartbeat_says_what_is_done(watched: Path, rounds: Callable[..., Rounds]) -> None:
    signs = list[str]()

    def look() -> None:
        signs.append(json.loads(Path(".labeler/watch/heartbeat.json").read_text(encoding="utf-8"))["doing"])

    rounds(look)
    look()
    assert signs == ["waiting", "ended"]
