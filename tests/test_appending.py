"""What the log of judgements does not use; the rest is tested with it, in tests/judgements/test_log.py."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from labeler.appending import append_lines, now, open_to_append, read_lines
from labeler.errors import InputError


def append(path: Path, *records: dict[str, object], synced: bool = False) -> list[str]:
    with open_to_append(path, "run it again") as (stream, messages):
        append_lines(stream, records, synced=synced)
    return messages


def test_records_are_read_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history.jsonl"
    assert read_lines(path, dict) == ([], [], "")
    append(path, {"a": 1}, {"b": "ü"})
    append(path, {"c": None}, synced=True)
    assert read_lines(path, dict) == ([{"a": 1}, {"b": "ü"}, {"c": None}], [], "")


def test_an_incomplete_last_line_is_passed_over_and_then_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    append(path, {"a": 1})
    path.write_bytes(path.read_bytes() + b'{"b"')
    assert read_lines(path, dict) == ([{"a": 1}], [], "history.jsonl, line 2: cut short; skipped")
    (message,) = append(path, {"c": 2})
    assert message.endswith("its 4 bytes are now in history.torn; run it again")
    assert read_lines(path, dict) == ([{"a": 1}, {"c": 2}], [], "")


def test_a_value_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    def parse(value: object) -> int:
        if not isinstance(value, int):
            raise ValueError("no number")
        return value

    path = tmp_path / "numbers.jsonl"
    path.write_bytes(b"1\n\xff\n{}\n2\n")
    values, faults, incomplete = read_lines(path, parse)
    assert (values, incomplete) == ([1, 2], "")
    assert faults == [
        "numbers.jsonl, line 2: not JSON (not UTF-8 at byte 1); skipped",
        "numbers.jsonl, line 3: no number; skipped",
    ]


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_lines(tmp_path, dict)


def test_a_time_is_of_this_second_and_in_utc() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    assert now().endswith("Z")
    assert before <= datetime.fromisoformat(now()) <= datetime.now(UTC)
