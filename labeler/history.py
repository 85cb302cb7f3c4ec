"""The history of labelling in a workspace: a line a run, and which papers it gave, so that a paper is new only once.

The file only grows (:mod:`labeler.appending`). It holds counts, identifiers and fields, no texts. A run is noted when
all that it wrote is in place, so that a run which was ended is as if it had not been; its papers come again, and none
is lost. For the same reason the lines are not synced: what a power failure takes comes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from labeler.appending import append_lines, open_to_append, read_lines
from labeler.errors import InputError
from labeler.files import os_message, regular_bytes
from labeler.json_parsing import parse_json
from labeler.papers import Paper
from labeler.papers.known import PaperTable
from labeler.papers.known import ids_of as ids_of  # noqa: PLC0414  (writers of the history take it from here)
from labeler.wording import without_secrets

FILE = "history.jsonl"  # in the private folder of a workspace
_MOST_INPUTS = 20  # that are named


class LabellingRun(NamedTuple):
    """One run: when it began (ISO 8601, UTC), what it read, with which model, and what came out.

    ``papers`` are those that were labelled, ``decisions`` and ``topics`` how many have each. ``unfamiliar`` of them
    have words that the model does not know; ``confidence`` is how sure it was on average, from 0 to 1 (None: of no
    paper). ``ids`` are those of :func:`labeler.papers.known.ids_of`, of each paper that was given, ``unshown`` those of
    papers that a filter left out. ``fields`` are the fields of both (:mod:`labeler.drift.fields`); without ``unshown``
    and ``fields`` where papers were very many.
    """

    at: str
    inputs: tuple[str, ...]
    model: str
    papers: int
    decisions: Mapping[str, int] = MappingProxyType({})
    topics: Mapping[str, int] = MappingProxyType({})
    unfamiliar: int = 0
    confidence: float | None = None
    ids: Sequence[Sequence[str]] = ()
    unshown: Sequence[Sequence[str]] = ()
    fields: Sequence[Mapping[str, float]] = ()

    @property
    def day(self) -> str:
        """The day of the run (UTC)."""
        return self.at[:10]

    def to_dict(self) -> dict[str, Any]:
        """The object of the line."""
        more = [f"and {len(self.inputs) - _MOST_INPUTS} more"] if len(self.inputs) > _MOST_INPUTS else []
        return {
            "at": self.at,
            "inputs": [*map(without_secrets, self.inputs[:_MOST_INPUTS]), *more],
            "model": self.model,
            "papers": self.papers,
            "decisions": dict(self.decisions),
            "topics": dict(self.topics),
            "unfamiliar": self.unfamiliar,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "ids": self.ids,
            **({"unshown": self.unshown} if self.unshown else {}),
            **({"fields": self.fields} if self.fields else {}),
        }

    @classmethod
    def from_dict(cls, record: Any) -> Self:
        """The run of an object; the inverse of :meth:`to_dict`. Keys of later versions are ignored.

        Raises:
            ValueError: it is of no run.
        """
        try:
            run = cls(
                at=_time(record["at"]),
                inputs=tuple(map(str, record.get("inputs") or ())),
                model=str(record.get("model") or ""),
                papers=int(record["papers"]),
                decisions=dict(record.get("decisions") or {}),
                topics=dict(record.get("topics") or {}),
                unfamiliar=int(record.get("unfamiliar") or 0),
                confidence=None if record.get("confidence") is None else float(record["confidence"]),
                ids=list(record.get("ids") or ()),
                unshown=tuple(record.get("unshown") or ()),
                fields=tuple(map(_fields, record.get("fields") or ())),
            )
        except (AttributeError, KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"no run of labelling ({error!r})") from error
        papers = [*run.ids, *run.unshown]
        if not all(isinstance(ids, list) and all(isinstance(name, str) for name in ids) for ids in papers):
            raise ValueError("no run of labelling (its ids are no lists of texts)")
        return run


class KnownPapers:
    """The papers that runs have given, and the first day of each. ``faults`` tell of lines that cannot be read."""

    def __init__(self, runs: Iterable[LabellingRun] = (), faults: Sequence[str] = ()) -> None:
        self.faults = list(faults)
        self._days = PaperTable[str]()
        for run in sorted(runs, key=lambda run: run.at):
            for ids in run.ids:
                self._days.add(ids, run.day)

    def __len__(self) -> int:
        return len(self._days)

    def first_day(self, paper: Paper) -> str | None:
        """The first day on which a paper was given, None for one that is new."""
        return min(self._days.values_of(paper), default=None)


class History:
    """The history at ``path``, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, run: LabellingRun) -> list[str]:
        """Append a run, and return messages about a line that was cut short.

        Raises:
            InputError: the file cannot be written, or another process keeps it locked.
        """
        with open_to_append(self.path, "the papers of that run come again as new ones") as (stream, messages):
            append_lines(stream, [run.to_dict()], synced=False)
        return messages

    def runs(self) -> tuple[list[LabellingRun], list[str]]:
        """The runs in the order of the lines, and messages about lines that cannot be read.

        Raises:
            InputError: the file exists but cannot be read.
        """
        runs, faults, _ = read_lines(self.path, LabellingRun.from_dict)
        return runs, faults

    def recent(self, papers: int) -> list[LabellingRun]:
        """The last runs, in the order of the lines, that gave so many papers together; lines that are damaged are none.

        Raises:
            InputError: the file exists but cannot be read.
        """
        try:
            lines = regular_bytes(self.path).split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {os_message(error)}", "check its permissions") from error
        found, count = list[LabellingRun](), 0
        while lines and count < papers:
            with suppress(ValueError, AttributeError):  # a line that is damaged, or being written
                found.append(LabellingRun.from_dict(parse_json(lines.pop())))
                count += len(found[-1].ids)
        return found[::-1]

    def known(self) -> KnownPapers:
        """The papers that runs have given.

        Raises:
            InputError: the file exists but cannot be read.
        """
        return KnownPapers(*self.runs())


def _fields(record: Any) -> dict[str, float]:
    return {str(name): float(likely) for name, likely in record.items()}


def _time(text: str) -> str:
    """``text``, if it is a time.

    Raises:
        ValueError: it is none.
        TypeError: it is no text.
    """
    datetime.fromisoformat(text)
    return text
