"""What the log of judgements does not use; the rest is tested with it, in tests/judgements/test_log.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.appending import append_lines, open_to_append, read_records
from labeler.errors import InputError


def append(path: Path, *records: dict[str, object], synced: bool = False) -> list[str]:
    with open_to_append(path, "run it again") as (stream, messages):
        append_lines(stream, records, synced=synced)
    return messages


def test_records_are_read_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history.jsonl"
    assert read_records(path) == ([], [])
    append(path, {"a": 1}, {"b": "ü"})
    append(path, {"c": None}, synced=True)
    assert read_records(path) == ([{"a": 1}, {"b": "ü"}, {"c": None}], [])


def test_an_incomplete_last_line_is_passed_over_and_then_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    append(path, {"a": 1})
    path.write_bytes(path.read_bytes() + b'{"b"')
    assert read_records(path) == ([{"a": 1}], [])
    (message,) = append(path, {"c": 2})
    assert message.endswith("its 4 bytes are now in history.torn; run it again")
    assert read_records(path) == ([{"a": 1}, {"c": 2}], [])


@given(st.binary(max_size=30).filter(lambda line: b"\n" not in line and b"{" not in line and line.strip()))
def test_a_line_that_is_no_record_is_told(line: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "history.jsonl")
        path.write_bytes(b'{"a": 1}\n' + line + b'\n{"b": 2}\n')
        records, faults = read_records(path)
    assert records == [{"a": 1}, {"b": 2}]
    assert faults == ["history.jsonl, line 2: not a JSON object; skipped"]


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_records(tmp_path)
