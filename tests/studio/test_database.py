"""The database of a server of one's own: one whose first start did not finish is put aside, and no other."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from labeler.studio.database import FILE_NAME, UNFINISHED, is_unfinished, put_aside_if_unfinished

TABLES = "CREATE TABLE django_migrations (name TEXT)", "CREATE TABLE organization (title TEXT)"
USED = "INSERT INTO organization VALUES ('Label Studio')"


def database(folder: Path, *statements: str) -> Path:
    """A database that was made with these statements."""
    path = folder / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def content(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT type, name FROM sqlite_master").fetchall()


@pytest.mark.parametrize("statements", [(), TABLES[:1], TABLES], ids=["empty", "half", "no organization"])
def test_a_database_that_nobody_can_have_used_is_put_aside(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = database(tmp_path, *statements)
    path.touch()
    before = content(path)
    (tmp_path / f"{FILE_NAME}-journal").write_bytes(b"")
    assert put_aside_if_unfinished(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME + UNFINISHED]
    assert content(tmp_path / (FILE_NAME + UNFINISHED)) == before
    assert not put_aside_if_unfinished(tmp_path)


@pytest.mark.parametrize(
    "statements", [(*TABLES, USED), ("CREATE TABLE birds (name TEXT)",)], ids=["used", "not Label Studio's"]
)
def test_any_other_database_stays(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = database(tmp_path, *statements)
    before = path.read_bytes()
    assert not put_aside_if_unfinished(tmp_path)
    assert path.read_bytes() == before


def test_a_database_that_cannot_be_read_stays(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"no database" * 1000)
    assert not is_unfinished(path)
    path.unlink()
    assert not is_unfinished(path)
    path.mkdir()
    assert not is_unfinished(path)


def test_a_database_that_another_process_writes_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, connect = database(tmp_path, *TABLES), sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **named, timeout=0.01))
    with closing(connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert not is_unfinished(path)
    assert is_unfinished(path)


def test_a_database_of_a_server_that_has_run_stays(ready_studio: Path, tmp_path: Path) -> None:
    shutil.copytree(ready_studio / "data", tmp_path / "data")
    assert not put_aside_if_unfinished(tmp_path / "data")
    with closing(sqlite3.connect(tmp_path / "data" / FILE_NAME)) as connection:
        connection.execute("DELETE FROM organization")
        connection.commit()
    assert is_unfinished(tmp_path / "data" / FILE_NAME)
