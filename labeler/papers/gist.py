"""Whether two records that share an identifier are of one paper, judged by the words of their titles and abstracts.

Chapters may carry their book's DOI, and tables the same one in every row. Versions of one paper keep most words of
their beginning: of 20,000 pairs of different arXiv papers of one category, one in a hundred shared 22 % of the words
of the shorter one, one in a thousand 29 %.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from labeler.papers.paper import Paper
from labeler.papers.published import PREPRINT_DOIS, are_places_apart, published
from labeler.papers.unspaced import UNSPACED
from labeler.patterns import pattern

MOST_SHARING = 50  # an identifier that so many different papers have identifies none
_COMPARED = 500  # letters of an abstract
_SHORTEST = 4  # letters of words that are compared
_FEWEST_WORDS = 8  # of an abstract that can be compared
_ALIKE_TITLES = 0.5  # share of the words of both titles
_ALIKE_ABSTRACTS = {"doi:": 0.3}  # share of the words of the shorter abstract
_ALIKE_OTHERWISE = 0.15  # no other identifier is known to be given to several papers
# Other catalogues may have a number of their own for a preprint and one for its published version.
_CONTRADICTING = ("arxiv:", "doi:", "pmid:")
_WORD = pattern(r"\w+")
_UNSPACED = pattern(rf"[{UNSPACED}\uac00-\ud7af]+")  # and Hangul, whose words are short


class Gist(NamedTuple):
    """The title of a record, and the beginning of its abstract."""

    title: str
    abstract: str


def gist(paper: Paper) -> Gist:
    """What comparisons need of a record."""
    return Gist(paper.title, paper.abstract[:_COMPARED])


def differ(one: Gist, other: Gist, identifier: str) -> bool | None:
    """Whether records that share ``identifier`` are of different papers: their titles and their abstracts differ.

    None where that cannot be told: a title or an abstract is missing or very short, or they are in different scripts,
    as translations are.
    """
    title, other_title = _words(one.title), _words(other.title)
    if len(title & other_title) >= _ALIKE_TITLES * max(1, len(title | other_title)):
        return False
    abstract, other_abstract = _words(one.abstract), _words(other.abstract)
    fewer = min(len(abstract), len(other_abstract))
    if not title or not other_title or fewer < _FEWEST_WORDS or _is_latin(abstract) is not _is_latin(other_abstract):
        return None
    enough = _ALIKE_ABSTRACTS.get(identifier.partition(":")[0] + ":", _ALIKE_OTHERWISE)
    return len(abstract & other_abstract) < enough * fewer


def contradict(one: Paper, other: Paper) -> bool:
    """Whether both records have identifiers of the same kind, such as a DOI, and share none of them, or were published
    in two places of one journal (:mod:`labeler.papers.published`).

    The DOI of a preprint server does not contradict that of a journal.
    """
    for kind in _CONTRADICTING:
        first, second = ({name for name in paper.ids if name.startswith(kind)} for paper in (one, other))
        if first and second and not first & second:
            preprints = [all(name.startswith(PREPRINT_DOIS) for name in names) for names in (first, second)]
            if preprints[0] == preprints[1]:
                return True
    return are_places_apart(published(one), published(other))


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    """The longer words of a text, or all where there is no longer one; pairs of letters where no space divides."""
    lowered = text.casefold()
    if not lowered.isascii() and (runs := _UNSPACED.findall(lowered)):
        pairs = {run[start : start + 2] for run in runs for start in range(len(run) - 1)}
        spaced = _WORD.findall(_UNSPACED.sub(" ", lowered))
        return frozenset(pairs.union(word for word in spaced if len(word) >= _SHORTEST))
    words = frozenset(_WORD.findall(lowered))
    return frozenset(word for word in words if len(word) >= _SHORTEST) or words


def _is_latin(words: frozenset[str]) -> bool:
    return sum(word.isascii() for word in words) * 2 >= len(words)
