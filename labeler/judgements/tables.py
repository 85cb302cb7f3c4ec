"""Judged papers of tables that are too large for the log and are read from their files in each training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, cast

from labeler.digests.opening import files_of
from labeler.digests.reading import usable
from labeler.digests.registry import Reader, guess, reader_named, text_columns
from labeler.digests.source import Record, Refusal, Source
from labeler.errors import InputError, UsageError
from labeler.files import os_message
from labeler.judgements.forgotten import NOTHING_FORGOTTEN, Forgotten
from labeler.judgements.from_table import TableOptions, cell_of, row_by_row
from labeler.judgements.incoming import Incoming, refuse_unknown_labels
from labeler.judgements.labels import JudgedPaper, Labels
from labeler.nearby import near_names
from labeler.papers.ids import identifier_hash
from labeler.papers.seen import SeenPapers
from labeler.storage import is_uri, open_file
from labeler.topics import Mode, Scheme
from labeler.wording import counted

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables with one paper in each row and a ``column`` of topics.

    ``complete`` says that topics which a row does not name do not apply to its paper. ``format_name`` is the format of
    the files, and ``separator`` stands between the topics of a cell (default: both are guessed). ``more_columns`` are
    other columns of topics, as where each topic has one of 0 and 1.
    """

    files: tuple[str, ...]
    column: str
    complete: bool
    format_name: str | None = None
    separator: str = ""
    more_columns: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        inputs: Sequence[str],
        column: str,
        complete: bool,
        format_name: str | None = None,
        separator: str = "",
    ) -> Tables:
        """The tables that files, folders, glob patterns and URIs stand for.

        Raises:
            UsageError: an input is standard input, which can be read only once.
            InputError: a file is missing, or a folder or pattern has no files.
        """
        if "-" in inputs:
            raise UsageError("tables cannot come from standard input", "name files")
        files = [file for name in inputs for file in files_of(name)]
        return cls(tuple(files), column, complete, format_name, separator)

    def hashes(self) -> tuple[tuple[str, str], ...]:
        """The name and the SHA-256 of each file.

        Raises:
            InputError: a file cannot be read.
        """
        return tuple((Path(file).name, _sha256(file)) for file in self.files)


class JudgedTables:
    """An iterable of the judged papers of tables, which counts what it reads.

    Papers with an identifier in ``known`` are skipped, as are papers that came in an earlier row, and rows of papers
    and people that were ``forgotten``. When the iteration
    has ended, ``papers`` is the number of papers, ``counts`` the number of papers of each topic, and ``repeated`` and
    ``refused`` the numbers of rows that were skipped or could not be used. ``seen`` are the hashes of the identifiers
    of all papers and of ``known``.
    """

    def __init__(
        self, tables: Tables | None, scheme: Scheme, known: Set[str], forgotten: Forgotten = NOTHING_FORGOTTEN
    ) -> None:
        self.papers = 0
        self.counts: Counter[str] = Counter()
        self._tables, self._scheme, self._forgotten = tables, scheme, forgotten
        self._known = {identifier_hash(identifier) for identifier in known}
        self.seen, self._papers_seen = set(self._known), SeenPapers()
        self.repeated, self.refused = 0, 0
        self._refusals: list[str] = []
        self._told: list[str] = []
        self._unknown_labels: Counter[str] = Counter()

    def __iter__(self) -> Iterator[JudgedPaper]:
        """Read the tables.

        Raises:
            InputError: a file is missing or of an unknown format, does not have the column, or has no topic of the
                scheme.
        """
        if self._tables is None:
            return
        for source in usable((Source(file, is_found=True) for file in self._tables.files), self._told):
            yield from filter(self._count, self._read(source, self._tables))
        if not self.papers and not self.repeated:
            refuse_unknown_labels(Incoming(unknown_labels=self._unknown_labels), f"in column {self._tables.column!r}")

    def notes(self) -> list[str]:
        """Notes about rows and labels that were not used, each a sentence."""
        notes = [*self._told]
        if self.refused:
            notes.append(f"{counted(self.refused, 'row')} of the tables could not be used, such as {self._refusals[0]}")
        if self.repeated:
            rows = counted(self.repeated, "row")
            notes.append(f"of papers that had been judged before: {rows}; the first judgement counts")
        if self._unknown_labels:
            common = self._unknown_labels.most_common(_EXAMPLES)
            examples = ", ".join(f"{label!r} ({count})" for label, count in common)
            labels = counted(len(self._unknown_labels), "label")
            notes.append(f"no topics of the scheme, and ignored: {labels} of the tables, such as {examples}")
        return notes

    def _read(self, source: Source, tables: Tables) -> Iterator[JudgedPaper]:
        """The papers of one file for which a topic applies or does not apply, repeated ones included."""
        columns = (tables.column, *tables.more_columns)
        meaning = TableOptions(source.name, columns, tables.complete, at="", separator=tables.separator)
        records = self._seen_columns(reader_named(tables.format_name or guess(source)), source)
        for paper, incoming in row_by_row(records, self._scheme, meaning):
            self._unknown_labels.update(incoming.unknown_labels)
            self.refused += len(incoming.refused)
            self._told += incoming.notes
            self._refusals = (self._refusals + incoming.refused)[:_EXAMPLES]
            if paper is not None and (paper.yes or paper.no) and not self._forgotten.has_paper(paper.paper):
                yield self._completed(paper)

    def _seen_columns(self, reader: Reader, source: Source) -> Iterator[Record | Refusal]:
        """The records; what there is to say about their columns becomes a note."""
        columns = text_columns(reader, source)
        for record in reader.records(source):
            if isinstance(record, Record):
                columns.see(record.fields)
                if self._forgotten and self._forgotten.has_annotator(str(cell_of(record.fields, "annotator"))):
                    continue
            yield record
        self._told += filter(None, [columns.note()])

    def _completed(self, judged: JudgedPaper) -> JudgedPaper:
        """The paper with the topics that follow from those above and below them."""
        if self._scheme.mode == Mode.SINGLE or not self._scheme.hierarchy.parents:
            return judged
        yes, no = self._scheme.hierarchy.closed(judged.yes, judged.no)
        return JudgedPaper(judged.paper, frozenset(yes), frozenset(no))

    def _count(self, judged: JudgedPaper) -> bool:
        """Count a paper, and return whether it is a new one."""
        identifiers = [identifier_hash(identifier) for identifier in judged.paper.ids]
        if not self._known.isdisjoint(identifiers) or not self._papers_seen.add(judged.paper):
            self.repeated += 1
            return False
        self.seen.update(identifiers)
        self.papers += 1
        self.counts.update(judged.yes)
        return True


def _sha256(file: str) -> str:
    try:
        with open_file(file) if is_uri(file) else Path(file).open("rb") as stream:
            return file_digest(cast("Any", stream), "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot read {file}: {os_message(error)}", near_names(file)) from error


def all_none_notes(labels: Labels, tables: JudgedTables, keywords: bool) -> list[str]:
    """A note where judged papers are of no topic, all of them, so that a model hardly gives one.

    ``keywords`` says that the model has learned from keywords, too.
    """
    papers = len(labels.papers) + tables.papers
    if not papers or any(item.yes for item in labels.papers) or any(tables.counts.values()):
        return []
    known = "name, definition and keywords" if keywords else "name and definition"
    return [
        f"none of {counted(papers, 'judged paper')} is of a topic: this model knows topics by {known} alone, and "
        "will hardly give one; judge papers that are of a topic, and train again"
    ]
