"""Papers of which only identifiers are kept, with what is known of each."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Generic, TypeVar

from labeler.papers.gist import contradict
from labeler.papers.ids import STRONG, title_key
from labeler.papers.merge import LONG_TITLE
from labeler.papers.paper import Paper
from labeler.papers.seen import opening_key

T = TypeVar("T")
_ABSTRACT, _RECORD = "abstract:", "record:"
_SEVERAL = ("doi:",)  # identifiers that several papers may have, as chapters their book's
_MOST_IDS = 20  # of a paper


class PaperTable(Generic[T]):
    """Papers by what :func:`ids_of` keeps of them, each with a value."""

    def __init__(self) -> None:
        self._values: list[T] = []
        self._entries: list[tuple[str, ...]] = []
        self._distinct: set[tuple[str, ...]] = set()
        self._by_id: dict[str, int] = {}
        self._more: dict[str, list[int]] = {}  # beside the first one

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, ids: Sequence[str], value: T) -> None:
        """Add a paper by its ids; of what was added with the same ids before, the first value stays."""
        entry, here = tuple(ids), len(self._entries)
        if not entry or entry in self._distinct:
            return
        for name in entry[:-1]:
            if self._by_id.setdefault(name, here) != here:
                self._more.setdefault(name, []).append(here)
        self._distinct.add(entry)
        self._entries.append(entry)
        self._values.append(value)

    def values_of(self, paper: Paper) -> list[T]:
        """The values of a paper; none for one that was not added.

        What is one paper is as for :class:`labeler.papers.Merger`, as far as the identifiers, and hashes of the title
        and of the beginning of the abstract, can tell.
        """
        ids = ids_of(paper)
        found = set[int]()
        for name in ids[:-1]:
            positions = self._positions(name)
            found |= {at for at in positions if _same_paper(paper, ids, name, self._entries[at], len(positions) == 1)}
        return [self._values[position] for position in sorted(found)]

    def _positions(self, name: str) -> list[int]:
        """The positions of the entries with an identifier."""
        first = self._by_id.get(name)
        return [] if first is None else [first, *self._more.get(name, ())]


def ids_of(paper: Paper) -> list[str]:
    """What is kept of a paper: its identifiers, and last a hash of how its abstract begins.

    Of a paper without an abstract the hash is of what else is known of the record: "Editorial" is the title of many.
    """
    if opening := opening_key(paper.abstract):
        last = f"{_ABSTRACT}{zlib.crc32(opening.encode('utf-8', 'replace')):08x}"
    else:
        record = "\n".join([*paper.authors, paper.date or "", paper.url or "", paper.venue or ""])
        last = f"{_RECORD}{zlib.crc32(record.encode('utf-8', 'replace')):08x}"
    return [*paper.ids[:_MOST_IDS], last]


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
