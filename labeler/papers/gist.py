"""Whether two records that share an identifier are of one paper, judged by the words of their titles and abstracts.

Chapters may carry their book's DOI, and tables the same one in every row. Versions of one paper keep most words: of 20,000
pairs of arXiv papers of one category, one in a hundred shared 27 % of the words of the shorter abstract, one in a
thousand 35 %.
"""

from __future__ import annotations

import re
from array import array
from typing import NamedTuple

from labeler.papers.paper import Paper

MOST_SHARING = 50  # an identifier that so many different papers have identifies none
_SHORTEST = 4  # letters of words that are compared
_FEWEST_WORDS = 8  # of an abstract that can be compared
_ALIKE_TITLES = 0.5  # share of the words of both titles
_ALIKE_ABSTRACTS = {"doi:": 0.3}  # share of the words of the shorter abstract
_ALIKE_OTHERWISE = 0.15  # no other identifier is known to be given to several papers
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")  # scripts without spaces


class Gist(NamedTuple):
    """Hashes (32 bits) of the words of a title and of an abstract; ``latin``: whether most are of Latin letters."""

    title: array[int]
    abstract: array[int]
    latin: bool


def gist(paper: Paper) -> Gist:
    """The words of a paper that comparisons need, in a few hundred bytes."""
    abstract = _words(paper.abstract)
    title = _words(paper.title)
    latin = sum(word.isascii() for word in abstract) * 2 >= len(abstract)
    return Gist(_hashes(title), _hashes(abstract), latin)


def differ(one: Gist, other: Gist, identifier: str) -> bool | None:
    """Whether records that share ``identifier`` are of different papers: their titles and their abstracts differ.

    None where that cannot be told: a title or an abstract is missing or very short, or they are in different scripts,
    as translations are.
    """
    title, abstract = set(one.title), set(one.abstract)
    if title and other.title and len(title.intersection(other.title)) >= _ALIKE_TITLES * len(title.union(other.title)):
        return False
    fewer = min(len(abstract), len(other.abstract))
    if fewer < _FEWEST_WORDS or not title or not other.title or one.latin is not other.latin:
        return None
    enough = _ALIKE_ABSTRACTS.get(identifier.partition(":")[0] + ":", _ALIKE_OTHERWISE)
    return len(abstract.intersection(other.abstract)) < enough * fewer


def _words(text: str) -> set[str]:
    """The longer words of a text, or all words where there is no longer one; pairs of letters where no space divides."""
    lowered = text.casefold()
    if not lowered.isascii() and (runs := _UNSPACED.findall(lowered)):
        pairs = {run[start : start + 2] for run in runs for start in range(len(run) - 1)}
        return pairs | {word for word in _WORD.findall(_UNSPACED.sub(" ", lowered)) if len(word) >= _SHORTEST}
    words = set(_WORD.findall(lowered))
    return {word for word in words if len(word) >= _SHORTEST} or words


def _hashes(words: set[str]) -> array[int]:
    return array("I", {hash(word) & 0xFFFFFFFF for word in words})
