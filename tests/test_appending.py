"""What the log of judgements does not use; the rest is tested with it, in tests/judgements/test_log.py."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.appending import append_lines, now, open_to_append, read_lines, rewrite_lines
from labeler.errors import InputError
from tests.paths import ROOT


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


LINES = st.lists(st.one_of(st.binary(max_size=12).map(lambda data: data.replace(b"\n", b"")), st.just(b'{"a": 1}')))


@given(LINES, st.sets(st.integers(0, 12)))
def test_lines_that_are_not_rewritten_stay_byte_by_byte(lines: list[bytes], gone: set[int]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        numbers = iter(number for number, line in enumerate(lines) if line.strip())
        written = [number for number, line in enumerate(lines) if line.strip()]
        count = rewrite_lines(path, lambda line: None if next(numbers) in gone else line)
        assert count == len(gone.intersection(written))
        kept = [line for number, line in enumerate(lines) if number not in gone or not line.strip()]
        assert path.read_bytes() == b"".join(line + b"\n" for line in kept)


def test_nothing_is_rewritten_where_nothing_changes_and_no_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    assert rewrite_lines(path, lambda _: None) == 0
    assert not path.exists()
    append(path, {"a": 1})
    before = path.stat()
    assert rewrite_lines(path, lambda line: line) == 0
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"a": 1}\n\n{"a": 2}\n{"cut')
    before = path.read_bytes(), path.stat().st_mtime_ns, tmp_path.stat().st_mtime_ns
    assert rewrite_lines(path, lambda line: None if b"1" in line else line, dry_run=True) == 1
    assert (path.read_bytes(), path.stat().st_mtime_ns, tmp_path.stat().st_mtime_ns) == before
    assert rewrite_lines(tmp_path / "none", lambda _: None, dry_run=True) == 0


def test_a_rewriting_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append(path, {"a": 1}, {"a": 2})
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        rewrite_lines(path, lambda line: line * (1 // 0))
    assert path.read_bytes() == before
    append(path, {"a": 3})
    assert len(read_lines(path, dict).values) == 3


@pytest.mark.slow
def test_what_waits_to_append_while_a_file_is_rewritten_goes_to_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append(path, {"a": 1}, {"a": 2})
    code = (
        "import sys; from pathlib import Path; from tests.test_appending import append\n"
        "print('here', flush=True); append(Path(sys.argv[1]), {'a': 3})"
    )
    waiting: list[subprocess.Popen[str]] = []

    def change(line: bytes) -> bytes | None:
        if not waiting:
            command = [sys.executable, "-c", code, str(path)]
            waiting.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            assert waiting[0].stdout is not None
            assert waiting[0].stdout.readline() == "here\n"
            time.sleep(0.3)  # it waits for the lock by now, most probably; either way nothing may be lost
        return None if b"1" in line else line

    assert rewrite_lines(path, change) == 1
    assert waiting[0].wait() == 0
    assert read_lines(path, dict).values == [{"a": 2}, {"a": 3}]
