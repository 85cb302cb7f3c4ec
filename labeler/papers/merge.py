"""When two records are one paper, and what the paper then holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from labeler.papers import ids as identifiers
from labeler.papers.paper import Paper

_ENOUGH_SHARED_WORDS = 0.6


@dataclass
class Merger:
    """Papers as they come in, each kept once.

    Papers that share an arXiv id, a DOI or a PubMed id are one. A shared title alone also needs abstracts that
    agree: "Editorial" is many papers. ``merged`` counts the records that added no paper; ``reasons`` holds, for
    each, the paper's position and the identifier it was recognised by.
    """

    merged: int = 0
    reasons: list[tuple[int, str, Paper]] = field(default_factory=list)
    _papers: list[Paper | None] = field(default_factory=list)
    _moved: dict[int, int] = field(default_factory=dict)
    _by_id: dict[str, list[int]] = field(default_factory=dict)

    def add(self, paper: Paper) -> int:
        """Take one record in and return the position of its paper. Positions of earlier papers stay valid."""
        found = self._matches(paper)
        if not found:
            self._papers.append(paper)
            position = len(self._papers) - 1
        else:
            position = min(found)
            self.merged += 1
            self.reasons.append((position, found[position], paper))
            merged = _fuller(self._paper(position), paper)
            for other in sorted(found.keys() - {position}):  # the record ties papers together that were apart
                merged = _fuller(merged, self._paper(other))
                self.reasons.append((position, found[other], self._paper(other)))
                self._papers[other] = None
                self._moved[other] = position
                self.merged += 1
            self._papers[position] = merged
        for identifier in self._paper(position).ids:
            positions = self._by_id.setdefault(identifier, [])
            if position not in positions:
                positions.append(position)
        return position

    def find(self, position: int) -> int:
        """Where the paper once added at ``position`` is now."""
        while position in self._moved:
            position = self._moved[position]
        return position

    def papers(self) -> list[Paper]:
        """The papers, in the order they first came."""
        return [paper for paper in self._papers if paper is not None]

    def at(self, position: int) -> Paper:
        """The paper that the record added at ``position`` belongs to."""
        return self._paper(self.find(position))

    def _paper(self, position: int) -> Paper:
        paper = self._papers[position]
        assert paper is not None
        return paper

    def _matches(self, paper: Paper) -> dict[int, str]:
        found: dict[int, str] = {}
        for identifier in paper.ids:
            strong = identifier.startswith(identifiers.STRONG)
            for position in {self.find(known) for known in self._by_id.get(identifier, ())}:
                if strong or identifier.startswith("text:") or texts_agree(self._paper(position), paper):
                    found.setdefault(position, identifier)
        return found


def merge(papers: Iterable[Paper]) -> list[Paper]:
    """The papers among these records, each once, with the fuller of what the records say."""
    merger = Merger()
    for paper in papers:
        merger.add(paper)
    return merger.papers()


def texts_agree(one: Paper, other: Paper) -> bool:
    """Whether two papers of the same title say the same: their abstracts share most words, or one begins the other.

    Where an abstract is missing, the authors must be known and the same.
    """
    first, second = identifiers.title_key(one.abstract), identifiers.title_key(other.abstract)
    if not first or not second:
        return bool(one.authors) and _surnames(one) == _surnames(other)
    shorter, longer = sorted((first, second), key=len)
    if longer.startswith(shorter[: max(40, int(0.9 * len(shorter)))]):
        return True
    words, others = set(one.abstract.casefold().split()), set(other.abstract.casefold().split())
    return len(words & others) >= _ENOUGH_SHARED_WORDS * min(len(words), len(others))


def _surnames(paper: Paper) -> set[str]:
    return {identifiers.title_key(name.replace(",", " ").split()[-1]) for name in paper.authors if name.strip(" ,")}


def _fuller(one: Paper, other: Paper) -> Paper:
    """The union of two records: the longer abstract with its title, all identifiers, whatever either knows."""
    main, rest = (other, one) if len(other.abstract) > len(one.abstract) else (one, other)
    return Paper(
        title=main.title or rest.title,
        abstract=main.abstract,
        ids=identifiers.sort_ids(set(one.ids) | set(other.ids)),
        authors=max(one.authors, other.authors, key=len),
        date=_better_date(one.date, other.date),
        url=one.url or other.url,
        categories=tuple(dict.fromkeys(one.categories + other.categories)),
        source=one.source or other.source,
        flags=main.flags,
    )


def _better_date(one: str | None, other: str | None) -> str | None:
    """The date that says more; of two that say as much, the earlier."""
    known = [text for text in (one, other) if text]
    return min(known, key=lambda text: (text.startswith("--"), -len(text), text), default=None)
