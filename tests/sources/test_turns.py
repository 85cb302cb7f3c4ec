"""Turns at a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.errors import InputError, ServerError
from labeler.sources.turns import turn
from labeler.terminal import progress_to
from tests.sources.replay import Clock


def test_a_pause_is_kept_by_whoever_is_next(tmp_path: Path) -> None:
    clock = Clock()
    with turn(tmp_path, "hf", clock.sleep, clock.now) as mine:
        mine.pause(3)
    clock.time += 1
    with turn(tmp_path, "hf", clock.sleep, clock.now):
        assert clock.waits == [pytest.approx(2)]
    with turn(tmp_path, "arxiv", clock.sleep, clock.now):
        assert len(clock.waits) == 1


@pytest.mark.parametrize("content", [b"", b"soon", b"nan", b"inf", b"-5", b"1e400", b"\xff" * 50, b"9999999999"])
def test_a_file_that_says_nothing_of_use_keeps_nobody_waiting(tmp_path: Path, content: bytes) -> None:
    clock = Clock()
    (tmp_path / "hf.turn").write_bytes(content)
    with turn(tmp_path, "hf", clock.sleep, clock.now) as mine:
        assert clock.waits == []
        mine.pause(3)
    with turn(tmp_path, "hf", clock.sleep, clock.now):
        assert clock.waits == [pytest.approx(3)]


def test_one_waits_for_the_other_and_not_for_ever(tmp_path: Path) -> None:
    clock, told = Clock(), list[str]()
    first, second = (turn(tmp_path, "hf", clock.sleep, clock.now) for _ in range(2))
    with first, progress_to(told.append), pytest.raises(ServerError, match="another labeler has been asking hf"):
        second.__enter__()
    assert told == ["another labeler is asking hf; waiting for it"]
    assert clock.time - Clock().time == pytest.approx(900, abs=1)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="XDG_CACHE_HOME"):
        turn(tmp_path / "nowhere", "hf", Clock().sleep, Clock().now).__enter__()
