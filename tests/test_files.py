"""Files: atomic writes, clear errors, JSON that is always valid UTF-8, CSV rows and ``.npz`` arrays."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.files import (
    CsvError,
    CsvRows,
    atomic_write,
    canonical_json,
    check_folder,
    checked_place,
    json_line,
    os_message,
    read_bytes,
    read_npz,
    read_text,
    sha256,
    write_bytes,
    write_text,
)
from labeler.temporary import temporary_folder
from tests.paths import ROOT

_WRITES_HALF = """
import sys
from pathlib import Path
from labeler.files import atomic_write
with atomic_write(Path(sys.argv[1])) as stream:
    stream.write(b"half of the new text")
    stream.flush()
    print("half", flush=True)
    sys.stdin.read()
"""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def killed_while_writing(target: Path) -> int:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES_HALF, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()
        return process.wait()


def write_half(target: Path, error: type[BaseException]) -> None:
    with atomic_write(target) as stream:
        stream.write(b"new")
        raise error


def test_a_process_killed_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "labels.csv"
    write_text(target, "the old text")
    assert killed_while_writing(target) == -signal.SIGKILL
    assert target.read_text() == "the old text"
    write_text(target, "the next text")
    assert target.read_text() == "the next text"


def test_a_process_killed_while_writing_a_new_file_leaves_none(tmp_path: Path) -> None:
    target = tmp_path / "labels.csv"
    assert killed_while_writing(target) == -signal.SIGKILL
    assert not target.exists()


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_in_the_block_leaves_the_old_file_and_nothing_else(tmp_path: Path, kind: type[BaseException]) -> None:
    target = tmp_path / "a"
    write_text(target, "old")
    with pytest.raises(kind):
        write_half(target, kind)
    assert target.read_text() == "old"
    assert names_in(tmp_path) == ["a"]


def test_nothing_is_seen_at_the_name_before_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "a"
    with atomic_write(target) as stream:
        stream.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert names_in(tmp_path) == ["a"]


def test_writers_at_the_same_time_never_mix(tmp_path: Path) -> None:
    target = tmp_path / "a"
    texts = {letter * 50_000 for letter in "abcd"}

    def write_often(text: str) -> set[str]:
        seen = set()
        for _ in range(5):
            write_text(target, text)
            seen.add(target.read_text())
        return seen

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(write_often, texts)) <= texts
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_text(tmp_path / "a", "text")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


def test_a_private_file_stays_private_when_it_is_written_again(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.touch(0o600)
    write_text(target, "text")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_link_stays_and_the_file_that_it_names_is_written(tmp_path: Path) -> None:
    real, link = tmp_path / "data" / "real.csv", tmp_path / "link.csv"
    real.parent.mkdir()
    real.write_text("old")
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_pipe_or_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "text")
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("missing/a", "no such file or directory"),
        ("file/a", "not a directory"),
        ("folder", "is a directory"),
        ("x" * 300, "name too long"),
    ],
)
def test_a_path_that_cannot_be_written_is_named_with_the_reason(tmp_path: Path, where: str, why: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=why) as caught:
        write_bytes(tmp_path / where, b"text")
    assert str(caught.value).startswith(f"cannot write {tmp_path / where}")
    with pytest.raises(InputError) as beforehand:
        checked_place(tmp_path / where)
    assert str(beforehand.value) == str(caught.value)
    assert names_in(tmp_path) == ["file", "folder"]


def test_a_place_that_can_be_written_is_found_out_without_writing(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to("there")
    before = tmp_path.stat().st_mtime_ns
    assert checked_place(tmp_path / "new") == tmp_path / "new"
    assert checked_place(tmp_path / "link") == tmp_path / "there"
    assert checked_place(Path("/dev/null")) == Path("/dev/null")
    assert (tmp_path.stat().st_mtime_ns, (tmp_path / "there").read_text()) == (before, "old")


@pytest.mark.parametrize(("where", "why"), [("file", "file exists"), ("file/a/b", "not a directory")])
def test_a_folder_that_cannot_be_made_is_found_out_without_making_it(tmp_path: Path, where: str, why: str) -> None:
    (tmp_path / "file").touch()
    check_folder(tmp_path)
    check_folder(tmp_path / "a/b")
    with pytest.raises(OSError, match=rf"(?i){why}") as beforehand:
        check_folder(tmp_path / where)
    with pytest.raises(OSError, match=rf"(?i){why}") as caught:
        (tmp_path / where).mkdir(parents=True, exist_ok=True)
    assert beforehand.value.errno == caught.value.errno
    assert names_in(tmp_path) == ["file"]


def test_text_is_written_as_utf_8_as_it_is(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "é\r\n🙂\n")
    assert (tmp_path / "a").read_bytes() == "é\r\n🙂\n".encode()
    assert read_text(tmp_path / "a") == "é\r\n🙂\n"


def test_an_empty_file_is_empty_text(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"")
    assert read_text(tmp_path / "a") == ""


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfabc")
    assert read_text(tmp_path / "a") == "abc"


@pytest.mark.parametrize(
    ("data", "byte"),
    [
        (b"caf\xe9", 3),
        ("abc".encode("utf-16"), 0),
        (b"abc\xed\xa0\x80", 3),
        (b"\xef\xbb\xbfab\xff", 5),
    ],
)
def test_a_file_in_another_encoding_is_refused_with_the_byte_that_is_wrong(
    tmp_path: Path, data: bytes, byte: int
) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_text(tmp_path / "a")
    assert str(caught.value) == f"{tmp_path / 'a'} is not UTF-8 text (byte {byte}); save it as UTF-8"


@pytest.mark.parametrize(("name", "why"), [("missing", "no such file or directory"), ("folder", "is a directory")])
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as caught:
        read_bytes(tmp_path / name)
    assert str(caught.value) == f"cannot read {tmp_path / name}: {why}; check the name"


def test_an_operating_system_error_without_a_number_has_its_message() -> None:
    assert os_message(OSError(errno.ENOENT, "No such file")) == "no such file"
    assert os_message(OSError("Odd thing")) == "odd thing"


def test_sha256_is_the_published_value() -> None:
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == canonical_json({"a": None, "b": [1, "é"]})
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'


def test_canonical_json_can_always_be_hashed() -> None:
    assert len(sha256(canonical_json({"title": "odd \ud800"}).encode())) == 64


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("odd \ud800 end", "odd \ufffd end"),
        ("\udfff\udfff", "\ufffd\ufffd"),
        ("\ud83d\ude42", "🙂"),
        ("\ufffd", "\ufffd"),
        ("a\nb", "a\nb"),
    ],
)
def test_a_lone_surrogate_becomes_one_replacement_character(text: str, kept: str) -> None:
    assert json.loads(json_line({"title": text})) == {"title": kept}


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_a_json_line_is_one_line_of_utf_8_that_reads_back(value: Any) -> None:
    line = json_line(value)
    assert "\n" not in line
    assert json.loads(line.encode("utf-8")) == value
    assert json.loads(canonical_json(value)) == value


def archive(**arrays: np.ndarray) -> bytes:
    target = io.BytesIO()
    np.savez(target, **arrays)  # type: ignore[arg-type]
    return target.getvalue()


def test_arrays_are_read_back_by_name() -> None:
    read = read_npz(archive(first=np.arange(3), second=np.eye(2)))
    assert list(read) == ["first", "second"]
    np.testing.assert_array_equal(read["first"], np.arange(3))
    np.testing.assert_array_equal(read["second"], np.eye(2))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        archive(values=np.arange(3))[:-30],
        archive(values=np.array([{"runs": "code"}], dtype=object)),
    ],
    ids=["empty", "text", "cut", "pickled"],
)
def test_what_is_no_archive_of_arrays_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="its arrays cannot be read: "):
        read_npz(data)


@pytest.mark.parametrize("header", ["{'descr': '<f4', 'shape': \x8f\xbf\n", "{'shape': (\n", "('x',)\n", "\n"])
def test_an_array_with_a_damaged_header_is_refused(header: str) -> None:
    target = io.BytesIO()
    with ZipFile(target, "w") as zip_file:
        text = header.encode("latin-1")
        zip_file.writestr("values.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text)
    with pytest.raises(ValueError, match="its arrays cannot be read: "):
        read_npz(target.getvalue())


_KILLED = """
import os, signal
from labeler.temporary import temporary_folder
with temporary_folder() as folder:
    (folder / "numbers.bin").write_bytes(b"1")
    print(folder, flush=True)
    {end}
