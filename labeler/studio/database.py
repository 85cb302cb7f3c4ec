"""The SQLite database of a Label Studio server of one's own, and what becomes of one that was never finished.

At its first start Label Studio makes the tables, some of them outside any transaction, then the first user, then the
organization, and only then answers requests. If it is killed before that, every later start fails at a table that is
there already. Such a database has no organization, so nobody has ever used it, and a new one can take its place.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

FILE_NAME = "label_studio.sqlite3"
UNFINISHED = ".unfinished"  # the ending of a database that was put aside
_SIDE_FILES = ("-journal", "-wal", "-shm")  # https://www.sqlite.org/tempfiles.html


def is_unfinished(database: Path) -> bool:
    """Whether a database comes from a first start of Label Studio that did not finish.

    A database that cannot be read, is in use just now, or is not Label Studio's, does not count as unfinished.
    """
    if not database.is_file():
        return False
    try:
        # Not read-only: what a killed process left in the journal can only be undone by one that may write.
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if tables and "django_migrations" not in tables:
                return False
            return "organization" not in tables or not connection.execute("SELECT 1 FROM organization").fetchone()
    except sqlite3.Error:
        return False


def put_aside_if_unfinished(folder: Path) -> bool:
    """Rename the database in a server's data folder if its first start did not finish; return whether it did not.

    No server may be running with this folder. The file is renamed and not deleted: that costs a megabyte, and nothing
    is lost whatever it was.
    """
    database = folder / FILE_NAME
    if not is_unfinished(database):
        return False
    for ending in _SIDE_FILES:  # first: SQLite would take them for those of the new database
        database.with_name(database.name + ending).unlink(missing_ok=True)
    database.replace(database.with_name(database.name + UNFINISHED))
    return True
