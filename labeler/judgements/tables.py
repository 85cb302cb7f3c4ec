"""Judged papers in tables that are too large for the log: they are learned from where they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any, cast

from labeler.digests.registry import guess, reader_named
from labeler.digests.source import Source
from labeler.errors import InputError, UsageError
from labeler.files import os_message
from labeler.judgements.from_table import TableMeaning, row_by_row
from labeler.judgements.incoming import Incoming, check_known
from labeler.judgements.labels import JudgedPaper
from labeler.storage import files_of, is_remote, names_many, opened
from labeler.topics import Scheme

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables, a row a paper, whose ``column`` names topics; ``complete``: those not named do not apply.

    ``format_name`` is the format they are in, where it cannot be guessed.
    """

    files: tuple[str, ...]
    column: str
    complete: bool
    format_name: str | None = None

    @classmethod
    def of(cls, inputs: Sequence[str], column: str, complete: bool, format_name: str | None = None) -> Tables:
        """The tables that files, folders, patterns and addresses stand for.

        Raises:
            UsageError: they are to come from standard input, which can be read but once.
            InputError: there are none.
        """
        if "-" in inputs:
            raise UsageError("tables cannot come from standard input", "name files")
        files = [file for name in inputs for file in (files_of([name]) if names_many(name) else [name])]
        return cls(tuple(files), column, complete, format_name)

    def state(self) -> dict[str, Any]:
        """What is learned from them, as a manifest tells it.

        Raises:
            InputError: a file cannot be read.
        """
        return {"column": self.column, "complete": self.complete, "files": [_known_by(file) for file in self.files]}


@dataclass
class Streamed:
    """What tables held: papers of each topic, papers that came again, labels and rows of no use."""

    papers: int = 0
    again: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    refusals: list[str] = field(default_factory=list)

    def note(self, row: Incoming) -> None:
        """Take in what there is to say of a row."""
        self.unknown_labels.update(row.unknown_labels)
        self.refused += len(row.refused)
        self.refusals = (self.refusals + row.refused)[:_EXAMPLES]

    def notes(self) -> list[str]:
        """What there is to say of it."""
        told = []
        if self.refused:
            told.append(f"{self.refused} rows of the tables could not be used, such as {self.refusals[0]}")
        if self.again:
            told.append(f"{self.again} rows were of papers that had been judged before; the first judgement counts")
        if self.unknown_labels:
            named = ", ".join(f"{label!r} ({count})" for label, count in self.unknown_labels.most_common(_EXAMPLES))
            told.append(
                f"{len(self.unknown_labels)} labels of the tables are no topics of the scheme, and nothing is learned "
                f"of them: {named}"
            )
        return told


def judged_in(tables: Tables, scheme: Scheme, known: Set[str], streamed: Streamed) -> Iterator[JudgedPaper]:
    """The judged papers of tables, one at a time; ``streamed`` is filled on the way.

    Papers with an identifier in ``known`` are passed over, as are those that came before.

    Raises:
        InputError: a file is missing, of no known format, has no such column, or names no topic of the scheme.
    """
    seen = {hash(identifier) for identifier in known}
    for file in tables.files:
        source = Source(file, partial(opened, file) if is_remote(file) else None)
        meaning = TableMeaning(source.name, tables.column, tables.complete, at="")
        records = reader_named(tables.format_name or guess(source)).records(source)
        for labelled, row in row_by_row(records, scheme, meaning):
            streamed.note(row)
            if labelled is None or not (labelled.yes or labelled.no):
                continue
            marks = [hash(identifier) for identifier in labelled.paper.ids]
            if not seen.isdisjoint(marks):
                streamed.again += 1
                continue
            seen.update(marks)
            streamed.papers += 1
            streamed.counts.update(labelled.yes)
            yield labelled
    if not streamed.papers and not streamed.again:
        check_known(Incoming(unknown_labels=streamed.unknown_labels), f"in column {tables.column!r}")


def _known_by(file: str) -> list[str]:
    try:
        with opened(file) if is_remote(file) else Path(file).open("rb") as stream:
            return [Path(file).name, file_digest(cast("Any", stream), "sha256").hexdigest()]
    except OSError as error:
        raise InputError(f"cannot read {file}: {os_message(error)}", "check the name") from error