"""


def test_a_folder_for_temporary_files_goes_with_its_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with suppress(ZeroDivisionError), temporary_folder() as folder:
        (folder / "file").touch()
        assert folder.parent == tmp_path
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_goes_with_the_next_and_what_another_uses_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = _KILLED.format(end="os.kill(os.getpid(), signal.SIGKILL)")
    killed = subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.PIPE, text=True)
    left = Path(killed.stdout.strip())
    assert (left / "numbers.bin").exists()
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED.format(end="input()")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        used = Path(other.stdout.readline().strip())
        assert not left.exists()
        with temporary_folder():
            assert (used / "numbers.bin").exists()
        other.communicate("\n")
    assert not used.exists()


def test_rows_are_those_of_python_with_their_lines() -> None:
    rows = CsvRows(["a;b\n", '"c\n', 'd";e\n'], ";")
    assert [(row, rows.line_num) for row in rows] == [(["a", "b"], 1), (["c\nd", "e"], 3)]
    assert next(rows, None) is None


def test_long_cells_are_read_and_the_limit_of_the_program_stays() -> None:
    before = csv.field_size_limit(1000)
    try:
        rows = CsvRows([f"a,{'b' * 1_000_000}\n", "c,d\n"])
        assert len(next(rows)[1]) == 1_000_000
        assert csv.field_size_limit() == 1000
        assert next(rows) == ["c", "d"]
        assert next(rows, None) is None
        assert csv.field_size_limit() == 1000
    finally:
        csv.field_size_limit(before)


def test_a_row_that_cannot_be_read_says_why_and_the_limit_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.files._LONGEST_CELL", 10)
    before = csv.field_size_limit(5)
    try:
        rows = CsvRows(["a,b\n", f"c,{'d' * 20}\n"])
        assert next(rows) == ["a", "b"]
        with pytest.raises(CsvError, match=r"field larger than field limit \(10\)"):
            next(rows)
        assert (rows.line_num, csv.field_size_limit()) == (2, 5)
    finally:
        csv.field_size_limit(before)


def test_a_larger_limit_of_the_program_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.files._LONGEST_CELL", 10)
    assert next(CsvRows(["a" * 100])) == ["a" * 100]


def test_rows_read_in_threads_leave_the_limit() -> None:
    before = csv.field_size_limit()

    def read(_: int) -> int:
        return sum(len(row[0]) for row in CsvRows(["x" * 200_000 + "\n"] * 20))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(16))) == {4_000_000}
    assert csv.field_size_limit() == before


def test_importing_labeler_leaves_the_limit_of_the_program() -> None:
    program = (
        "import csv; before = csv.field_size_limit(); import labeler.cli, labeler.digests.registry as registry; "
        "registry.FORMATS.all; import labeler.files, labeler.studio.exports; print(csv.field_size_limit() == before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "True"
