"""Judgements from a table of papers with a column of topics."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from labeler.digests.fields import normal_name, paper_of
from labeler.digests.source import Record, Refusal
from labeler.errors import InputError
from labeler.judgements.incoming import Incoming
from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import JudgedPaper
from labeler.papers import Merger, Paper
from labeler.topics import NONE_OF_THESE, Scheme
from labeler.topics.mode import Mode

_ROWS_WITHOUT_COLUMN = 100  # after so many rows without the column, the table is refused
_NONE_LABELS = frozenset({NONE_OF_THESE.casefold(), "none", "-"})


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is to be interpreted.

    ``file`` is the name of the table in the log, and ``column`` that of the column of topics. ``complete`` says that
    topics which a row does not name do not apply to its paper. ``at`` is the time of the judgements, ISO 8601.
    ``annotator`` is the annotator of rows without a column of that name (default: the table).
    """

    file: str
    column: str
    complete: bool
    at: str
    annotator: str = ""


@dataclass
class _LabeledPaper:
    """A paper, the row that it stands in, and the labels in its rows."""

    paper: Paper
    where: str
    labels: list[str] = field(default_factory=list)


def from_table(records: Iterable[Record | Refusal], scheme: Scheme, table: TableOptions) -> Incoming:
    """One judgement for each paper and annotator, with the topics of all rows of the paper.

    Unless the table is complete, topics that are not named are unknown, and a paper with an empty cell gets no
    judgement. The label "none" says that no topic applies.

    Raises:
        InputError: the table does not have the column of topics.
    """
    incoming = Incoming()
    merger = Merger()
    by_position: dict[tuple[int, str], _LabeledPaper] = {}
    names, has_column = "", False
    for record in records:
        if isinstance(record, Refusal):
            incoming.refused.append(str(record))
            continue
        names = names or ", ".join(map(str, record.fields))
        try:
            annotator, row = _row(record, scheme, table)
        except ValueError as error:
            incoming.refused.append(f"{table.file}, {record.where}: {error}")
            has_column |= not isinstance(error, _NoColumnError)
            continue
        has_column = True
        key = (merger.add(row.paper), annotator)
        by_position.setdefault(key, _LabeledPaper(row.paper, row.where)).labels.extend(row.labels)
    if names and not has_column:
        raise _no_column(table, names)
    merged: dict[tuple[int, str], _LabeledPaper] = {}
    for (position, annotator), rows in by_position.items():  # a later row may have merged papers
        key = (merger.find(position), annotator)
        merged.setdefault(key, _LabeledPaper(merger.at(position), rows.where)).labels.extend(rows.labels)
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
    for record in records:
        incoming = Incoming()
        if isinstance(record, Refusal):
            incoming.refused.append(str(record))
            yield None, incoming
            continue
        rows += 1
        judged_paper = None
        try:
            _, row = _row(record, scheme, table)
            has_column = True
            decision, incoming = _decide(row, scheme, table)
            if decision:
                judged_paper = JudgedPaper(row.paper, frozenset(decision.yes), frozenset(decision.no))
        except ValueError as error:
            has_column |= not isinstance(error, _NoColumnError)
            if rows >= _ROWS_WITHOUT_COLUMN and not has_column:
                raise _no_column(table, ", ".join(map(str, record.fields))) from error
            incoming.refused.append(f"{table.file}, {record.where}: {error}")
        yield judged_paper, incoming
    if rows and not has_column:
        raise InputError(f"{table.file} has no column {table.column!r}", "name one with --topics-column")


class _NoColumnError(ValueError):
    """A row does not have the column of topics."""


def _no_column(table: TableOptions, names: str) -> InputError:
    return InputError(f"{table.file} has no column {table.column!r}, only: {names}", "name one with --topics-column")


def _row(record: Record, scheme: Scheme, table: TableOptions) -> tuple[str, _LabeledPaper]:
    """The annotator and the labelled paper of a row.

    Raises:
        ValueError: the row has no paper, or no cell of topics; the message says which.
    """
    cell = _value(record.fields, table.column)
    if cell is _ABSENT:
        raise _NoColumnError(f"has nothing under {table.column!r}")
    paper = paper_of(record.fields, table.file)
    cell_of_annotator = _value(record.fields, "annotator")
    has_annotator = cell_of_annotator not in (_ABSENT, None, "")
    annotator = str(cell_of_annotator) if has_annotator else table.annotator or f"table:{table.file}"
    return annotator, _LabeledPaper(paper, f"{table.file}, {record.where}", _labels(cell, scheme))


