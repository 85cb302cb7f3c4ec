"""When watches are due, whatever clocks do; the lock, and signs of life."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import Workspace
from labeler.watching import schedule
from labeler.watching.schedule import RETRY, Schedule, at_work, beat, last_beat
from labeler.watching.settings import Watch

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
