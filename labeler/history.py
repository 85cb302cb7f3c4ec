"""The history of labelling in a workspace: a line a run, and which papers it gave, so that a paper is new only once.

The file only grows (:mod:`labeler.appending`). It holds counts and identifiers, no texts. A run is noted when all that
it wrote is in place, so that a run which was ended is as if it had not been; its papers come again, and none is lost.
For the same reason the lines are not synced: what a power failure takes comes again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from labeler.appending import append_lines, open_to_append, read_lines
from labeler.papers import Paper
from labeler.papers.gist import contradict
from labeler.papers.ids import STRONG, title_key
from labeler.papers.merge import LONG_TITLE
from labeler.papers.seen import opening_key

FILE = "history.jsonl"  # in the private folder of a workspace
_ABSTRACT, _RECORD = "abstract:", "record:"
_SEVERAL = ("doi:",)  # identifiers that several papers may have, as chapters their book's
_MOST_IDS = 20  # of a paper
_MOST_INPUTS = 20  # that are named


class LabellingRun(NamedTuple):
    """One run: when it began (ISO 8601, UTC), what it read, with which model, and what came out.

    ``papers`` are those that were labelled, ``decisions`` and ``topics`` how many have each. ``unfamiliar`` of them
    have words that the model does not know; ``confidence`` is how sure it was on average, from 0 to 1 (None: of no
    paper). ``ids`` are those of :func:`ids_of`, of each paper that was given.
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

    @property
    def day(self) -> str:
        """The day of the run (UTC)."""
        return self.at[:10]

    def to_dict(self) -> dict[str, Any]:
        """The object of the line."""
        more = [f"and {len(self.inputs) - _MOST_INPUTS} more"] if len(self.inputs) > _MOST_INPUTS else []
        return {
            "at": self.at,
            "inputs": [*map(_without_password, self.inputs[:_MOST_INPUTS]), *more],
            "model": self.model,
            "papers": self.papers,
            "decisions": dict(self.decisions),
            "topics": dict(self.topics),
            "unfamiliar": self.unfamiliar,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "ids": self.ids,
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
            )
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"no run of labelling ({error!r})") from error
        if not all(isinstance(ids, list) and all(isinstance(name, str) for name in ids) for ids in run.ids):
            raise ValueError("no run of labelling (its ids are no lists of texts)")
        return run


class KnownPapers:
    """The papers that runs have given, and the first day of each. Messages about lines that are skipped: ``faults``."""

    def __init__(self, runs: Iterable[LabellingRun] = (), faults: Sequence[str] = ()) -> None:
        self.faults = list(faults)
        self._days: list[str] = []
        self._entries: list[Sequence[str]] = []
        self._by_id: dict[str, int] = {}
        self._more: dict[str, list[int]] = {}  # beside the first one
        for run in runs:
            for ids in run.ids:
                self._add(ids, run.day)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, paper: Paper, day: str) -> None:
        """Add a paper that was given on a day."""
        self._add(ids_of(paper), day)

    def first_day(self, paper: Paper) -> str | None:
        """The first day on which a paper was given, None for one that is new.

        What is one paper is as for :class:`labeler.papers.Merger`, as far as the identifiers, and hashes of the title
        and of the beginning of the abstract, can tell.
        """
        ids = ids_of(paper)
        days = []
        for name in ids[:-1]:
            found = self._positions(name)
            same = (at for at in found if _same_paper(paper, ids, name, self._entries[at], len(found) == 1))
            days += [self._days[position] for position in same]
        return min(days, default=None)

    def _add(self, ids: Sequence[str], day: str) -> None:
        if not ids:
            return
        for position in self._positions(ids[0]):
            if self._entries[position] == ids:
                self._days[position] = min(day, self._days[position])
                return
        here = len(self._entries)
        for name in ids[:-1]:
            if self._by_id.setdefault(name, here) != here:
                self._more.setdefault(name, []).append(here)
        self._entries.append(ids)
        self._days.append(day)

    def _positions(self, name: str) -> list[int]:
        """The positions of the entries with an identifier."""
        first = self._by_id.get(name)
        return [] if first is None else [first, *self._more.get(name, ())]


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

    def known(self) -> KnownPapers:
        """The papers that runs have given.

        Raises:
            InputError: the file exists but cannot be read.
        """
        return KnownPapers(*self.runs())


def ids_of(paper: Paper) -> list[str]:
    """What the history keeps of a paper: its identifiers, and last a hash of how its abstract begins.

    Of a paper without an abstract the hash is of what else is known of the record: "Editorial" is the title of many.
    """
    if opening := opening_key(paper.abstract):
        last = f"{_ABSTRACT}{zlib.crc32(opening.encode('utf-8', 'replace')):08x}"
    else:
        record = "\n".join([*paper.authors, paper.date or "", paper.url or "", paper.venue or ""])
        last = f"{_RECORD}{zlib.crc32(record.encode('utf-8', 'replace')):08x}"
    return [*paper.ids[:_MOST_IDS], last]


def now() -> str:
    """The present time as the history writes it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> str:
    """``text``, if it is a time.

    Raises:
        ValueError: it is none.
        TypeError: it is no text.
    """
    datetime.fromisoformat(text)
    return text


def _same_paper(paper: Paper, ids: Sequence[str], shared: str, entry: Sequence[str], is_only: bool) -> bool:
    """Whether an entry is of a paper that has the identifier ``shared``, too; ``is_only`` if no other entry has it."""
    if shared.startswith(("isbn:", _ABSTRACT, _RECORD)):
        return False
    if shared.startswith("text:") or ids[-1] == entry[-1]:
        return True
    is_comparable = ids[-1].startswith(_ABSTRACT) and entry[-1].startswith(_ABSTRACT)
    if not shared.startswith(STRONG):  # a title alone
        earlier = Paper("", "", tuple(entry[:-1]))
        return not is_comparable and len(title_key(paper.title)) >= LONG_TITLE and not contradict(paper, earlier)
    if not shared.startswith(_SEVERAL):
        return True
    same_title = any(name.startswith("title:") and name in entry for name in ids)
    return same_title or (is_only and not is_comparable)


def _without_password(name: str) -> str:
    """An input as it is named, without what stands before the ``@`` of an address."""
    scheme, slashes, rest = name.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}" if slashes else name
