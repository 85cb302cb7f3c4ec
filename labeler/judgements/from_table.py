"""Judgements from a table of one's own: papers with a column of topics."""

from __future__ import annotations

import ast
import json
import re
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

_LOOKED_AT = 100  # rows in which the column is looked for
_NONE = frozenset({NONE_OF_THESE.casefold(), "none", "-"})


@dataclass(frozen=True, slots=True)
class TableMeaning:
    """How a table is to be read: ``column`` holds the topics; ``complete``: those not named do not apply.

    ``file`` names the table in the log; ``at`` is the time of its judgements, ISO 8601; ``annotator`` is who judged
    where no column of that name says it (default: the table).
    """

    file: str
    column: str
    complete: bool
    at: str
    annotator: str = ""


@dataclass
class _Told:
    """What a table's rows say of one paper."""

    paper: Paper
    where: str
    labels: list[str] = field(default_factory=list)


def from_table(records: Iterable[Record | Refusal], scheme: Scheme, table: TableMeaning) -> Incoming:
    """One judgement a paper: the topics of all its rows.

    Unless the table is complete, topics that are not named are unknown and an empty cell says nothing; "none" says
    that no topic applies.

    Raises:
        InputError: the table has no such column.
    """
    incoming = Incoming()
    merger = Merger()
    told: dict[tuple[int, str], _Told] = {}
    names, has_column = "", False
    for record in records:
        if isinstance(record, Refusal):
            incoming.refused.append(str(record))
            continue
        names = names or ", ".join(map(str, record.fields))
        try:
            who, row = _row(record, scheme, table)
        except ValueError as error:
            incoming.refused.append(f"{table.file}, {record.where}: {error}")
            has_column |= not isinstance(error, _NoColumnError)
            continue
        has_column = True
        told.setdefault((merger.add(row.paper), who), _Told(row.paper, row.where)).labels.extend(row.labels)
    if names and not has_column:
        raise _no_column(table, names)
    joined: dict[tuple[int, str], _Told] = {}
    for (position, who), rows in told.items():  # a later row may have tied papers together
        place = merger.find(position)
        joined.setdefault((place, who), _Told(merger.at(place), rows.where)).labels.extend(rows.labels)
    for (_, who), rows in joined.items():
        _add(incoming, rows, who, scheme, table)
    return incoming


def row_by_row(
    records: Iterable[Record | Refusal], scheme: Scheme, table: TableMeaning
) -> Iterator[tuple[JudgedPaper | None, Incoming]]:
    """What each row says by itself, and what else there is to say of it: for tables that are too large to be held.

    Raises:
        InputError: none of the first rows has such a column.
    """
    rows, has_column = 0, False
    for record in records:
        incoming = Incoming()
        if isinstance(record, Refusal):
            incoming.refused.append(str(record))
            yield None, incoming
            continue
        rows += 1
        labelled = None
        try:
            _, row = _row(record, scheme, table)
            has_column = True
            if verdict := _verdict(incoming, row, scheme, table):
                labelled = JudgedPaper(row.paper, frozenset(verdict.yes), frozenset(verdict.no))
        except ValueError as error:
            has_column |= not isinstance(error, _NoColumnError)
            if rows >= _LOOKED_AT and not has_column:
                raise _no_column(table, ", ".join(map(str, record.fields))) from error
            incoming.refused.append(f"{table.file}, {record.where}: {error}")
        yield labelled, incoming
    if rows and not has_column:
        raise InputError(f"{table.file} has no column {table.column!r}", "name one with --topics-column")


class _NoColumnError(ValueError):
    """A row has nothing in the column of the topics."""


def _no_column(table: TableMeaning, names: str) -> InputError:
    return InputError(f"{table.file} has no column {table.column!r}, only: {names}", "name one with --topics-column")


