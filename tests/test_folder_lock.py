"""Folders that one process at a time works in."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from labeler.folder_lock import lock_folder
from labeler.storage import LOCK, file_names, remove_folder, write_file


def test_a_folder_is_locked_by_one_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "deeper"
    for _ in range(2):
        with lock_folder(str(folder)) as first, lock_folder(f"file://{folder}") as second:
            assert (first, second) == (True, False)
            assert [path.name for path in folder.iterdir()] == [LOCK]
        assert list(folder.iterdir()) == []
    (folder / LOCK).touch()  # of a process that was killed
    with lock_folder(str(folder)) as is_free:
        assert is_free
    assert list(folder.iterdir()) == []


def test_who_removes_a_folder_that_he_has_locked_takes_the_lock_of_nobody_else(tmp_path: Path) -> None:
    with lock_folder(str(tmp_path / "a")) as first:
        remove_folder(str(tmp_path / "a"))
        with lock_folder(str(tmp_path / "a")) as second:
            assert first
            assert second
            assert (tmp_path / "a" / LOCK).exists()
    assert not (tmp_path / "a" / LOCK).exists()


def test_who_takes_a_folder_while_it_is_removed_keeps_what_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a"
    theirs, unlink = folder / "theirs", os.unlink

    def unlinked(path: str | os.PathLike[str], **more: int) -> None:
        unlink(path, **more)
        if Path(path).name == LOCK:  # who waited has it now
            theirs.write_text("of the next run")

    with lock_folder(str(folder)):
        for number in range(20):
            (folder / f"{number}").touch()
        monkeypatch.setattr(os, "unlink", unlinked)
        remove_folder(str(folder))
        monkeypatch.undo()
    assert [path.name for path in folder.iterdir()] == ["theirs"]


def test_where_nothing_can_be_locked_everybody_is_free(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in ("memory://locked/a", str(tmp_path / "file" / "a")):
        with lock_folder(folder) as first, lock_folder(folder) as second:
            assert first
            assert second


@pytest.mark.parametrize("round_", range(5))
def test_who_gets_the_lock_of_a_folder_finds_nothing_that_is_being_removed(tmp_path: Path, round_: int) -> None:
    folder = tmp_path / "parts"
    found: list[list[str]] = []

    def next_run() -> None:
        while True:
            with lock_folder(str(folder)) as is_free:
                if is_free:
                    found.append([name for name in file_names(str(folder)) if name != LOCK])
                    with write_file(f"{folder}/mine.txt") as out:
                        out.write(b"words")
                    return

    with lock_folder(str(folder)) as is_free:
        assert is_free
        for number in range(300):
            (folder / f"part-{number}").touch()
        thread = threading.Thread(target=next_run)
        thread.start()
        remove_folder(str(folder))
    thread.join()
    assert found == [[]]
    assert file_names(str(folder)) == ["mine.txt"]
