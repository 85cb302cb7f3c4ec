"""Whether two records without a common identifier are of one paper, by their titles and abstracts.

A preprint and its published version, or a record and its copy in a feed, may differ in spelling and in the title, and
one abstract may be cut short. Papers of one series share sentences and most words of their titles. So the words of the
shorter abstract are aligned with those of the longer one: those of a copy have a partner there, but for a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from labeler.papers.gist import contradict
from labeler.papers.near_duplicates import (
    NO_HASH,
    Sketches,
    links,
    sketches_and_openings,
    without_common,
    words_of,
)
from labeler.papers.paper import Paper
from labeler.patterns import pattern

_AT_ONCE = 4096  # papers whose words are held
_SKETCH, _OPENING_SKETCH = 32, 8  # hashes of an abstract, and of its beginning, which one that was cut short keeps
_OPENING = 30  # words
_SHARED = 3  # hashes of the one or of the other
_FEWEST_WORDS = 20  # different ones, of an abstract that is aligned
_FEWEST_RETITLED, _FEWEST_TITLE = 40, 3  # words of an abstract, and of both titles, where the titles do not agree
_MOST_TITLES = 50  # that are compared with each other
_MOST_YEARS = 5  # between a preprint and its published version
_LONGEST = 600  # words of an abstract that are aligned
_ALIGNED = 0.95  # share of the words of the shorter abstract
_ALIGNED_SAME_AUTHORS = 0.85
_ALIGNED_ALONE = 0.945  # where titles or authors speak against it
_WHOLE = 0.7  # of the longer abstract: a shorter one is a part, and needs a title that agrees
_SHARED_PAIRS = 0.35  # of pairs of neighbouring words: what shares fewer is not aligned, which takes longer
_ALIKE_TITLES = 0.5  # share of the words of both titles
_ALIKE_WORDS = 0.6  # of two words in the same place: one spelled in another way
_LONG_NAME = 3  # letters of a part of an author's name that may be a surname
_NOTICE = pattern(
    r"\W*(?:erratum|errata|corrigend(?:um|a)|correction|corrections|addendum|retraction|reply|response|comments?|"
    r"commentary|rejoinder|expression of concern|author'?s? correction|publisher correction)"
    r"(?:\s+(?:to|of|for|on|notice|note)\b|\s*[:\u2013\u2014.(\[-]|\s*$)",
    re.IGNORECASE,
)
_NOTICE_AFTER = pattern(
    r"[:\u2013\u2014(\[.-]\s*(?:erratum|errata|corrigendum|correction|addendum|retraction)\W*$", re.I
)
_NUMERAL = pattern(r"\d+(?:st|nd|rd|th)?|[ivx]+")
_PART_WORDS = frozenset("part parts volume vol chapter episode paper no a the of and".split())


def alike_pairs(papers: Sequence[Paper]) -> Iterator[tuple[int, int]]:
    """The positions of two papers each, the earlier one first, whose texts are those of one paper.

    Time and memory are nearly linear: papers are compared that share some of the smallest hashes of their abstracts
    (A. Broder, "Identifying and filtering near-duplicate documents", 2000), which is little to remember.
    """
    whole: list[Sketches] = [np.empty((0, _SKETCH), np.uint32)]
    openings: list[Sketches] = [np.empty((0, _OPENING_SKETCH), np.uint32)]
    for first in range(0, len(papers), _AT_ONCE):
        words = [words_of(paper.abstract) for paper in papers[first : first + _AT_ONCE]]
        for part, sketches in zip(
            (whole, openings), sketches_and_openings(words, (_SKETCH, _OPENING_SKETCH), _OPENING), strict=True
        ):
            part.append(sketches)
    likely = np.union1d(*(_likely(np.concatenate(parts)) for parts in (whole, openings)))
    pairs = (divmod(pair, len(papers)) for pair in likely.tolist())
    alike = [pair for pair in pairs if is_alike(*(papers[position] for position in pair))]
    retitled = [pair for pair in alike if not _agree(*(words_of(papers[position].title) for position in pair))]
    several = _under_several_titles(papers, retitled)
    yield from sorted(set(alike) - {pair for pair in retitled if not several.isdisjoint(pair)})


def _under_several_titles(papers: Sequence[Paper], retitled: Iterable[tuple[int, int]]) -> set[int]:
    """The positions of papers whose text stands under three titles or more: it is no abstract of any of them.

    ``retitled`` are pairs of papers with one text, whose titles do not agree.
    """
    partners: dict[int, list[list[str]]] = {}
    for one, other in retitled:
        partners.setdefault(one, []).append(words_of(papers[other].title))
        partners.setdefault(other, []).append(words_of(papers[one].title))
    return {
        position
        for position, titles in partners.items()
        if not all(_agree(*pair) for pair in combinations(titles[:_MOST_TITLES], 2))
    }


def _likely(sketches: Sketches) -> npt.NDArray[np.int64]:
    """The pairs that share ``_SHARED`` hashes, each as ``one * n + other``, in order."""
    owners, places = np.nonzero(sketches != NO_HASH)
    _, hashes, owners = without_common(sketches[owners, places].astype(np.uint64), owners)
    pairs = links(hashes, owners) @ np.array([len(sketches), 1])
    found, shared = np.unique(pairs, return_counts=True)
    return np.asarray(found[shared >= _SHARED])


def is_alike(one: Paper, other: Paper) -> bool:
    """Whether the texts of two records are those of one paper; where that is not sure they are not."""
    if contradict(one, other) or _years_between(one, other) > _MOST_YEARS or are_of_a_series(one.title, other.title):
        return False
    first, second = (words_of(paper.abstract)[:_LONGEST] for paper in (one, other))
    shorter, longer = sorted((first, second), key=lambda words: (len(words), words))  # either way round the same
    if len(set(shorter)) < _FEWEST_WORDS or _shared_pairs(shorter, longer) < _SHARED_PAIRS:
        return False
    titles = words_of(one.title), words_of(other.title)
    titles_agree = _agree(*titles)
    if not titles_agree and (len(shorter) < _FEWEST_RETITLED or min(map(len, titles)) < _FEWEST_TITLE):
        return False
    if len(shorter) < _WHOLE * len(longer):
        if not titles_agree:
            return False
        longer = longer[: len(shorter) + len(shorter) // 4]
    same_authors = _same_authors(one.authors, other.authors)
    if same_authors is False or not (titles_agree or same_authors):
        needed = _ALIGNED_ALONE
    else:
        needed = _ALIGNED_SAME_AUTHORS if same_authors and titles_agree else _ALIGNED
    return _aligned(shorter, longer) >= needed


def are_of_a_series(title: str, other: str) -> bool:
    """Whether titles that say nearly the same are of different papers: part I and part II, an erratum and its paper."""
    if _notice(title) != _notice(other):
        return True
    words, others = set(words_of(title)), set(words_of(other))
    if not words or not others or not _agree(words, others):
        return False
    numerals = [{word for word in part if _NUMERAL.fullmatch(word)} for part in (words - others, others - words)]
    rest = (words ^ others) - numerals[0] - numerals[1] - _PART_WORDS
    return all(numerals) or (any(numerals) and not rest)


def _years_between(one: Paper, other: Paper) -> int:
    years = [int(paper.date[:4]) for paper in (one, other) if paper.date and paper.date[:4].isdecimal()]
    return max(years) - min(years) if len(years) == 2 else 0


def _notice(title: str) -> str:
    """What a title begins or ends with if it is that of an erratum, a reply or the like; else nothing."""
    found = _NOTICE.match(title) or _NOTICE_AFTER.search(title)
    return "".join(words_of(found[0])) if found else ""


def _agree(title: Sequence[str] | set[str], other: Sequence[str] | set[str]) -> bool:
    words, others = set(title), set(other)
    return len(words & others) >= _ALIKE_TITLES * max(1, len(words | others))


def _shared_pairs(shorter: Sequence[str], longer: Sequence[str]) -> float:
    pairs, others = (set(pairwise(words)) for words in (shorter, longer))
    return len(pairs & others) / max(1, len(pairs))


def _same_authors(authors: Sequence[str], others: Sequence[str]) -> bool | None:
    """Whether some author of one record is one of the other; None where one has none."""
    names, other_names = (
        {word for name in part for word in words_of(name) if len(word) >= _LONG_NAME} for part in (authors, others)
    )
    return None if not names or not other_names else not names.isdisjoint(other_names)


def _aligned(shorter: Sequence[str], longer: Sequence[str]) -> float:
    """The share of the words of ``shorter`` that have a partner in ``longer``, in the same order."""
    partners = 0
    for kind, begin, end, other, other_end in SequenceMatcher(None, shorter, longer, autojunk=False).get_opcodes():
        if kind == "equal":
            partners += end - begin
        elif kind == "replace":
            pairs = zip(shorter[begin:end], longer[other:other_end], strict=False)
            partners += sum(SequenceMatcher(None, *pair).ratio() >= _ALIKE_WORDS for pair in pairs)
    return partners / max(1, len(shorter))
