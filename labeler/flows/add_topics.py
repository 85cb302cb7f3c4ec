"""Add topics to the scheme: by their names, or those that label the papers of tables."""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from labeler.config import Workspace
from labeler.digests.opening import files_of
from labeler.digests.registry import guess, reader_named
from labeler.digests.source import Record, Source
from labeler.errors import InputError, RefusedError
from labeler.files import read_text, write_text
from labeler.folder_lock import lock_folder
from labeler.judgements.table_labels import labels_of_table
from labeler.topics import Mode, Scheme, Topic, load_scheme
from labeler.topics.additions import appended, new_topics
from labeler.wording import shortened

_MOST = 500  # topics at once: a column with more different labels is mostly one of titles or names
_LONGEST_NAME = 200  # letters; a longer one is an abstract, or lists that were not divided
_WAIT = 60.0  # seconds for another process that adds topics


@dataclass(frozen=True, slots=True)
class LabelledTables:
    """Tables whose ``columns`` name the topics of papers; labels of fewer than ``at_least`` papers are left out.

    ``separator`` stands between the labels of a cell (default: guessed).
    """

    files: Sequence[str]
    columns: Sequence[str]
    at_least: int = 1
    format_name: str | None = None
    separator: str = ""


@dataclass(frozen=True, slots=True)
class AddedTopics:
    """The ``topics`` that were added to a ``file`` with the number of papers that have each, the most frequent first.

    ``known`` labels were topics before, ``rare`` ones label too few papers. ``examples`` says that the topics which the
    file began with as examples are gone, and ``most`` is the largest number of labels of a paper.
    """

    file: Path
    topics: list[tuple[Topic, int]]
    known: int
    rare: int
    examples: bool
    most: int
    mode: Mode

    def to_dict(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "file": str(self.file),
            "added": [{"id": topic.id, "name": topic.name, "papers": papers} for topic, papers in self.topics],
            "known": self.known,
            "rare": self.rare,
            "examples_removed": self.examples,
        }


def add_topics(
    workspace: Workspace, names: Sequence[str], tables: LabelledTables | None = None, dry_run: bool = False
) -> AddedTopics:
    """Add topics of these names, and those of the tables, to the workspace's scheme.

    Examples that nobody has changed since the workspace was made give way.

    Raises:
        InputError: a table is missing or unreadable, has no such column, or the scheme's file is not TOML.
        NotFoundError: there is no scheme.
        RefusedError: there are very many new topics, or one has a very long name.
    """
    path = workspace.topics
    load_scheme(path)
    with nullcontext() if dry_run else _alone(path):
        return _add(path, names, tables, dry_run)


def add_topic(workspace: Workspace, name: str, definition: str) -> Topic:
    """Add a topic with a definition to the workspace's scheme.

    Raises:
        InputError: the scheme's file cannot be added to.
        NotFoundError: there is no scheme.
        RefusedError: there is a topic of this name.
    """
    path = workspace.topics
    with _alone(path):
        scheme, text = load_scheme(path), read_text(path)
        found = new_topics([name], scheme)
        if not found:
            raise RefusedError(f"{name!r} cannot be a new topic: there is one of that name", "give it another name")
        topic = found[0]._replace(definition=definition)
        text = appended(text, [topic])
        _check(text, path)
        write_text(path, text)
    return topic


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes from adding to the same scheme, as the later one would undo what the earlier one did.

    Raises:
        InputError: another process is still at it after a minute.
    """
    deadline = time.monotonic() + _WAIT
    while True:
        with lock_folder(str(path.parent)) as is_free:
            if is_free:
                yield
                return
        if time.monotonic() > deadline:
            raise InputError(f"another process is adding topics to {path}", "try again when it has ended")
        time.sleep(0.05)


def _add(path: Path, names: Sequence[str], tables: LabelledTables | None, dry_run: bool) -> AddedTopics:
    scheme, text = load_scheme(path), read_text(path)
    examples = text == (package_files("labeler") / "starter" / "topics.toml").read_text(encoding="utf-8")
    if examples:
        text = text[: text.index("\n[[topic]]")]
        scheme = Scheme(scheme.mode, ())
    counts, most = (Counter[str](), 0) if tables is None else _counts(tables, scheme)
    wanted = [label for label, papers in counts.most_common() if papers >= (tables.at_least if tables else 1)]
    topics = new_topics([*names, *wanted], scheme)
    if len(topics) > _MOST:
        raise RefusedError(
            f"{len(topics)} different labels would be topics, such as {topics[-1].name[:40]!r}",
            "name a column of topics, or take the frequent ones alone (--min 10)",
        )
    if long := next((topic.name for topic in topics if len(topic.name) > _LONGEST_NAME), None):
        raise RefusedError(
            f"{shortened(long, 60)!r} has {len(long)} letters, too many for the name of a topic",
            f"name a column of topics, or a name of at most {_LONGEST_NAME} letters",
        )
    if topics:
        text = appended(text, topics)
        _check(text, path)
        if not dry_run:
            write_text(path, text)
    known = sum(scheme.find(label) is not None for label in [*names, *counts])
    by_name = Counter({" ".join(label.split()): papers for label, papers in counts.items()})
    added = [(topic, by_name[topic.name]) for topic in topics]
    return AddedTopics(path, added, known, len(counts) - len(wanted), examples and bool(topics), most, scheme.mode)


def _check(text: str, path: Path) -> None:
    """Look whether the text that a scheme's file is to have is TOML.

    Raises:
        InputError: it is none, as the topics that are there are not written under [[topic]] each.
    """
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"nothing can be added to {path}, as its topics are one list in brackets (topic = [...])",
            "write each of them under a [[topic]] of its own",
        ) from error


def _counts(tables: LabelledTables, scheme: Scheme) -> tuple[Counter[str], int]:
    """How many papers of the tables have each label, and the largest number of labels of a paper.

    Raises:
        InputError: a table is missing or unreadable, or has none of the columns.
    """
    counts, most = Counter[str](), 0
    for name in (file for given in tables.files for file in files_of(given)):
        source = Source(name)
        records = reader_named(tables.format_name or guess(source)).records(source)
        rows = [record.fields for record in records if isinstance(record, Record)]
        found = labels_of_table(rows, tables.columns, scheme, tables.separator)
        if not rows:  # a table with a head alone
            continue
        if found is None:
            columns = ", ".join(dict.fromkeys(str(column) for row in rows[:100] for column in row))
            named = " or ".join(map(repr, tables.columns))
            raise InputError(
                f"{source.name} has no column {named}, only: {columns}",
                "name the column of topics with --column",
            )
        counts += found.counts
        most = max(most, found.most)
    return counts, most
