"""Files, folders, patterns and addresses of fsspec: what is found there, and what is written whole or not at all."""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError, UsageError
from labeler.storage import exists, files_of, inside, is_remote, names_many, opened, removed, size_of, written


@pytest.fixture(params=["", "file://", "memory://"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder here, one by its address, and one of another file system."""
    return f"memory://{uuid.uuid4().hex}" if request.param == "memory://" else f"{request.param}{tmp_path}"


def put(address: str, content: bytes = b"words") -> str:
    with written(address) as out:
        out.write(content)
    return address


def names(found: list[str]) -> list[str]:
    return [name.rpartition("/")[2] for name in found]


def test_what_is_written_is_read_and_removed_everywhere(root: str) -> None:
    address = put(inside(root, "new/deeper/a.txt"), b"one\ntwo\n")
    with opened(address) as stream:
        assert stream.read() == b"one\ntwo\n"
    assert size_of(address) == 8
    put(address, b"3")
    assert size_of(address) == 1
    removed(inside(root, "new"))
    assert not exists(address)
    removed(inside(root, "new"))


def test_files_of_a_folder_come_by_name_also_from_folders_in_it(root: str) -> None:
    for name in ("b.csv", "a.jsonl", "c/d.parquet", "_labeler.json", ".a.part", "10.csv", "9.csv"):
        put(inside(root, name))
    assert names(files_of([root])) == ["10.csv", "9.csv", "a.jsonl", "b.csv", "d.parquet"]
    assert names(files_of([inside(root, "*.csv")])) == ["10.csv", "9.csv", "b.csv"]
    assert names(files_of([inside(root, "[a-b]*")])) == ["a.jsonl", "b.csv"]
    assert names(files_of([inside(root, "b.csv"), inside(root, "*.jsonl")])) == ["b.csv", "a.jsonl"]
    for address in files_of([root]):
        assert size_of(address) == 5


def test_what_lies_in_a_hidden_folder_is_no_input(root: str) -> None:
    put(inside(root, "a.parquet"))
    put(inside(root, ".labels.parquet.parts/part-00000-00000.parquet"))
    put(inside(root, "_delta_log/0.json"))
    assert names(files_of([root])) == ["a.parquet"]


def test_a_folder_that_is_itself_hidden_can_be_named(root: str) -> None:
    put(inside(root, ".pile/a.parquet"))
    assert names(files_of([inside(root, ".pile")])) == ["a.parquet"]


def test_a_pattern_finds_files_and_no_folders(root: str) -> None:
    put(inside(root, "a.csv"))
    put(inside(root, "deeper/b.csv"))
    assert names(files_of([inside(root, "*")])) == ["a.csv"]
    assert names(files_of([inside(root, "**/*.csv")])) == ["a.csv", "b.csv"]


@pytest.mark.parametrize("name", ["nothing", "nothing.csv", "*.csv", "[x]", "a.csv/b.csv"])
def test_what_is_not_there_is_named(root: str, name: str) -> None:
    put(inside(root, "a.txt"))
    with pytest.raises(InputError) as told:
        files_of([inside(root, "a.txt"), inside(root, name)])
    assert inside(root, name) in told.value.message


def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / ".hidden").write_text("x")
    with pytest.raises(InputError, match="there is no file"):
        files_of([str(tmp_path)])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "page[1].txt"
    path.write_text("x")
    (tmp_path / "page1.txt").write_text("y")
    assert files_of([str(path)]) == [str(path)]
    assert not names_many(str(path))


@pytest.mark.parametrize(
    ("address", "many"), [("a.csv", False), ("a*.csv", True), ("a?.csv", True), ("s3://pile/a.csv", True), (".", True)]
)
def test_what_may_be_several_files_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, many: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    assert names_many(address) is many


def test_an_address_has_a_protocol() -> None:
    assert is_remote("s3://a/b")
    assert not is_remote("/a/b:c")


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, OSError])
def test_what_fails_on_the_way_leaves_nothing_and_what_was_there_stays(root: str, kind: type[BaseException]) -> None:
    address = put(inside(root, "a.txt"), b"old")
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if kind is OSError else kind()

    def fail() -> None:
        with written(address) as out:
            out.write(b"half")
            raise error

    with pytest.raises(InputError if kind is OSError else kind):
        fail()
    with opened(address) as stream:
        assert stream.read() == b"old"
    assert names(files_of([root])) == ["a.txt"]


def test_no_name_is_given_before_the_block_ends(tmp_path: Path) -> None:
    with written(str(tmp_path / "a.txt")) as out:
        out.write(b"half")
        out.flush()
        assert not (tmp_path / "a.txt").exists()
        (beside,) = tmp_path.iterdir()
        assert beside.name.startswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_two_that_write_one_file_do_not_hurt_each_other(root: str) -> None:
    address = inside(root, "a.txt")
    with written(address) as slow:
        slow.write(b"the same ")
        with written(address) as fast:
            fast.write(b"the same words")
        with opened(address) as stream:
            assert stream.read() == b"the same words"
        slow.write(b"words")
    with opened(address) as stream:
        assert stream.read() == b"the same words"


@pytest.mark.parametrize("name", ["a.txt/b.txt", "a.txt/deeper/b.txt"])
def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InputError, match="cannot write"), written(str(tmp_path / name)):
        pytest.fail("there is nothing to write to")
    assert (tmp_path / "a.txt").read_text() == "x"


def test_a_file_that_is_gone_cannot_be_read(root: str) -> None:
    with pytest.raises(InputError, match="cannot read"):
        opened(inside(root, "gone.txt"))


@pytest.mark.parametrize("address", ["nonsense://a/b", "s3:://a"])
def test_an_unknown_protocol_is_told(address: str) -> None:
    with pytest.raises(UsageError, match="cannot be reached"):
        files_of([address])


@settings(max_examples=30, deadline=None)
@given(st.sets(st.text("ab19-_.é ", min_size=1, max_size=6), max_size=6), st.sampled_from(["", "memory://"]))
def test_files_come_once_each_in_the_order_of_their_names(
    tmp_path_factory: pytest.TempPathFactory, given_names: set[str], protocol: str
) -> None:
    folder = f"memory://{uuid.uuid4().hex}" if protocol else str(tmp_path_factory.mktemp("names"))
    kept = sorted(name for name in given_names if not name.startswith((".", "_")))
    for name in sorted(given_names - {".", ".."}):
        put(inside(folder, name))
    if kept:
        assert names(files_of([folder])) == kept


@pytest.mark.parametrize("name", ["_papers.jsonl", ".papers.jsonl"])
def test_a_file_that_is_named_is_one_also_where_others_would_be_passed_over(root: str, name: str) -> None:
    assert names(files_of([put(inside(root, name))])) == [name]
