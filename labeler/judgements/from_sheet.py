"""Judgements from a sheet of labelled papers (:mod:`labeler.publish.sheet`) in which people have corrected topics.

A person writes the right topics of a paper under ``corrected``, or ``ok`` where the suggested ones are right. Programs
for spreadsheets save such a sheet in many ways, with other columns, or with letters lost: a row finds its paper by its
identifiers, and where the log has the paper, its text is that of the log.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from labeler.digests.fields import normal_name, paper_of
from labeler.digests.readers import excel, table
from labeler.digests.source import Record, Refusal, Source
from labeler.errors import InputError
from labeler.judgements.cells import labels_in
from labeler.judgements.from_table import ABSENT, TableOptions, cell_of, from_table
from labeler.judgements.incoming import Incoming
from labeler.judgements.judgement import ADJUDICATOR, REVIEWS, Judgement
from labeler.papers import Merger
from labeler.topics import NONE_OF_THESE, Scheme
from labeler.topics.mode import Mode
from labeler.wording import nearest

CORRECTED = "corrected"
REVIEW = "review"  # the column of a sheet for an adjudicator: why a paper is judged once more
_IDS, _ID, _SUGGESTED, _DECISION = "ids", "id", "topics", "decision"
_AS_SUGGESTED = frozenset({"ok", "okay", "o.k.", "=", "✓", "✔"})
_BY_PEOPLE = "judged"  # a decision: the topics are no suggestion of a model
_DIVIDER = ";"  # between the topics of a sheet
_NONE = "none"
_NONE_LABELS = frozenset({_NONE, "-", NONE_OF_THESE.casefold()})
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
# What keeps a spreadsheet from running a cell (:mod:`labeler.publish.writers.csv`).
_KEPT_TEXT = re.compile(r"^'(?=\s*[=+\-@＝＋－＠\t\r\n])|(?<=[;|])(\s*)'(?=[=+@＝＋＠])")


def is_sheet(source: Source) -> bool:
    """Whether an input is a sheet of labelled papers with a column for corrections."""
    if source.table_format == excel.NAME:
        try:
            names = excel.header_of(source)
        except InputError:  # it is told where the workbook is read
            return False
    else:
        names = table.header_of(source.head)[1] if source.encoding else []
    columns = set(map(normal_name, names))
    return CORRECTED in columns and not columns.isdisjoint((_IDS, _ID))


def rows_of(source: Source) -> Iterator[Record | Refusal]:
    """The rows of a sheet."""
    return excel.records(source) if source.table_format == excel.NAME else table.records(source)


def has_corrections(rows: Iterable[Record | Refusal]) -> bool:
    """Whether something stands under ``corrected``."""
    return any(_text(row.fields, CORRECTED) for row in rows if isinstance(row, Record))


def from_sheet(
    rows: Iterable[Record | Refusal], scheme: Scheme, options: TableOptions, log: Sequence[Judgement] = ()
) -> Incoming:
    """A judgement for each paper and annotator that has something under ``corrected``; other rows say nothing.

    In a row with one of :data:`REVIEWS` under ``review``, it is that of an adjudicator. Topics that are not named do
    not apply. A label that is no topic is told with the topics that it resembles; a row without any other is left out.
    Each judgement has the topics that were suggested, where the sheet still tells them.
    """
    sheet = _Sheet(scheme, options, log)
    incoming = from_table(sheet.judged(rows), scheme, replace(options, column=CORRECTED, complete=True))
    incoming.judgements = list(map(sheet.with_suggestion, incoming.judgements))
    incoming.refused[:0] = sheet.refused
    if sheet.no_reviews:
        incoming.notes.append(
            f"{sheet.no_reviews[0]!r} under {REVIEW!r} is none of {', '.join(REVIEWS)}: what such rows say is no "
            "verdict of an adjudicator"
        )
    incoming.not_judged += sheet.silent
    return incoming


class _Suggestion(NamedTuple):
    """The topics that a row shows (None: not all of them are known), and whether a model suggested them."""

    topics: frozenset[str] | None
    by_model: bool


class _Sheet:
    """The rows of one sheet. ``silent`` counts those without a correction, ``refused`` says which cannot be used."""

    def __init__(self, scheme: Scheme, options: TableOptions, log: Sequence[Judgement]) -> None:
        self.silent = 0
        self.refused: list[str] = []
        self._scheme, self._options = scheme, options
        has_divider = any(_DIVIDER in name for topic in scheme.topics for name in (topic.name, *topic.aliases))
        self._separator = options.separator or (_DIVIDER if has_divider else "")  # guessing takes no name that has it
        self._log: dict[str, list[Judgement]] = defaultdict(list)  # by the identifiers of their papers
        for judgement in log:
            for name in judgement.ids:
                self._log[name].append(judgement)
        self._suggestions: dict[str, _Suggestion] = {}
        self.no_reviews: list[str] = []  # what else stands in the column for it
        self._reviews: dict[str, str] = {}  # why the paper of a row is judged once more

    def judged(self, rows: Iterable[Record | Refusal]) -> Iterator[Record | Refusal]:
        """The rows that say something, as :func:`from_table` reads them."""
        for row in rows:
            if isinstance(row, Refusal):
                yield row
                continue
            corrected = _text(row.fields, CORRECTED)
            labels = [_NONE] if corrected.casefold() in _NONE_LABELS else self._labels(corrected)
            if not labels:
                self.silent += 1
                continue
            suggestion = self._suggestion(row.fields)
            try:
                answer = self._answer(labels, suggestion)
            except ValueError as error:
                self.refused.append(f"{self._options.file}, {row.where}: {error}")
                continue
            self._suggestions[row.where] = suggestion
            self._reviews[row.where] = self._review(row.fields)
            yield Record(row.where, self._as_known(row.fields) | {CORRECTED: answer})

    def with_suggestion(self, judgement: Judgement) -> Judgement:
        """A judgement of :func:`from_table` with what was suggested, and the topics that a person could think of."""
        yes = set(judgement.yes)
        offered = tuple(topic for topic in judgement.offered if topic in yes or topic in self._scheme.offered)
        suggestion = self._suggestions[str(judgement.source["row"])]
        prefill, suggested = "none", None
        if suggestion.by_model and suggestion.topics is not None:
            is_kept = self._closed(suggestion.topics) == self._closed(yes)
            prefill = "kept" if is_kept else "changed"
            suggested = tuple(topic for topic in self._scheme.ids if topic in suggestion.topics)
        no = tuple(topic for topic in offered if topic not in yes)
        review = self._reviews[str(judgement.source["row"])]
        role, asked = (ADJUDICATOR, {"review": review}) if review else ("", None)
        return replace(
            judgement, offered=offered, no=no, prefill=prefill, suggested=suggested, role=role, asked=asked, id=""
        )

    def _review(self, fields: Mapping[str, Any]) -> str:
        """Why the paper of a row is judged once more; empty where it is not: a person may have such a column, too."""
        written = _text(fields, REVIEW)
        if written.casefold() in REVIEWS:
            return written.casefold()
        if written:
            self.no_reviews.append(written)
        return ""

    def _closed(self, topics: Iterable[str]) -> set[str]:
        return set(topics) if self._scheme.mode == Mode.SINGLE else set(self._scheme.hierarchy.with_ancestors(topics))

    def _suggestion(self, fields: Mapping[str, Any]) -> _Suggestion:
        cell = cell_of(fields, _SUGGESTED)
        labels = labels_in(_text(fields, _SUGGESTED), self._scheme, _DIVIDER) or []
        topics = {self._scheme.find(label) for label in labels}
        is_known = cell is not ABSENT and None not in topics
        known = frozenset(topic for topic in topics if topic is not None)
        return _Suggestion(known if is_known else None, _text(fields, _DECISION).casefold() != _BY_PEOPLE)

    def _labels(self, cell: str) -> list[str]:
        return labels_in(cell, self._scheme, self._separator) or []

    def _answer(self, labels: Sequence[str], suggestion: _Suggestion) -> list[str]:
        """The labels with the suggested topics in the place of ``ok``.

        Raises:
            ValueError: what was suggested is not known; or no label is a topic.
        """
        answer: list[str] = []
        for label in labels:
            if label.casefold() not in _AS_SUGGESTED or self._scheme.find(label):
                answer.append(label)
            elif suggestion.topics is None:
                raise ValueError(f"{label!r} needs topics of the scheme under {_SUGGESTED!r}; name the right ones")
            else:
                answer += [topic for topic in self._scheme.ids if topic in suggestion.topics]
        if all(label.casefold() in _NONE_LABELS for label in answer):
            return [_NONE]  # spreadsheets write it with a capital, as Python does a missing value
        if not any(map(self._scheme.find, answer)):
            unknown = [label for label in answer if label.casefold() not in _NONE_LABELS]
            near = list(dict.fromkeys(filter(None, map(self._nearest, unknown))))
            meant = f"; is {' or '.join(map(repr, near))} meant?" if near else ""
            no_topics = "is no topic" if len(unknown) == 1 else "are no topics"
            raise ValueError(f"{', '.join(map(repr, unknown))} {no_topics} of the scheme{meant}")
        return answer

    def _nearest(self, label: str) -> str:
        """The name of the topic that a label which is none may mean; empty where none is like it."""
        resembling = self._scheme.resembling(label)
        name = nearest(label, (name for topic in self._scheme.topics for name in (topic.id, topic.name)))
        topic = resembling[0] if resembling else self._scheme.find(name)
        return self._scheme.name(topic) if topic else ""

    def _as_known(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a row: its identifiers, and the text of its paper, that of the log where that has it."""
        ids = _text(fields, _IDS).split() or _text(fields, _ID).split()
        plain = {name: _without_marks(cell) for name, cell in fields.items() if normal_name(name) not in (_IDS, _ID)}
        plain["ids"] = ids
        known = self._in_log(plain, ids)
        if known is None:
            return plain
        texts = {name: cell for name, cell in plain.items() if normal_name(name) not in ("title", "abstract", "date")}
        return texts | {"title": known.title, "abstract": known.abstract, "date": known.date, "ids": list(known.ids)}

    def _in_log(self, fields: Mapping[str, Any], ids: Sequence[str]) -> Judgement | None:
        """The latest judgement of the log on the paper of a row; of tables before others, if its text is as long."""
        try:
            paper = paper_of(fields, "")
        except ValueError:  # all columns with texts are left out
            found_by_id = self._log.get(ids[0], []) if ids else []
            return found_by_id[-1] if found_by_id else None
        merger = Merger()
        sharing = {one.id: one for name in paper.ids for one in self._log.get(name, ())}
        candidates = [(one, merger.add(one.as_paper())) for one in sharing.values()]
        found = merger.matches(paper) if candidates else set()
        if not paper.abstract and len({merger.find(at) for _, at in candidates}) == 1:
            found = {merger.find(at) for _, at in candidates}
        letters, enough = _plain_letters(paper.abstract), 0.9 * len(paper.abstract)
        same = [
            one
            for one, at in candidates
            if merger.find(at) in found or (paper.abstract and _plain_letters(one.abstract) == letters)
        ]
        long = (one for one in same if len(one.abstract) >= enough)
        return max(long, key=lambda one: ("file" in one.source, one.moment), default=None)


def _plain_letters(text: str) -> str:
    """The letters and digits of a text that every encoding has: others may be lost where a sheet is saved again."""
    return _NOT_PLAIN.sub("", text.lower())


def _text(fields: Mapping[str, Any], name: str) -> str:
    """The text of a cell; empty where there is no such column."""
    cell = cell_of(fields, name)
    return "" if cell is ABSENT or cell is None else str(_without_marks(cell)).strip()


def _without_marks(cell: Any) -> Any:
    """A cell without the apostrophes before what a spreadsheet would run."""
    return _KEPT_TEXT.sub(lambda found: found[1] or "", cell) if isinstance(cell, str) else cell
