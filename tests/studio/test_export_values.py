from __future__ import annotations

from typing import Any

import pytest

from labeler.studio.export_values import is_true, number_of, scalar, seconds_of, time_of


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("26.11.2026 14:03", "2026-11-26T14:03:00Z"),
        ("3.2.2026 9:05:07", "2026-02-03T09:05:07Z"),
        ("2026-11-26T14:03:00Z", "2026-11-26T14:03:00Z"),
        (1_600_000_000, "1600000000"),
        (["x"], ""),
    ],
)
def test_times(cell: Any, time: str) -> None:
    assert time_of(cell) == time


@pytest.mark.parametrize(("cell", "duration"), [("12,5", 12.5), ("12.5", 12.5), (3, 3.0), ("abc", None), ([], None)])
def test_durations(cell: Any, duration: float | None) -> None:
    assert seconds_of(cell) == duration


def test_truth_values() -> None:
    assert all(map(is_true, (True, "True", "WAHR", "vrai", 1, "1.0")))
    assert not any(map(is_true, (False, "FALSCH", "", None, 0, [])))


def test_scalars_and_numbers() -> None:
    assert [scalar(value) for value in (1, "a", "", float("nan"), True, {})] == [1, "a", None, None, None, None]
    assert [number_of(value) for value in ("12", "1,2", "9" * 30)] == [12, "1,2", "9" * 30]
