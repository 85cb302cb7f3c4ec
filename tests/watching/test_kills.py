"""A week of digests, with a process that is killed hard between any two steps: nothing is lost, nothing comes twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from tests.cli.process import COMMAND
from tests.watching.conftest import SETTINGS, arrive, batches_of, journal_of, titles_in, watch_with
from tests.watching.replay import run_until

DAYS = 7
WEEK = {
    f"day{day}.jsonl": [
        f"Robots of day {day} that grasp",
        f"Language of day {day}",
        f"Robots of day {day - 1} that grasp",
    ]
    for day in range(1, DAYS + 1)
}
ALL = {title for titles in WEEK.values() for title in titles}
_LEFTOVERS = ("**/*.part", "**/*.torn")


def run(workspace: Path, *, moment: int = 0, seconds: float | None = None) -> int:
    """``labeler watch --once``, killed at a moment or after a time; return its exit code."""
    arguments, messages = ["--workspace", str(workspace), "watch", "--once"], workspace / "messages"
    if seconds is None:
        code = run_until(moment, arguments, messages)
    else:
        with messages.open("w") as stream:
            process = subprocess.Popen([*COMMAND, *arguments], stderr=stream)
            try:
                code = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
    assert "Traceback" not in messages.read_text(), messages.read_text()
    return code


def check(workspace: Path) -> None:
    """What must hold when a run has come to its end after all that came before."""
    given = Counter(title for batch in batches_of(workspace) for title in batch)
    arrived = {title for path in (workspace / "inbox").iterdir() for title in titles_in(path)}
    assert set(given) == arrived
    assert set(given.values()) == {1}
    done = Counter((event["batch"], event["step"]) for event in journal_of(workspace) if event["event"] == "done")
    assert set(done.values()) <= {1}
    newest = batches_of(workspace)[-1]
    for output in (workspace / "latest.jsonl", *(workspace / "days").iterdir()):
        titles = titles_in(output)
        assert titles[-len(newest) :] == newest
        assert len(titles) == len(set(titles))
    models = {json.loads(line)["model"] for line in (workspace / "latest.jsonl").read_text().splitlines()}
    assert models == {"mine@1"}
    assert not [path for pattern in _LEFTOVERS for path in workspace.glob(pattern)]


@pytest.fixture
def week(trained: Path) -> Path:
    """A trained workspace that watches an inbox."""
    (trained / "inbox").mkdir()
    watch_with(trained, SETTINGS)
    return trained


@pytest.mark.slow
def test_a_week_with_a_kill_at_every_moment_loses_and_doubles_nothing(week: Path) -> None:
    killed, chance = 0, random.Random(20)
    for day, (name, titles) in enumerate(WEEK.items()):
        arrive(week, name, titles)
        moments = count(1) if day == 0 else chance.sample(range(1, 12), 2)
        for moment in moments:
            if run(week, moment=moment) != -signal.SIGKILL:  # it was over before that moment
                break
            killed += 1
        assert run(week) == 0
        check(week)
    assert killed > 15
    assert {title for batch in batches_of(week) for title in batch} == ALL


@pytest.mark.slow
def test_kills_at_any_time_lose_and_double_nothing(week: Path) -> None:
    seed = int(os.environ.get("LABELER_TEST_SEED", "20"))
    chance, killed = random.Random(seed), 0
    for name, titles in WEEK.items():
        arrive(week, name, titles)
        for _ in range(2):
            killed += run(week, seconds=chance.uniform(0.05, 0.9)) == -signal.SIGKILL
        assert run(week) == 0
        check(week)
    assert killed


@pytest.mark.slow
def test_two_at_once_double_nothing(week: Path) -> None:
    for name, titles in WEEK.items():
        arrive(week, name, titles)
    environment = {**os.environ, "LABELER_WORKSPACE": str(week)}
    several = [
        subprocess.Popen([*COMMAND, "watch", "--once"], cwd=week, env=environment, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    told = [process.communicate(timeout=120)[1].decode() for process in several]
    assert [process.returncode for process in several] == [0] * 4
    assert sum("another" in text.lower() for text in told) + sum("morning:" in text for text in told) == 4
    check(week)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_watch_that_goes_on_ends_between_two_steps(week: Path, number: int, code: int) -> None:
    watch_with(week, SETTINGS + 'every = "10s"\n')
    arrive(week, "one.jsonl", WEEK["day1.jsonl"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen([*COMMAND, "watch"], cwd=week, stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 60
        while not (week / "latest.jsonl").exists() and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(number)
        _, messages = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == code
    assert "Traceback" not in messages.decode()
    heartbeat = json.loads((week / ".labeler/watch/heartbeat.json").read_text())
    assert (heartbeat["process"], heartbeat["doing"]) == (process.pid, "ended")
    assert run(week) == 0
    check(week)
