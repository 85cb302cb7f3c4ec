"""What watches did in their last runs, in words."""

from __future__ import annotations

from typing import Any

import pytest

from labeler.cli.watched import watch_lines
from labeler.flows.watch_status import WatchState

LAST: dict[str, Any] = {"at": "2026-11-27T06:00:00Z", "papers": 2, "done": ["a.md", "b.csv"], "faults": []}


def lines(**fields: Any) -> list[str]:
    return watch_lines([WatchState("morning", **fields)], None)


def test_a_watch_that_has_not_run_or_cannot_be_read() -> None:
    assert lines() == ["Watch morning has not run yet (`labeler watch --once`)."]
    assert lines(fault="it is damaged") == ["Watches: it is damaged"]
    assert watch_lines([], None) == []


def test_the_last_run_and_those_before() -> None:
    before = [LAST | {"papers": 1}, LAST | {"papers": 0, "faults": [[3, "why"]]}]
    first, second = lines(papers=3, runs=[*before, LAST])
    assert first.startswith("Watch morning: last run 2026-11-2")
    assert first.endswith(", 2 new papers (a.md, b.csv); 3 papers in all.")
    assert second == "  2 runs before, 1 with faults: 1 new paper."
    (only,) = lines(papers=1, runs=[LAST | {"papers": 0, "done": []}])
    assert only.endswith(", nothing new; 1 paper in all.")


def test_faults_and_what_is_unfinished() -> None:
    faults = [[5, f"server {number}"] for number in range(5)]
    found = lines(runs=[LAST | {"faults": faults}], unfinished=["2026-11-26", "2026-11-27"])
    assert found[1:] == [
        "  failed: server 0", "  failed: server 1", "  failed: server 2", "  … and 2 more (--json lists all)",
        "  to be finished by the next run: what was new on 2026-11-26, 2026-11-27",
    ]  # fmt: skip


@pytest.mark.parametrize("at", [None, "some day", 7])
def test_a_sign_of_life_whatever_its_time(at: Any) -> None:
    (line,) = watch_lines([], {"at": at, "doing": "waiting"})
    assert line == "  `labeler watch` last gave a sign of life at a time that is not known (waiting)."
