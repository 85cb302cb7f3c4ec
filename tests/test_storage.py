"""Files and folders by path, URI or glob pattern: listing, reading and atomic writes."""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError, UsageError
from labeler.storage import (
    exists,
    file_names,
    file_size,
    is_uri,
    join_path,
    list_files,
    local_path,
    may_match_many,
    open_file,
    remove_file,
    remove_folder,
    write_file,
)


@pytest.fixture(params=["", "file://", "memory://"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A local folder by path, the same by URI, and a folder of another file system."""
    return f"memory://{uuid.uuid4().hex}" if request.param == "memory://" else f"{request.param}{tmp_path}"


def write(uri: str, content: bytes = b"words") -> str:
    with write_file(uri) as out:
        out.write(content)
    return uri


def names(found: list[str]) -> list[str]:
    return [name.rpartition("/")[2] for name in found]


def test_what_is_written_is_read_and_removed_everywhere(root: str) -> None:
    uri = write(join_path(root, "new/deeper/a.txt"), b"one\ntwo\n")
    with open_file(uri) as stream:
        assert stream.read() == b"one\ntwo\n"
    assert file_size(uri) == 8
    write(uri, b"3")
    assert file_size(uri) == 1
    remove_folder(join_path(root, "new"))
    assert not exists(uri)
    remove_folder(join_path(root, "new"))


def test_files_of_a_folder_come_by_name_also_from_folders_in_it(root: str) -> None:
    for name in ("b.csv", "a.jsonl", "c/d.parquet", "_labeler.json", ".a.part", "10.csv", "9.csv"):
        write(join_path(root, name))
    assert names(list_files([root])) == ["10.csv", "9.csv", "a.jsonl", "b.csv", "d.parquet"]
    assert names(list_files([join_path(root, "*.csv")])) == ["10.csv", "9.csv", "b.csv"]
    assert names(list_files([join_path(root, "[a-b]*")])) == ["a.jsonl", "b.csv"]
    assert names(list_files([join_path(root, "b.csv"), join_path(root, "*.jsonl")])) == ["b.csv", "a.jsonl"]
    for uri in list_files([root]):
        assert file_size(uri) == 5


def test_what_lies_in_a_hidden_folder_is_no_input(root: str) -> None:
    write(join_path(root, "a.parquet"))
    write(join_path(root, ".labels.parquet.parts/part-00000-00000.parquet"))
    write(join_path(root, "_delta_log/0.json"))
    assert names(list_files([root])) == ["a.parquet"]


def test_a_folder_that_is_itself_hidden_can_be_named(root: str) -> None:
    write(join_path(root, ".pile/a.parquet"))
    assert names(list_files([join_path(root, ".pile")])) == ["a.parquet"]


def test_a_pattern_finds_files_and_no_folders(root: str) -> None:
    write(join_path(root, "a.csv"))
    write(join_path(root, "deeper/b.csv"))
    assert names(list_files([join_path(root, "*")])) == ["a.csv"]
    assert names(list_files([join_path(root, "**/*.csv")])) == ["a.csv", "b.csv"]


@pytest.mark.parametrize("name", ["nothing", "nothing.csv", "*.csv", "[x]", "a.csv/b.csv"])
def test_a_missing_file_is_named_in_the_message(root: str, name: str) -> None:
    write(join_path(root, "a.txt"))
    with pytest.raises(InputError) as error:
        list_files([join_path(root, "a.txt"), join_path(root, name)])
    assert join_path(root, name) in error.value.message


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / ".hidden").write_text("x")
    with pytest.raises(InputError, match="there is no file"):
        list_files([str(tmp_path)])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "page[1].txt"
    path.write_text("x")
    (tmp_path / "page1.txt").write_text("y")
    assert list_files([str(path)]) == [str(path)]
    assert not may_match_many(str(path))


@pytest.mark.parametrize(
    ("uri", "several"), [("a.csv", False), ("a*.csv", True), ("a?.csv", True), ("s3://pile/a.csv", True), (".", True)]
)
def test_what_may_be_several_files_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str, several: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    assert may_match_many(uri) is several


def test_a_uri_has_a_protocol() -> None:
    assert is_uri("s3://a/b")
    assert not is_uri("/a/b:c")


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, OSError])
def test_what_fails_on_the_way_leaves_nothing_and_what_was_there_stays(root: str, kind: type[BaseException]) -> None:
    uri = write(join_path(root, "a.txt"), b"old")
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if kind is OSError else kind()

    def fail() -> None:
        with write_file(uri) as out:
            out.write(b"half")
            raise error

    with pytest.raises(InputError if kind is OSError else kind):
        fail()
    with open_file(uri) as stream:
        assert stream.read() == b"old"
    assert names(list_files([root])) == ["a.txt"]


def test_no_name_is_given_before_the_block_ends(tmp_path: Path) -> None:
    with write_file(str(tmp_path / "a.txt")) as out:
        out.write(b"half")
        out.flush()
        assert not (tmp_path / "a.txt").exists()
        (temporary,) = tmp_path.iterdir()
        assert temporary.name.startswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_two_that_write_one_file_do_not_hurt_each_other(root: str) -> None:
    uri = join_path(root, "a.txt")
    with write_file(uri) as slow:
        slow.write(b"the same ")
        with write_file(uri) as fast:
            fast.write(b"the same words")
        with open_file(uri) as stream:
            assert stream.read() == b"the same words"
        slow.write(b"words")
    with open_file(uri) as stream:
        assert stream.read() == b"the same words"


@pytest.mark.parametrize("name", ["a.txt/b.txt", "a.txt/deeper/b.txt"])
def test_a_file_of_the_name_of_the_folder_is_reported(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InputError, match="cannot write"), write_file(str(tmp_path / name)):
        pytest.fail("there is nothing to write to")
    assert (tmp_path / "a.txt").read_text() == "x"


def test_a_file_that_is_gone_cannot_be_read(root: str) -> None:
    with pytest.raises(InputError, match="cannot read"):
        open_file(join_path(root, "gone.txt"))


@pytest.mark.parametrize("uri", ["nonsense://a/b", "s3:://a"])
def test_an_unknown_protocol_is_refused(uri: str) -> None:
    with pytest.raises(UsageError, match="cannot be reached"):
        list_files([uri])


@settings(max_examples=30, deadline=None)
@given(st.sets(st.text("ab19-_.é ", min_size=1, max_size=6), max_size=6), st.sampled_from(["", "memory://"]))
def test_files_come_once_each_in_the_order_of_their_names(
    tmp_path_factory: pytest.TempPathFactory, given_names: set[str], protocol: str
) -> None:
    folder = f"memory://{uuid.uuid4().hex}" if protocol else str(tmp_path_factory.mktemp("names"))
    kept = sorted(name for name in given_names if not name.startswith((".", "_")))
    for name in sorted(given_names - {".", ".."}):
        write(join_path(folder, name))
    if kept:
        assert names(list_files([folder])) == kept


@pytest.mark.parametrize("name", ["_papers.jsonl", ".papers.jsonl"])
def test_a_file_that_is_named_is_one_also_where_others_would_be_passed_over(root: str, name: str) -> None:
    assert names(list_files([write(join_path(root, name))])) == [name]


def test_names_in_a_folder_are_listed_and_removed(root: str) -> None:
    assert file_names(join_path(root, "new")) == []
    for name in ("b.txt", "_a.json", ".c"):
        write(join_path(root, f"new/{name}"))
    assert file_names(join_path(root, "new")) == [".c", "_a.json", "b.txt"]
    remove_file(join_path(root, "new/_a.json"))
    assert file_names(join_path(root, "new")) == [".c", "b.txt"]
    assert file_names(join_path(root, "new/b.txt")) == []
    remove_file(join_path(root, "new/_a.json"))


def test_what_cannot_be_removed_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot remove"):
        remove_file(str(tmp_path))


def test_local_files_have_a_path(tmp_path: Path) -> None:
    assert local_path(f"file://{tmp_path}/a") == local_path(f"{tmp_path}/a") == tmp_path / "a"
    assert local_path("memory://a/b") is None


def test_what_vanishes_meanwhile_is_told_or_is_gone(root: str) -> None:
    missing = join_path(root, "new/a.txt")
    remove_file(missing)
    assert file_names(join_path(root, "new")) == []
    with pytest.raises(InputError, match=r"cannot read .*a\.txt: no such file"):
        file_size(missing)


def test_a_missing_file_or_pattern_is_told_with_what_resembles_it(tmp_path: Path) -> None:
    (tmp_path / "day-1.csv").touch()
    for missing in ("dya-1.csv", "*.cvs"):
        with pytest.raises(InputError, match=r"there is .*day-1\.csv"):
            list_files([str(tmp_path / missing)])
