"""What was forgotten: people and papers, each known by hashes alone, so that nothing brings them back.

The file ``forgotten.jsonl`` lies beside the log and only grows. A name, an identifier and the beginning of an abstract
stand there as BLAKE2b hashes of 64 bits (:func:`labeler.papers.ids.identifier_hash`), which models keep of their papers
as well. They hide what was forgotten from readers and from searches; whoever has a list of names or identifiers can
try each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from labeler.appending import append_lines, open_locked, open_to_append, read_lines
from labeler.config import Workspace
from labeler.errors import InputError, RefusedError
from labeler.files import canonical_json, sha256
from labeler.judgements.judgement import Judgement, annotator_name
from labeler.papers import Paper
from labeler.papers.ids import STRONG, identifier_hash, title_key
from labeler.papers.known import ids_of
from labeler.papers.merge import LONG_TITLE
from labeler.papers.normal_forms import normalized

FILE = "forgotten.jsonl"
_LOCK = "forget.lock"  # in the private folder of a workspace
ANNOTATOR, PAPER = "annotator", "paper"
_ABSTRACT, _RECORD = "abstract:", "record:"  # what ids_of keeps of a paper last
_SEVERAL = "doi:"  # of a book, its chapters have it, too

T = TypeVar("T", Judgement, Paper)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One person, or one paper, that was forgotten ``at`` a time (ISO 8601, UTC), with ``judgements`` of it in the log.

    ``hashes`` are those of the person's names, or of the paper's identifiers; ``texts`` those of how its abstracts
    begin, or of its records where they have none.
    """

    kind: str
    hashes: tuple[str, ...]
    texts: tuple[str, ...]
    at: str
    judgements: int

    @classmethod
    def of_annotator(cls, names: Iterable[str], at: str, judgements: int) -> Self:
        """The tombstone of a person with these names."""
        return cls(ANNOTATOR, tuple(sorted({annotator_hash(name) for name in names})), (), at, judgements)

    @classmethod
    def of_paper(cls, records: Iterable[Paper], at: str, judgements: int) -> Self:
        """The tombstone of a paper, which these records are of."""
        known = [ids_of(paper) for paper in records]
        names = {_hash(name) for ids in known for name in ids[:-1]}
        return cls(PAPER, tuple(sorted(names)), tuple(sorted({_text_hash(ids[-1]) for ids in known})), at, judgements)

    @property
    def key(self) -> str:
        """What tells it from others."""
        return sha256(canonical_json([self.kind, *self.hashes]).encode())[:16]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the file."""
        texts = {"texts": list(self.texts)} if self.texts else {}
        return {
            "forgotten": self.kind,
            "hashes": list(self.hashes),
            **texts,
            "at": self.at,
            "judgements": self.judgements,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`.

        Raises:
            ValueError: it is none.
        """
        try:
            kind, hashes, texts = record["forgotten"], tuple(record["hashes"]), tuple(record.get("texts") or ())
            if kind not in (ANNOTATOR, PAPER) or not all(isinstance(one, str) for one in (*hashes, *texts)):
                raise ValueError("it says not what was forgotten")
            return cls(kind, hashes, texts, str(record["at"]), int(record.get("judgements") or 0))
        except (LookupError, TypeError) as error:
            raise ValueError(f"no line on what was forgotten ({error!r})") from error


