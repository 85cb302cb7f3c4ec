"""Add topics to the scheme: by their names, or those that label the papers of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from labeler.config import Workspace
from labeler.digests.reading import files_of
from labeler.digests.registry import guess, reader_named
from labeler.digests.source import Record, Source
from labeler.errors import InputError, RefusedError
from labeler.files import read_text, write_text
from labeler.judgements.table_labels import labels_of_table
from labeler.topics import Mode, Scheme, Topic, load_scheme
from labeler.topics.additions import appended, new_topics

_MOST = 500  # topics at once: a column with more different labels is mostly one of titles or names


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
        RefusedError: there are very many new topics.
    """
    path = workspace.topics
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
    if topics and not dry_run:
        write_text(path, appended(text, topics))
    known = sum(scheme.find(label) is not None for label in [*names, *counts])
    by_name = Counter({" ".join(label.split()): papers for label, papers in counts.items()})
    added = [(topic, by_name[topic.name]) for topic in topics]
    return AddedTopics(path, added, known, len(counts) - len(wanted), examples and bool(topics), most, scheme.mode)


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
        if found is None:
            columns = ", ".join(dict.fromkeys(str(column) for row in rows[:100] for column in row))
            named = " or ".join(map(repr, tables.columns))
            raise InputError(
                f"{source.name} has no column {named}" + (f", only: {columns}" if columns else ", and no rows"),
                "name the column of topics with --column",
            )
        counts += found.counts
        most = max(most, found.most)
    return counts, most
