"""Turns at a service, and the pauses between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.errors import InputError, ServerError
from labeler.sources import turns as module
from labeler.sources.turns import LONGEST_PAUSE, turn
from tests.sources.replay import Clock


def test_after_a_pause_the_next_turn_begins_when_it_is_over(tmp_path: Path) -> None:
    clock = Clock()
    with turn(tmp_path, "x", clock.sleep, clock.now) as one:
        assert clock.waits == []
        one.pause(3.0)
    clock.time += 1
    with turn(tmp_path, "x", clock.sleep, clock.now):
        assert clock.waits == [pytest.approx(2.0)]
    with turn(tmp_path, "y", clock.sleep, clock.now):
        assert len(clock.waits) == 1, "another service has turns of its own"


def test_a_pause_that_is_over_is_not_waited_for(tmp_path: Path) -> None:
    clock = Clock()
    with turn(tmp_path, "x", clock.sleep, clock.now) as one:
        one.pause(3.0)
    clock.time += 5
    with turn(tmp_path, "x", clock.sleep, clock.now):
        assert clock.waits == []


@pytest.mark.parametrize("content", [b"", b"soon", b"nan", b"inf", b"\xff", b"1e400"])
def test_what_is_no_time_is_no_pause(tmp_path: Path, content: bytes) -> None:
    clock = Clock()
    (tmp_path / "x.turn").write_bytes(content)
    with turn(tmp_path, "x", clock.sleep, clock.now):
        assert clock.waits == []


def test_a_clock_that_was_put_back_makes_nobody_wait_for_hours(tmp_path: Path) -> None:
    clock = Clock()
    with turn(tmp_path, "x", clock.sleep, clock.now) as one:
        one.pause(LONGEST_PAUSE)
    clock.time -= 3600
    with turn(tmp_path, "x", clock.sleep, clock.now):
        assert clock.waits == []


def test_two_wait_for_each_other_and_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_QUEUE", 1.0)
    clock = Clock()
    with turn(tmp_path, "x", clock.sleep, clock.now):
        with (
            pytest.raises(ServerError, match="another labeler has been asking x"),
            turn(tmp_path, "x", clock.sleep, clock.now),
        ):
            pytest.fail("it is the turn of another")
        assert sum(clock.waits) == pytest.approx(1.0, abs=0.3)
    with turn(tmp_path, "x", clock.sleep, clock.now):
        pass


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    clock = Clock()
    with pytest.raises(InputError, match="cannot write"), turn(tmp_path / "none", "x", clock.sleep, clock.now):
        pytest.fail("there is no place for it")
