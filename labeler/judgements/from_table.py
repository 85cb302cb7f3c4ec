"""Judgements from a table of papers with a column of topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from labeler.digests.fields import normal_name, paper_of
from labeler.digests.source import Record, Refusal
from labeler.errors import InputError
from labeler.judgements.cells import Flags, flags_note, flags_of, labels_in
from labeler.judgements.incoming import Incoming
from labeler.judgements.judgement import TABLE, Judgement, annotator_name
from labeler.judgements.labels import JudgedPaper
from labeler.judgements.tags import labels_of_tags, no_tags
from labeler.papers import Merger, Paper
from labeler.papers.placeholders import is_nothing
from labeler.topics import NONE_OF_THESE, Scheme
from labeler.topics.mode import Mode

_ROWS_WITHOUT_COLUMN = 100  # after so many rows without the column, the table is refused
_FIRST_ROWS = 1000  # by which a column of 0 and 1 is known
_NONE_LABELS = frozenset({NONE_OF_THESE.casefold(), "none", "-"})


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is to be interpreted.

    ``file`` is the name of the table in the log, and ``column`` that of the column of topics, or several names, as
    where each topic has a column of 0 and 1. ``complete`` says that topics which a row does not name do not apply to
    its paper. ``at`` is the time of the judgements, ISO 8601. ``annotator`` is the annotator of rows without a column
    of that name (default: one for all tables). ``separator`` stands between labels in a cell (default: guessed).
    ``of_tags`` says that the columns are fields of papers with tags (:data:`labeler.judgements.tags.TAGS`), most of
    which are no topics.
    """

    file: str
    column: str | tuple[str, ...]
    complete: bool
    at: str
    annotator: str = ""
    separator: str = ""
    of_tags: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of topics."""
        return (self.column,) if isinstance(self.column, str) else self.column


@dataclass
class _Answers:
    """What rows say: labels, and topics with a 0 (``no``) or that were not judged in a column of their own (``open``).

    ``judged`` is False where all rows say that nobody has judged the paper.
    """

    labels: list[str] = field(default_factory=list)
    no: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    judged: bool = False

    def join(self, other: _Answers) -> None:
        """Add what other rows of the same paper say."""
        self.labels += other.labels
        self.no |= other.no
        self.open |= other.open
        self.judged |= other.judged


@dataclass
class _LabeledPaper:
    """A paper, the row that it stands in, and what its rows say."""

    paper: Paper
    where: str
    answers: _Answers = field(default_factory=_Answers)


def from_table(records: Iterable[Record | Refusal], scheme: Scheme, table: TableOptions) -> Incoming:
    """One judgement for each paper and annotator, with the topics of all rows of the paper.

    Unless the table is complete, topics that are not named are unknown, and a paper with an empty cell gets no
    judgement. The label "none" says that no topic applies. A missing value (null, NaN) says that nobody has judged the
    paper. In a complete table, a label that is no topic leaves the topic open that it resembles: it may be a slip.

    Raises:
        InputError: the table does not have the column of topics, or no paper of the file has tags.
    """
    incoming, merger = Incoming(), Merger()
    by_position: dict[tuple[int, str], _LabeledPaper] = {}
    fields: Mapping[str, Any] = {}
    has_column = False
    flags, incoming.notes, records = _flags(records, scheme, table)
    for record in records:
        if isinstance(record, Refusal):
            incoming.refused.append(str(record))
            continue
        fields = fields or record.fields
        try:
            annotator, row = _row(record, scheme, table, flags)
        except ValueError as error:
            incoming.refused.append(f"{table.file}, {record.where}: {error}")
            has_column |= not isinstance(error, _NoColumnError)
            continue
        has_column |= not table.of_tags or row.answers.judged
        key = (merger.add(row.paper), annotator)
        by_position.setdefault(key, _LabeledPaper(row.paper, row.where)).answers.join(row.answers)
    if fields and not has_column:
        raise no_tags(table.file, table.columns) if table.of_tags else _no_column(table, fields)
    merged: dict[tuple[int, str], _LabeledPaper] = {}
    for (position, annotator), rows in by_position.items():  # a later row may have merged papers
        key = (merger.find(position), annotator)
        merged.setdefault(key, _LabeledPaper(merger.at(position), rows.where)).answers.join(rows.answers)
    for (_, annotator), rows in merged.items():
        incoming.join(_judge(rows, annotator, scheme, table))
    return incoming


def row_by_row(
    records: Iterable[Record | Refusal], scheme: Scheme, table: TableOptions
) -> Iterator[tuple[JudgedPaper | None, Incoming]]:
    """The judged paper of each row (None where there is none) with messages and counts about the row.

    Rows of the same paper are not merged, so tables may be larger than memory. The judgements of each
    :class:`Incoming` stay empty.

    Raises:
        InputError: none of the first rows has the column of topics.
    """
    rows, has_column = 0, False
    flags, notes, records = _flags(records, scheme, table)
    yield None, Incoming(notes=notes)
    for record in records:
        incoming = Incoming()
        if isinstance(record, Refusal):
            incoming.refused.append(str(record))
            yield None, incoming
            continue
        rows += 1
        judged_paper = None
        try:
            _, row = _row(record, scheme, table, flags)
            has_column = True
            decision, incoming = _decide(row, scheme, table)
            if decision:
                judged_paper = JudgedPaper(row.paper, frozenset(decision.yes), frozenset(decision.no))
        except ValueError as error:
            has_column |= not isinstance(error, _NoColumnError)
            if rows >= _ROWS_WITHOUT_COLUMN and not has_column:
                raise _no_column(table, record.fields) from error
            incoming.refused.append(f"{table.file}, {record.where}: {error}")
        yield judged_paper, incoming
    if rows and not has_column:
        raise InputError(f"{table.file} has no column {_named(table.columns)}", "name one with --topics-column")


def _flags(
    records: Iterable[Record | Refusal], scheme: Scheme, table: TableOptions
) -> tuple[dict[str, Flags], list[str], Iterator[Record | Refusal]]:
    """The columns of 0 and 1 by name, known by the first rows, how their cells are read, and all records."""
    stream = iter(records)
    first = list(islice(stream, _FIRST_ROWS))
    rows = [record.fields for record in first if isinstance(record, Record)]
    flags, notes = {}, []
    for column in () if table.of_tags else table.columns:
        cells = [cell for fields in rows if (cell := cell_of(fields, column)) is not ABSENT]
        if found := flags_of(column, cells, scheme):
            flags[column] = found
            notes.append(f"{table.file}: {flags_note(column, found, cells, scheme)}")
    return flags, notes, chain(first, stream)


class _NoColumnError(ValueError):
    """A row does not have the column of topics."""


def _no_column(table: TableOptions, fields: Mapping[str, Any]) -> InputError:
    absent = [column for column in table.columns if cell_of(fields, column) is ABSENT]
    names = ", ".join(map(str, fields))
    return InputError(
        f"{table.file} has no column {_named(absent or table.columns)}, only: {names}",
        "name one with --topics-column; where each topic has a column of 0 and 1, name each",
    )


def _named(columns: Sequence[str]) -> str:
    return " or ".join(map(repr, columns))


def _row(record: Record, scheme: Scheme, table: TableOptions, flags: Mapping[str, Flags]) -> tuple[str, _LabeledPaper]:
    """The annotator and the labelled paper of a row.

    Raises:
        ValueError: the row has no paper, or no cell of topics; the message says which.
    """
    if table.of_tags:
        paper = paper_of(record.fields, table.file)
        labels = labels_of_tags(paper, table.columns, scheme, table.separator)
        answers = _Answers(labels or [], judged=labels is not None)
        return _annotator(record, table), _LabeledPaper(paper, f"{table.file}, {record.where}", answers)
    cells = {column: cell_of(record.fields, column) for column in table.columns}
    if absent := [column for column, cell in cells.items() if cell is ABSENT]:
        raise _NoColumnError(f"has nothing under {absent[0]!r}")
    paper = paper_of(record.fields, table.file)
    answers, *others = (_answers(cell, scheme, flags.get(column), table.separator) for column, cell in cells.items())
    for other in others:
        answers.join(other)
    if "answer" not in table.columns:
        answers = _as_answered(answers, record.fields.get("answer"), scheme)
    return _annotator(record, table), _LabeledPaper(paper, f"{table.file}, {record.where}", answers)


def _annotator(record: Record, table: TableOptions) -> str:
    """Who judged the paper of a row."""
    cell = cell_of(record.fields, "annotator")
    return annotator_name(cell) if cell is not ABSENT and not is_nothing(cell) else table.annotator or TABLE


def _answers(cell: Any, scheme: Scheme, flags: Flags | None, separator: str) -> _Answers:
    """What a cell says; one that is neither 0 nor 1 says its labels in a column of 0 and 1, too."""
    if flags is not None:
        with suppress(ValueError):
            applies, is_open = flags.answer(cell)
            if is_open:
                return _Answers(open={flags.topic})
            return _Answers([flags.topic] if applies else [], {flags.topic} if applies is False else set(), judged=True)
    labels = labels_in(cell, scheme, separator)
    return _Answers(labels or [], judged=labels is not None)


def _as_answered(answers: _Answers, answer: Any, scheme: Scheme) -> _Answers:
    """What a row says in view of what its annotator has answered in Prodigy (https://prodi.gy/docs/api-interfaces):
    with "reject", its labels do not apply, and nothing is known of others; with "ignore", it says nothing.
    """
    if answer not in ("reject", "ignore"):
        return answers
    topics = {topic for label in answers.labels if answer == "reject" and (topic := scheme.find(label))}
    return _Answers(no=topics, open=set(scheme.ids) - topics, judged=bool(topics))


@dataclass(frozen=True, slots=True)
class _Decision:
    """The topics that apply to a paper, those that were considered, and the labels that are no topics.

    ``resembled`` has the topics that were not considered because a label may mean them, by that label.
    """

    yes: tuple[str, ...]
    offered: tuple[str, ...]
    unknown: tuple[str, ...]
    resembled: Mapping[str, Sequence[str]]

    @property
    def no(self) -> tuple[str, ...]:
        """The topics that were offered and do not apply."""
        chosen = set(self.yes)
        return tuple(topic for topic in self.offered if topic not in chosen)


def _decide(rows: _LabeledPaper, scheme: Scheme, table: TableOptions) -> tuple[_Decision | None, Incoming]:
    """The decision on a paper, None where its labels say nothing, with messages and counts about the labels."""
    answers = rows.answers
    if not answers.judged:
        return None, Incoming(not_judged=1)
    topics = {label: scheme.find(label) for label in answers.labels}
    none = any(topic is None and label.casefold() in _NONE_LABELS for label, topic in topics.items())
    chosen = {topic for topic in topics.values() if topic is not None}
    unknown = tuple(label for label, topic in topics.items() if topic is None and label.casefold() not in _NONE_LABELS)
    incoming = Incoming(unknown_labels=Counter(unknown))
    if none and (chosen or unknown):
        incoming.refused.append(f"{rows.where}: {NONE_OF_THESE!r} beside a topic; the topic counts")
    if scheme.mode == Mode.SINGLE and len(chosen) > 1:
        incoming.refused.append(f"{rows.where}: {len(chosen)} topics for one paper in a single-label scheme; left out")
        return None, incoming
    says_nothing = not chosen and not none if table.of_tags else not topics and not answers.no
    if says_nothing and not table.complete:
        incoming.not_judged = 1
        return None, incoming
    yes = tuple(topic for topic in scheme.ids if topic in chosen)
    certain = chosen | answers.no
    resembled: dict[str, list[str]] = {}
    is_slip = unknown and not chosen and not table.of_tags  # of tags, most are no topics
    if (table.complete or none or (scheme.mode == Mode.SINGLE and yes)) and not is_slip:
        resembled = {label: [topic for topic in scheme.resembling(label) if topic not in certain] for label in unknown}
        doubtful = {*chain.from_iterable(resembled.values()), *answers.open} - certain
        offered = tuple(topic for topic in scheme.ids if topic not in doubtful) if doubtful else scheme.ids
    else:
        offered = tuple(topic for topic in scheme.ids if topic in certain)
    incoming.empty = int(not yes and not unknown)
    return _Decision(yes, offered, unknown, resembled), incoming


def _judge(rows: _LabeledPaper, annotator: str, scheme: Scheme, table: TableOptions) -> Incoming:
    """The judgement of an annotator on a paper, if there is one, with messages and counts about the labels."""
    decision, incoming = _decide(rows, scheme, table)
    if decision is not None:
        incoming.refused += [
            f"{rows.where}: {label!r} is no topic; is {scheme.name(topic)!r} meant? That one is left open"
            for label, topics in decision.resembled.items()
            for topic in topics
        ]
        judgement = Judgement(
            paper=rows.paper.id,
            ids=rows.paper.ids,
            title=rows.paper.title,
            abstract=rows.paper.abstract,
            date=rows.paper.date,
            annotator=annotator,
            yes=decision.yes,
            no=decision.no,
            offered=decision.offered,
            unknown=decision.unknown,
            at=table.at,
            source={"file": table.file, "row": rows.where.removeprefix(f"{table.file}, ")},
        )
        incoming.judgements.append(judgement)
    return incoming


ABSENT = object()


def cell_of(fields: Mapping[str, Any], name: str) -> Any:
    """The cell of a column. Where no column has exactly this name, case and spaces in names are ignored."""
    if name in fields:
        return fields[name]
    return next((value for key, value in fields.items() if normal_name(str(key)) == normal_name(name)), ABSENT)
