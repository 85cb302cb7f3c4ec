"""Repeated papers in a stream: recognised by hashes and by how their abstracts begin, without keeping the papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from labeler.papers.gist import MOST_SHARING, Gist, differ, gist
from labeler.papers.ids import STRONG, title_key
from labeler.papers.merge import LONG_TITLE
from labeler.papers.paper import Paper
from labeler.papers.published import Published, are_published_apart, published

_MOST_KEPT = 100_000  # papers of which more than hashes is kept: a hundred megabytes
_COMPARED = 120  # letters of the abstract, which distinguish papers of one title


class SeenPapers:
    """The papers that a stream has had. ``shared`` counts the papers of identifiers that several papers have.

    What is one paper is as for :class:`labeler.papers.Merger`; of papers that share a title alone, the abstracts must
    begin alike. After very many papers, those that share an identifier are one whatever they say, for want of memory.
    """

    def __init__(self) -> None:
        self.shared: Counter[str] = Counter()
        self._texts: set[int] = set()
        self._places: dict[int, Sequence[Published]] = {}  # of papers with one of the texts, where they tell any
        self._holders: dict[int, Sequence[Gist]] = {}
        self._kept = 0

    def add(self, paper: Paper) -> bool:
        """Add a paper, and return whether it is a new one."""
        texts = _text_keys(paper)
        repeated = self._texts.intersection(texts)
        self._texts.update(texts)
        is_new = not repeated
        if repeated or len(self._places) < _MOST_KEPT:
            is_new = self._is_elsewhere(repeated, texts, published(paper))
        names = [name for name in paper.ids if name.startswith(STRONG)]
        if not names:
            return is_new
        own, known = gist(paper), [(name, self._holders.get(hash(name))) for name in names]
        is_new = is_new and not any(_is_held(own, holders, name) for name, holders in known)
        for name, holders in known:
            if holders is None:
                self._holders[hash(name)] = (own,) if self._kept < _MOST_KEPT else ()
                self._kept += 1
            elif is_new:
                self.shared[name] = max(2, self.shared[name] + 1)
                self._holders[hash(name)] = (*holders, own)[:MOST_SHARING]
        return is_new

    def _is_elsewhere(self, known: Iterable[int], texts: Iterable[int], place: Published) -> bool:
        """Whether all papers with one of the texts are known to have been published in other places than this one.

        The place is noted; of papers that are one, the place that was told first.
        """
        places = {text: self._places.get(text, ()) for text in known}
        is_new = all(some and all(are_published_apart(place, one) for one in some) for some in places.values())
        if place.tells and len(self._places) < _MOST_KEPT:
            for text in texts:
                some = places.get(text, ())
                if (is_new or not some) and len(some) < MOST_SHARING:
                    self._places[text] = (*some, place)
        return is_new


def _is_held(own: Gist, holders: Sequence[Gist] | None, name: str) -> bool:
    """Whether one of the papers that have an identifier (None: no paper has it) is this one."""
    if holders is None or len(holders) >= MOST_SHARING:
        return False
    if not holders:
        return True
    verdicts = [differ(own, holder, name) for holder in holders]
    return False in verdicts or verdicts == [None]


def _text_keys(paper: Paper) -> list[int]:
    """Hashes (64 bits) of the title with the abstract, by which papers are recognised whatever their identifiers."""
    opening = opening_key(paper.abstract) or "; ".join(paper.authors)
    if not opening and len(title_key(paper.title)) < LONG_TITLE:  # a bare "Editorial" is many papers
        return []
    return [hash(f"{name} {opening}") for name in paper.ids if not name.startswith(STRONG)]


@lru_cache(maxsize=512)
def opening_key(abstract: str) -> str:
    """How an abstract begins, as :func:`labeler.papers.ids.title_key` has it: it distinguishes papers of one title."""
    return title_key(abstract[: 3 * _COMPARED])[:_COMPARED]


def shared_notes(shared: dict[str, int]) -> list[str]:
    """A sentence for each identifier that several papers have, with their number."""
    return [
        f"{count} different papers have {name}, and stay apart: neither their titles nor their abstracts agree"
        for name, count in shared.items()
    ]
