"""A process that goes on watching: round after round, until it is asked to end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labeler.config import Workspace
from labeler.flows import watch_rounds
from labeler.flows.watch import WatchRun
from labeler.flows.watch_rounds import exit_code, watch_on
from labeler.watching import inputs
from labeler.watching.inputs import Fault
from labeler.watching.schedule import Schedule, at_work, beat, last_beat
from tests.watching.conftest import SETTINGS, arrive, titles_in, watch_with, watched

__all__ = ["watched"]


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

    def beat_and_end(workspace: Workspace, doing: str) -> None:
        steps.append(doing)
        beat(workspace, doing)
        if doing.endswith("digest.md"):
            ended.set()

    monkeypatch.setattr(watch_rounds, "beat", beat_and_end)
    assert list(watch_on(watched, [], ended)) == []
    assert steps == ["morning: look", "morning: digest.md", "ended"]
    assert Path("digest.md").exists()
    assert not Path("latest.jsonl").exists()


def test_a_heartbeat_says_what_is_done(watched: Path, rounds: Callable[..., Rounds]) -> None:
    signs = list[str]()
    rounds(lambda: signs.append(Path(".labeler/watch/heartbeat.json").read_text(encoding="utf-8")))
    assert json.loads(signs[0])["doing"] == "waiting"
    assert last_beat(Workspace(watched)) is None  # it has ended by itself


def test_of_several_runs_the_fault_of_a_server_counts_first() -> None:
    fine, refused = WatchRun("a"), WatchRun("b", faults=[Fault(3, "no digest")])
    dead = WatchRun("c", faults=[Fault(4, "no password"), Fault(5, "no server")])
    assert [exit_code(runs) for runs in ([], [fine], [fine, refused], [refused, dead])] == [0, 0, 3, 5]
