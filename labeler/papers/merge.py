"""Merging of records that are the same paper: shared identifiers, and near-duplicates by title and abstract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from labeler.papers import ids as identifiers
from labeler.papers.gist import MOST_SHARING, contradict, differ, gist
from labeler.papers.paper import Paper
from labeler.papers.published import are_places_apart, are_published_apart, published

ALIKE = "title and abstract"  # the reason of merges without a common identifier
_SHARED_WORDS = 0.6  # share of the words of the shorter abstract
LONG_TITLE = 30  # letters and digits
_MOST_VALUES = 100  # identifiers or categories of a paper; a chain of records may name thousands
_OF_THE_PAPER = frozenset(("cross_listed", "replaced", "retracted", "withdrawn"))  # other flags are of a record's text
_FEWEST_WORDS = 8  # shorter abstracts say too little to be compared: "Editorial of issue 3"


@dataclass
class Merger:
    """A collection of distinct papers, to which records are added one at a time.

    Records that share an identifier of arXiv, a DOI or a number of PubMed are the same paper, unless both titles and
    abstracts differ (:func:`labeler.papers.gist.differ`): chapters may carry their book's DOI. Where papers that differ
    share an identifier, a record without an abstract needs a title like theirs. Records that share only a title are the
    same paper if their abstracts agree, too, as "Editorial" is the title of many papers; of a title, the first
    ``MOST_SHARING`` are compared. ``reasons`` holds, for each merge, the position of the paper, the shared identifier,
    and that of the two records whose title gave way to the other's.
    """

    reasons: list[tuple[int, str, Paper]] = field(default_factory=list)
    _papers: list[Paper | None] = field(default_factory=list)
    _merged_into: dict[int, int] = field(default_factory=dict)
    _by_id: dict[str, list[int]] = field(default_factory=dict)

    def add(self, paper: Paper) -> int:
        """Add a record and return the position of its paper. Positions returned earlier stay valid."""
        matches = self._matches(paper)
        if not matches:
            self._papers.append(paper)
            position = len(self._papers) - 1
        else:
            position = min(matches)
            self._unite(position, paper, matches[position])
            matches = self._matches(self._paper(position), position)
            while others := matches.keys() - {position}:  # the record connects papers that had nothing in common
                position = self._join(position, min(others), matches[min(others)])
                matches = self._matches(self._paper(position), position)
        self._note(position)
        return position

    def merge_alike(self) -> None:
        """Merge the papers that share no identifier, but are one by their texts (:mod:`labeler.papers.alike`)."""
        from labeler.papers.alike import alike_pairs

        positions = [position for position, paper in enumerate(self._papers) if paper is not None]
        for pair in alike_pairs(self.papers()):
            one, other = (self.find(positions[number]) for number in pair)
            if one != other and not contradict(self._paper(one), self._paper(other)):
                self._note(self._join(one, other, ALIKE))

    def _join(self, one: int, other: int, reason: str) -> int:
        """Make one paper of two by their positions, and return its position, the earlier one."""
        first, second = sorted((one, other))
        self._unite(first, self._paper(second), reason)
        self._papers[second] = None
        self._merged_into[second] = first
        return first

    def _unite(self, position: int, other: Paper, reason: str) -> None:
        """Make one paper of that at ``position`` and another record."""
        one = self._paper(position)
        main, rest = _longer_first(one, other)
        self.reasons.append((position, reason, rest if main.title else main))
        self._papers[position] = _union(one, other)

    def _note(self, position: int) -> None:
        """Note under which identifiers the paper at ``position`` is found."""
        for identifier in self._paper(position).ids:
            positions = self._by_id.setdefault(identifier, [])
            if not positions:
                positions.append(position)
            elif len(positions) <= MOST_SHARING:
                positions[:] = dict.fromkeys(map(self.find, (*positions, position)))
            elif identifier.startswith(identifiers.STRONG):  # told by `shared`
                positions.append(position)

    def matches(self, paper: Paper) -> set[int]:
        """The present positions of the papers that a record is the same as; the record is not added."""
        return set(self._matches(paper))

    @property
    def merged(self) -> int:
        """The number of records that were merged into papers already there."""
        return len(self.reasons)

    def shared(self) -> dict[str, int]:
        """The identifiers that several papers have, with the number of these papers."""
        holders = {
            name: len({self.find(position) for position in positions})
            for name, positions in self._by_id.items()
            if len(positions) > 1 and name.startswith(identifiers.STRONG)
        }
        return {name: count for name, count in holders.items() if count > 1}

    def find(self, position: int) -> int:
        """The present position of the paper that :meth:`add` once gave ``position``."""
        passed = []
        while position in self._merged_into:
            passed.append(position)
            position = self._merged_into[position]
        self._merged_into.update(dict.fromkeys(passed, position))  # a long chain is gone through once
        return position

    def papers(self) -> list[Paper]:
        """The distinct papers, in the order in which they were first added."""
        return [paper for paper in self._papers if paper is not None]

    def at(self, position: int) -> Paper:
        """The paper that the record added at ``position`` belongs to."""
        return self._paper(self.find(position))

    def _paper(self, position: int) -> Paper:
        paper = self._papers[position]
        assert paper is not None
        return paper

    def _matches(self, paper: Paper, own: int | None = None) -> dict[int, str]:
        """The positions of the papers that a record is the same as, with the identifier that each shares.

        ``own`` is the position of the paper itself where it is one of them.
        """
        matches: dict[int, str] = {}
        for identifier in paper.ids:
            known = {self.find(position) for position in self._by_id.get(identifier, ())[: MOST_SHARING + 1]} - {own}
            if identifier.startswith(identifiers.STRONG):
                same = self._same(paper, known, identifier)
            else:
                is_text = identifier.startswith("text:")
                same = {position for position in known if is_text or texts_agree(self._paper(position), paper)}
            for position in same:
                matches.setdefault(position, identifier)
        return matches

    def _same(self, paper: Paper, known: set[int], identifier: str) -> set[int]:
        """Those of the papers with an identifier that are the same as another one with it."""
        if not known or len(known) >= MOST_SHARING:
            return set()
        own = gist(paper)
        verdicts = {position: differ(own, gist(self._paper(position)), identifier) for position in known}
        same = {position for position, different in verdicts.items() if different is False}
        return same or (known if list(verdicts.values()) == [None] else set())


def merge(papers: Iterable[Paper]) -> list[Paper]:
    """The distinct papers among records, each with the combined fields of its records."""
    merger = Merger()
    for paper in papers:
        merger.add(paper)
    merger.merge_alike()
    return merger.papers()


def match_indices(papers: Iterable[Paper], before: Iterable[Paper]) -> list[int | None]:
    """For each of ``papers``, the index of the first paper of ``before`` that is the same; None where there is none.

    Papers of equal identifier, title and abstract are the same, even where these say too little for a
    :class:`Merger`.
    """
    merger, index_by_text, index_by_position = Merger(), dict[tuple[str, ...], int](), dict[int, int]()
    earlier = list(before)
    positions = [merger.add(paper) for paper in earlier]
    queries = [(merger.add(paper), _text_key(paper)) for paper in papers]
    merger.merge_alike()
    for index, (paper, position) in reversed(list(enumerate(zip(earlier, positions, strict=True)))):
        index_by_text[_text_key(paper)] = index_by_position[merger.find(position)] = index
    return [index_by_text.get(key, index_by_position.get(merger.find(position))) for position, key in queries]


def _text_key(paper: Paper) -> tuple[str, ...]:
    return paper.id, identifiers.title_key(paper.title), identifiers.title_key(paper.abstract)


def texts_agree(one: Paper, other: Paper) -> bool:
    """Whether two records of the same title are near-duplicates.

    Their abstracts must share most words, or one must begin like the other, and they must not have been published
    in two places, such as two years of a report (:mod:`labeler.papers.published`). Where an abstract is missing,
    the authors must be known and the same. Where only the titles are known, the title must be long: "Editorial" is
    the title of many papers, a long title hardly ever.
    """
    first, second = _key(one.abstract), _key(other.abstract)
    if not first or not second:
        title_only = not (first or second or _surnames(one) or _surnames(other))
        same = len(_key(one.title)) >= LONG_TITLE if title_only else _same_authors(one, other)
        return same and not contradict(one, other)
    shorter, longer = sorted((first, second), key=len)
    places = published(one), published(other)
    if first == second:
        return not are_places_apart(*places)
    if are_published_apart(*places):
        return False
    if len(shorter) >= 40 and longer.startswith(shorter[: max(40, int(0.9 * len(shorter)))]):
        return True
    words, others = _words(one.abstract), _words(other.abstract)
    fewer = min(len(words), len(others))
    return fewer >= _FEWEST_WORDS and len(words & others) >= _SHARED_WORDS * fewer


@lru_cache(maxsize=10_000)
def _key(text: str) -> str:
    return identifiers.title_key(text)


@lru_cache(maxsize=10_000)
def _words(abstract: str) -> frozenset[str]:
    return frozenset(abstract.casefold().split())


def _same_authors(one: Paper, other: Paper) -> bool:
    return bool(_surnames(one)) and _surnames(one) == _surnames(other)


def _surnames(paper: Paper) -> set[str]:
    """The surnames of the authors: the last word of a name, or of the part before the comma in ``Doe, Jane``."""
    names = (name.partition(",")[0].split() for name in paper.authors)
    return {identifiers.title_key(words[-1]) for words in names if words}


def _union(one: Paper, other: Paper) -> Paper:
    """The union of two records: the longer abstract with its title, all identifiers, and fields that either has."""
    main, rest = _longer_first(one, other)
    return Paper(
        title=main.title or rest.title,
        abstract=main.abstract,
        ids=identifiers.sort_ids(set(one.ids) | set(other.ids))[:_MOST_VALUES],
        authors=max(one.authors, other.authors, key=len),
        date=_better_date(one.date, other.date),
        url=one.url or other.url,
        categories=tuple(dict.fromkeys(one.categories + other.categories))[:_MOST_VALUES],
        source=one.source or other.source,
        flags=tuple(sorted({*main.flags, *_OF_THE_PAPER.intersection(rest.flags)})),
        venue=one.venue or other.venue,
        language=main.language or rest.language,
        keywords=tuple(dict.fromkeys(one.keywords + other.keywords))[:_MOST_VALUES],
        notes=tuple(dict.fromkeys(one.notes + other.notes))[:_MOST_VALUES],
        curator=one.curator or other.curator,
        kept=one.kept or other.kept,
    )


def _longer_first(one: Paper, other: Paper) -> tuple[Paper, Paper]:
    """Two records, the one with the longer abstract first."""
    return (other, one) if len(other.abstract) > len(one.abstract) else (one, other)


def _better_date(one: str | None, other: str | None) -> str | None:
    """The more exact of two dates; the earlier one where both are equally exact."""
    dates = [date for date in (one, other) if date]
    return min(dates, key=lambda date: (date.startswith("--"), -len(date), date), default=None)