def _row(record: Record, scheme: Scheme, table: TableMeaning) -> tuple[str, _Told]:
    """Who judged in a row, and what.

    Raises:
        ValueError: there is no paper, or nothing is said of it; the text says so.
    """
    cell = _value(record.fields, table.column)
    if cell is _ABSENT:
        raise _NoColumnError(f"has nothing under {table.column!r}")
    paper = paper_of(record.fields, table.file)
    annotator = _value(record.fields, "annotator")
    who = str(annotator) if annotator not in (_ABSENT, None, "") else table.annotator or f"table:{table.file}"
    return who, _Told(paper, f"{table.file}, {record.where}", _labels(cell, scheme))


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Which topics apply, which were thought of, and which labels are no topics."""

    yes: tuple[str, ...]
    offered: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def no(self) -> tuple[str, ...]:
        chosen = set(self.yes)
        return tuple(topic for topic in self.offered if topic not in chosen)


def _verdict(incoming: Incoming, told: _Told, scheme: Scheme, table: TableMeaning) -> _Verdict | None:
    """What is said of a paper, if anything; what is odd about it is added to ``incoming``."""
    found = {label: scheme.find(label) for label in told.labels}
    none = any(topic is None and label.casefold() in _NONE for label, topic in found.items())
    chosen = {topic for topic in found.values() if topic is not None}
    unknown = tuple(label for label, topic in found.items() if topic is None and label.casefold() not in _NONE)
    incoming.unknown_labels.update(unknown)
    if none and (chosen or unknown):
        incoming.refused.append(f"{told.where}: {NONE_OF_THESE!r} beside a topic; the topic counts")
    if scheme.mode == Mode.SINGLE and len(chosen) > 1:
        incoming.refused.append(f"{told.where}: {len(chosen)} topics for one paper in a single-label scheme; left out")
        return None
    if not found and not table.complete:
        return None
    yes = tuple(topic for topic in scheme.ids if topic in chosen)
    exhaustive = table.complete or none or (scheme.mode == Mode.SINGLE and bool(yes))
    incoming.empty += not yes and not unknown
    return _Verdict(yes, () if unknown and not yes else scheme.ids if exhaustive else yes, unknown)


def _add(incoming: Incoming, told: _Told, who: str, scheme: Scheme, table: TableMeaning) -> None:
    verdict = _verdict(incoming, told, scheme, table)
    if verdict is None:
        return
    incoming.judgements.append(
        Judgement(
            paper=told.paper.id,
            ids=told.paper.ids,
            title=told.paper.title,
            abstract=told.paper.abstract,
            annotator=who,
            yes=verdict.yes,
            no=verdict.no,
            offered=verdict.offered,
            unknown=verdict.unknown,
            at=table.at,
            source={"file": table.file, "row": told.where.removeprefix(f"{table.file}, ")},
        )
    )


_ABSENT = object()


def _value(fields: Mapping[str, Any], name: str) -> Any:
    """The cell under a column's name; spelling of case and spaces does not matter when no name fits exactly."""
    if name in fields:
        return fields[name]
    return next((value for key, value in fields.items() if normal_name(str(key)) == normal_name(name)), _ABSENT)


def _labels(cell: Any, scheme: Scheme) -> list[str]:
    """The labels in a cell: a list, or a text whose labels are divided by ``;``, ``|`` or ``,``."""
    if cell is None or cell != cell:
        return []
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            cell = _list_in(cell.strip())
    if not isinstance(cell, list | tuple):
        text = str(cell).strip()
        whole = [text] if scheme.find(text) else re.split(r"[;|\n]", text)
        cell = [label for part in whole for label in _by_comma(part, scheme)]
    return [label for part in cell if part is not None and part == part and (label := str(part).strip())]


def _by_comma(text: str, scheme: Scheme) -> list[str]:
    """The labels between commas, where that gives a topic; names that hold commas themselves are found first."""
    pieces = [piece for piece in text.split(",") if piece.strip()]
    labels, start = [], 0
    while start < len(pieces):
        ends = range(len(pieces), start, -1)
        end = next((end for end in ends if scheme.find(",".join(pieces[start:end]))), start + 1)
        labels.append(",".join(pieces[start:end]).strip())
        start = end
    return labels if any(map(scheme.find, labels)) else [text]


def _list_in(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return ast.literal_eval(text)