@dataclass(frozen=True, slots=True)
class _Decision:
    """The topics that apply to a paper, those that were considered, and the labels that are no topics."""

    yes: tuple[str, ...]
    offered: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def no(self) -> tuple[str, ...]:
        chosen = set(self.yes)
        return tuple(topic for topic in self.offered if topic not in chosen)


def _decide(rows: _LabeledPaper, scheme: Scheme, table: TableOptions) -> tuple[_Decision | None, Incoming]:
    """The decision on a paper, None where its labels say nothing, with messages and counts about the labels."""
    topics = {label: scheme.find(label) for label in rows.labels}
    none = any(topic is None and label.casefold() in _NONE_LABELS for label, topic in topics.items())
    chosen = {topic for topic in topics.values() if topic is not None}
    unknown = tuple(label for label, topic in topics.items() if topic is None and label.casefold() not in _NONE_LABELS)
    incoming = Incoming(unknown_labels=Counter(unknown))
    if none and (chosen or unknown):
        incoming.refused.append(f"{rows.where}: {NONE_OF_THESE!r} beside a topic; the topic counts")
    if scheme.mode == Mode.SINGLE and len(chosen) > 1:
        incoming.refused.append(f"{rows.where}: {len(chosen)} topics for one paper in a single-label scheme; left out")
        return None, incoming
    if not topics and not table.complete:
        return None, incoming
    yes = tuple(topic for topic in scheme.ids if topic in chosen)
    exhaustive = table.complete or none or (scheme.mode == Mode.SINGLE and bool(yes))
    incoming.empty = int(not yes and not unknown)
    return _Decision(yes, () if unknown and not yes else scheme.ids if exhaustive else yes, unknown), incoming


def _judge(rows: _LabeledPaper, annotator: str, scheme: Scheme, table: TableOptions) -> Incoming:
    """The judgement of an annotator on a paper, if there is one, with messages and counts about the labels."""
    decision, incoming = _decide(rows, scheme, table)
    if decision is not None:
        judgement = Judgement(
            paper=rows.paper.id,
            ids=rows.paper.ids,
            title=rows.paper.title,
            abstract=rows.paper.abstract,
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


_ABSENT = object()


def _value(fields: Mapping[str, Any], name: str) -> Any:
    """The cell of a column. Where no column has exactly this name, case and spaces in names are ignored."""
    if name in fields:
        return fields[name]
    return next((value for key, value in fields.items() if normal_name(str(key)) == normal_name(name)), _ABSENT)


def _labels(cell: Any, scheme: Scheme) -> list[str]:
    """The labels of a cell: a list, or a text with the separators ``;``, ``|``, ``,`` or line breaks."""
    if cell is None or cell != cell:
        return []
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            cell = _parse_list(cell.strip())
    if not isinstance(cell, list | tuple):
        text = str(cell).strip()
        parts = [text] if scheme.find(text) else re.split(r"[;|\n]", text)
        cell = [label for part in parts for label in _split_at_commas(part, scheme)]
    return [label for part in cell if part is not None and part == part and (label := str(part).strip())]


def _split_at_commas(text: str, scheme: Scheme) -> list[str]:
    """The labels between commas, or the whole text where none of them is a topic.

    A topic whose name has commas is found before shorter ones.
    """
    pieces = [piece for piece in text.split(",") if piece.strip()]
    labels, start = [], 0
    while start < len(pieces):
        ends = range(len(pieces), start, -1)
        end = next((end for end in ends if scheme.find(",".join(pieces[start:end]))), start + 1)
        labels.append(",".join(pieces[start:end]).strip())
        start = end
    return labels if any(map(scheme.find, labels)) else [text]


def _parse_list(text: str) -> Any:
    """The list that a text is in JSON or Python syntax."""
    try:
        return json.loads(text)
    except ValueError:
        return ast.literal_eval(text)