class Forgotten:
    """All that was forgotten, by its ``tombstones``."""

    def __init__(self, tombstones: Iterable[Tombstone]) -> None:
        self.tombstones = list({one.key: one for one in tombstones}.values())
        self._people = {one for stone in self.tombstones if stone.kind == ANNOTATOR for one in stone.hashes}
        self._papers: dict[str, list[Tombstone]] = defaultdict(list)
        for stone in self.tombstones:
            for one in stone.hashes if stone.kind == PAPER else ():
                self._papers[one].append(stone)
        self._annotators: dict[str, bool] = {}

    @classmethod
    def of(cls, annotations: Path) -> Self:
        """What was forgotten in the workspace of a folder of annotations.

        Raises:
            InputError: the file, or a line of it, cannot be read: nobody knows then what must not come back.
        """
        lines = read_lines(annotations / FILE, Tombstone.from_dict)
        if lines.faults:
            fault = lines.faults[0].removesuffix("; skipped")
            raise InputError(f"{annotations / FILE} is damaged ({fault})", "restore it, or update labeler")
        return cls(lines.values)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the tombstones, sorted."""
        return tuple(sorted(stone.key for stone in self.tombstones))

    def __bool__(self) -> bool:
        return bool(self.tombstones)

    def has_annotator(self, name: str) -> bool:
        """Whether the person of a name was forgotten."""
        if name not in self._annotators:
            self._annotators[name] = annotator_hash(name) in self._people
        return self._annotators[name]

    def has_paper(self, paper: Paper) -> bool:
        """Whether a paper was forgotten: one with an identifier of it, unless title and abstract are others."""
        if not self._papers:
            return False
        return self.has_ids(ids_of(paper), len(title_key(paper.title)) >= LONG_TITLE)

    def has_ids(self, ids: Sequence[str], is_long: bool = False) -> bool:
        """The same of what is kept of a paper (:func:`labeler.papers.known.ids_of`), or of its identifiers alone.

        ``is_long`` says that its title is so long that it alone tells papers apart.
        """
        names = [name for name in ids if not name.startswith((_ABSTRACT, _RECORD))]
        texts = {_text_hash(name) for name in ids if name.startswith((_ABSTRACT, _RECORD))}
        shared: dict[str, tuple[Tombstone, list[str]]] = {}
        for name in names:
            for stone in self._papers.get(_hash(name), ()):
                shared.setdefault(stone.key, (stone, []))[1].append(name)
        return any(_is_same(stone, common, names, texts, is_long) for stone, common in shared.values())

    def has(self, judgement: Judgement) -> bool:
        """Whether the annotator or the paper of a judgement was forgotten."""
        if self.has_annotator(judgement.annotator):
            return True
        may_be = self._papers and any(_hash(name) in self._papers for name in (judgement.paper, *judgement.ids))
        return bool(may_be) and self.has_paper(judgement.as_paper())

    def without(self, items: Sequence[T]) -> list[T]:
        """Those of some judgements, or papers, that were not forgotten."""
        if not self:
            return list(items)
        return [one for one in items if not (self.has_paper(one) if isinstance(one, Paper) else self.has(one))]


NOTHING_FORGOTTEN = Forgotten(())


def note_forgotten(workspace: Workspace, tombstones: Sequence[Tombstone]) -> None:
    """Append tombstones to the file; from then on nothing brings back what they are of.

    Raises:
        InputError: the file cannot be written, or what another process writes (:func:`forgotten_now`) takes too long.
    """
    path = workspace.judgements.parent / FILE
    with forgotten_now(workspace), open_to_append(path, "forget it again") as (stream, _):
        append_lines(stream, (one.to_dict() for one in tombstones))


@contextmanager
def forgotten_now(workspace: Workspace) -> Iterator[Forgotten]:
    """All that was forgotten; nothing else is as long as the block lasts.

    What a process has made of judgements and papers is written in such a block, so that it is there when something is
    forgotten, which then takes it away; or it is not written, as what it is made of was forgotten meanwhile.

    Raises:
        InputError: the lock, or the file of what was forgotten, cannot be read or written.
    """
    workspace.make_private()
    with open_locked(workspace.private / _LOCK):
        yield Forgotten.of(workspace.judgements.parent)


@contextmanager
def nothing_forgotten_since(workspace: Workspace, known: Forgotten) -> Iterator[None]:
    """The same for what was made when ``known`` was all that was forgotten.

    Raises:
        RefusedError: something else was forgotten since.
        InputError: as for :func:`forgotten_now`.
    """
    with forgotten_now(workspace) as forgotten:
        if forgotten.keys != known.keys:
            raise RefusedError("a person or paper was forgotten meanwhile, so that nothing was saved", "try again")
        yield


def annotator_hash(name: str) -> str:
    """The hash of an annotator's name, whatever its case."""
    return _hash(f"{ANNOTATOR}:{normalized('NFKC', annotator_name(name)).casefold()}")


def _hash(text: str) -> str:
    return f"{identifier_hash(text):016x}"


def _text_hash(name: str) -> str:
    """The hash of what is kept of a text, which still says whether it is an abstract."""
    return f"{name.partition(':')[0]}:{_hash(name)}"


def _is_same(stone: Tombstone, common: Sequence[str], names: Sequence[str], texts: set[str], is_long: bool) -> bool:
    """Whether a paper with identifiers in ``common`` with a tombstone is that paper.

    ``names`` are all its identifiers, ``texts`` what is known of its text: nothing, where its abstract is not known.
    """
    if not texts or not texts.isdisjoint(stone.texts):
        return True
    titled = any(name.startswith("title:") for name in common)
    for name in common:
        if name.startswith("text:") or (name.startswith(STRONG) and not name.startswith(_SEVERAL)):
            return True
        if name.startswith(_SEVERAL) and (titled or not any(other.startswith("title:") for other in names)):
            return True
    compared = [one.startswith(_ABSTRACT) for one in (*texts, *stone.texts)]
    return titled and is_long and not (any(compared[: len(texts)]) and any(compared[len(texts) :]))
