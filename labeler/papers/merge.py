"""When two records are one paper, and what the paper then holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from labeler.papers import ids as identifiers
from labeler.papers.paper import Paper

_ENOUGH_SHARED_WORDS = 0.6
LONG_TITLE = 30  # letters and digits
_ENOUGH_WORDS = 8  # fewer tell nothing: "Editorial of issue 3"


@dataclass
class Merger:
    """Papers as they come in, each kept once.

    Papers that share an arXiv id, a DOI or a PubMed id are one. A shared title alone also needs abstracts that
    agree: "Editorial" is many papers. ``merged`` counts the records that added no paper; ``reasons`` holds, for
    each, the paper's position and the identifier it was recognised by.
    """

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
            self.reasons.append((position, found[position], paper))
            self._papers[position] = _fuller(self._paper(position), paper)
            found |= self._matches(self._paper(position))
            while others := found.keys() - {position}:  # the record ties papers together that were apart
                first, other = sorted((position, min(others)))
                self.reasons.append((first, found[min(others)], self._paper(other)))
                self._papers[first] = _fuller(self._paper(first), self._paper(other))
                self._papers[other] = None
                self._moved[other] = position = first
                found = self._matches(self._paper(position))
        for identifier in self._paper(position).ids:
            positions = self._by_id.setdefault(identifier, [])
            if position not in positions:
                positions.append(position)
        return position

    @property
    def merged(self) -> int:
        """How many records added no paper."""
        return len(self.reasons)

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


def places_among(papers: Iterable[Paper], before: Iterable[Paper]) -> list[int | None]:
    """For each of ``papers`` the place of the earlier one that it is, or None; the first, where several are.

    Papers that say the same, word for word, are the same, however little that is.
    """
    merger, exact, places = Merger(), dict[tuple[str, ...], int](), dict[int, int]()
    known = list(before)
    positions = [merger.add(paper) for paper in known]
    asked = [(merger.add(paper), _said(paper)) for paper in papers]
    for place, (paper, position) in reversed(list(enumerate(zip(known, positions, strict=True)))):
        exact[_said(paper)] = places[merger.find(position)] = place
    return [exact.get(said, places.get(merger.find(position))) for position, said in asked]


def _said(paper: Paper) -> tuple[str, ...]:
    return paper.id, identifiers.title_key(paper.title), identifiers.title_key(paper.abstract)


def texts_agree(one: Paper, other: Paper) -> bool:
    """Whether two papers of the same title say the same: their abstracts share most words, or one begins the other.

    Where an abstract is missing, the authors must be known and the same; where nothing but titles is known, the
    title must be long: "Editorial" is many papers, a line of words hardly ever.
    """
    first, second = _key(one.abstract), _key(other.abstract)
    if not first or not second:
        bare = not (first or second or _surnames(one) or _surnames(other))
        same = len(identifiers.title_key(one.title)) >= LONG_TITLE if bare else _same_authors(one, other)
        return same and not _contradict(one, other)
    shorter, longer = sorted((first, second), key=len)
    if first == second or (len(shorter) >= 40 and longer.startswith(shorter[: max(40, int(0.9 * len(shorter)))])):
        return True
    words, others = _words(one.abstract), _words(other.abstract)
    fewer = min(len(words), len(others))
    return fewer >= _ENOUGH_WORDS and len(words & others) >= _ENOUGH_SHARED_WORDS * fewer


@lru_cache(maxsize=10_000)
def _key(abstract: str) -> str:
    return identifiers.title_key(abstract)


@lru_cache(maxsize=10_000)
def _words(abstract: str) -> frozenset[str]:
    return frozenset(abstract.casefold().split())


def _same_authors(one: Paper, other: Paper) -> bool:
    return bool(_surnames(one)) and _surnames(one) == _surnames(other)


def _surnames(paper: Paper) -> set[str]:
    """The last word of a name, of what stands before the comma in ``Doe, Jane``."""
    names = (name.partition(",")[0].split() for name in paper.authors)
    return {identifiers.title_key(words[-1]) for words in names if words}


def _contradict(one: Paper, other: Paper) -> bool:
    """Whether both have identifiers of one kind, and none in common."""
    for kind in identifiers.STRONG:
        first, second = ({name for name in paper.ids if name.startswith(kind)} for paper in (one, other))
        if first and second and not first & second:
            return True
    return False


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
