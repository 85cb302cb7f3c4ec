"""Near-duplicates: texts that share most of their pairs of neighbouring words, as versions of one paper do.

The pairs are the shingles of a text, and hashes stand for them (U. Manber, "Finding similar files in a large file
system", 1994; A. Broder, "On the resemblance and containment of documents", 1997). Of a script that is written without
blanks between words, as Chinese is, three neighbouring characters are a shingle.

Of texts that are too many to be held, the smallest hashes of each are kept, its sketch (A. Broder, "Identifying and
filtering near-duplicate documents", 2000).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from labeler.papers.normal_forms import normalized
from labeler.papers.unspaced import UNSPACED
from labeler.patterns import pattern

Indices = npt.NDArray[np.intp]
Sketches = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.uint64]
_FEWEST_WORDS = 5  # of a text that can be a near-duplicate: "Editorial" is many papers
_FEWEST_SHARED = 4  # shingles that two near-duplicates share
_LONG = 20  # shingles of a text of which half must be shared; the fewer there are, the larger the share must be
_COMMON = 50  # texts with a shingle, beyond which it says nothing, as "no abstract is available" does
SKETCH_SIZE = 16  # hashes
NO_HASH = np.uint32(0xFFFFFFFF)  # in the sketch of a text that has fewer
_SIZES = (2, 3)  # words of a shingle: where a pair is common, the triple that it begins takes its place
_REACH = 3  # texts with a shingle are compared with the next ones that have it
_CLOSE = 0.25  # of the shingles that are needed: pairs of texts that were found to share so many are looked at
_WORD = pattern(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_IS_UNSPACED = pattern(rf"[{UNSPACED}]").fullmatch
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)


def near_duplicates(texts: Sequence[str], before: Iterable[str] = ()) -> set[int]:
    """The positions of ``texts`` that nearly repeat one of ``before``, or an earlier one of ``texts``.

    Texts of less than five words are never among them.
    """
    earlier = list(before) if texts else []
    groups = near_duplicate_groups([*earlier, *texts])[len(earlier) :]
    repeated = np.flatnonzero(groups != np.arange(len(earlier), len(earlier) + len(texts)))
    return {position for position in repeated.tolist() if len(words_of(texts[position])) >= _FEWEST_WORDS}


def near_duplicate_groups(texts: Sequence[str]) -> Indices:
    """For each text the position of the first one of its group (n_texts,).

    Texts of one group have the same words, are near-duplicates, or are so of one after the other. The groups do not
    depend on the order of the texts.
    """
    words = [" ".join(words_of(text)) for text in texts]
    distinct = sorted(set(words))
    number = {text: position for position, text in enumerate(distinct)}
    group = _joined(len(distinct), _similar(_shingles(distinct)))
    first: dict[int, int] = {}
    return np.array([first.setdefault(group[number[text]], at) for at, text in enumerate(words)], dtype=np.intp)


def sketches_of(texts: Sequence[str]) -> Sketches:
    """The sketch of each text (n_texts, ``SKETCH_SIZE``), for :func:`repeated_among`."""
    return _sketches(*_hashed_words(map(words_of, texts)), len(texts), SKETCH_SIZE)


def sketches_and_openings(
    texts: Sequence[Sequence[str]], sizes: tuple[int, int], opening: int
) -> tuple[Sketches, Sketches]:
    """The sketches of texts, given as their words, and of the first ``opening`` words of each, of two ``sizes``."""
    words, owners = _hashed_words(texts)
    places = np.arange(len(owners)) - np.searchsorted(owners, owners)
    first = places < opening
    whole = _sketches(words, owners, len(texts), sizes[0])
    return whole, _sketches(words[first], owners[first], len(texts), sizes[1])


def _sketches(words: Keys, texts_of_words: Indices, count: int, size: int) -> Sketches:
    """The sketch of each of ``count`` texts (count, ``size``) from the hashes of their words."""
    pairs = np.flatnonzero(texts_of_words[1:] == texts_of_words[:-1])
    hashes = (_mixed(words[pairs], words[pairs + 1]) >> np.uint64(32)).astype(np.uint32)
    order = np.lexsort((hashes, texts_of_words[pairs]))
    hashes, owners = hashes[order], texts_of_words[pairs][order]
    different = np.append(True, (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1]))[: len(hashes)]
    hashes, owners = hashes[different], owners[different]
    ranks = np.arange(len(owners)) - np.searchsorted(owners, owners)
    smallest = ranks < size
    sketches = np.full((count, size), NO_HASH)
    sketches[owners[smallest], ranks[smallest]] = hashes[smallest]
    return sketches


def repeated_among(sketches: Sketches, others: Iterable[Sketches]) -> npt.NDArray[np.bool_]:
    """Which of ``sketches`` (n, ``SKETCH_SIZE``) are of near-duplicates of the ``others``, which come in blocks."""
    order = np.argsort(sketches, axis=None, kind="stable")
    hashes, owners = sketches.ravel()[order], order // SKETCH_SIZE
    counts = np.searchsorted(hashes, hashes, side="right") - np.searchsorted(hashes, hashes)
    kept = (hashes != NO_HASH) & (counts <= _COMMON)
    hashes, owners = hashes[kept], owners[kept]
    sizes = np.bincount(owners, minlength=len(sketches))
    repeated = np.zeros(len(sketches), dtype=bool)
    for block in others:
        begins = np.searchsorted(hashes, block.ravel())
        matches = np.searchsorted(hashes, block.ravel(), side="right") - begins
        starts = np.repeat(begins - np.cumsum(matches) + matches, matches)
        texts = owners[starts + np.arange(len(starts))]
        of_block = np.repeat(np.arange(block.size) // SKETCH_SIZE, matches)
        pairs, shared = np.unique(of_block * len(sketches) + texts, return_counts=True)
        found = pairs % max(len(sketches), 1)
        repeated[found[shared >= _needed(sizes[found], sizes[found])]] = True
    return repeated


class _Shingles(NamedTuple):
    """The different shingles of texts: those of a text are ``keys`` from ``ends[i]`` to ``ends[i + 1]``.

    ``links`` are pairs of texts (n, 2) with one shingle in common, once for each.
    """

    keys: Keys
    ends: Indices
    links: Indices


class _Hashes(dict[str, int]):
    """A hash of each word, of 32 bits: the last one is 1 for a character of a script without blanks."""

    def __missing__(self, word: str) -> int:
        value = crc32(word.encode("utf-8", "surrogatepass")) & ~1 | (_IS_UNSPACED(word) is not None)
        self[word] = value
        return value


def words_of(text: str) -> list[str]:
    """The words of a text without their spelling: characters where there are no blanks between words."""
    return _WORD.findall(normalized("NFKC", text).casefold())


def _shingles(texts: Sequence[str]) -> _Shingles:
    """The shingles of texts, words divided by blanks, but for those that are common among them."""
    words, texts_of_words = _hashed_words(text.split() for text in texts)
    keys, at = words, np.arange(len(words))
    found: list[tuple[Keys, Indices]] = []
    for size in range(2, _SIZES[-1] + 1):
        last = np.minimum(at + size - 1, len(words) - 1)
        complete = (at + size - 1 == last) & (texts_of_words[at] == texts_of_words[last])
        keys, at = _mixed(keys[complete], words[last[complete]]), at[complete]
        common, rare, of = without_common(keys, texts_of_words[at])
        found.append((rare, of))
        keys, at = keys[common], at[common]
    linked = np.concatenate([links(keys, owners) for keys, owners in found])
    keys, owners = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(owners, kind="stable")
    return _Shingles(keys[order], np.searchsorted(owners[order], np.arange(len(texts) + 1)), linked)


def _hashed_words(texts: Iterable[Sequence[str]]) -> tuple[Keys, Indices]:
    """The hash of each word of all texts, which are given as words, and the text it stands in (each (n_words,)).

    A character of a script without blanks is hashed with the next one: the two are about a word.
    """
    table, numbers = _Hashes(), array("I")
    counts: list[int] = []
    for words in texts:
        counts.append(len(words))
        numbers.extend(map(table.__getitem__, words))
    hashes = np.array(numbers, dtype=np.uint64)
    owners = np.repeat(np.arange(len(counts)), counts)
    unspaced = (hashes & np.uint64(1)).astype(bool)
    pairs = np.flatnonzero(unspaced[:-1] & unspaced[1:] & (owners[:-1] == owners[1:]))
    merged = hashes.copy()
    merged[pairs] = _mixed(hashes[pairs], hashes[pairs + 1])
    return merged, owners


def _mixed(one: Keys, other: Keys) -> Keys:
    """A hash of each pair of hashes, of 64 bits."""
    keys = one * _MULTIPLIERS[0]
    keys ^= keys >> np.uint64(29)
    keys = (keys * _MULTIPLIERS[1] ^ other) * _MULTIPLIERS[0]
    return np.asarray(keys ^ keys >> np.uint64(31))


def without_common(keys: Keys, owners: Indices) -> tuple[npt.NDArray[np.bool_], Keys, Indices]:
    """Which shingles are common (n,); and of each text the different ones that are not, in the order of their keys."""
    if not len(keys):
        return np.zeros(0, dtype=bool), keys, owners
    order = np.argsort(keys, kind="stable")
    ranked, of = keys[order], owners[order]
    begins = np.append(True, ranked[1:] != ranked[:-1])
    different = begins | np.append(True, of[1:] != of[:-1])
    starts = np.flatnonzero(begins)
    in_texts = np.add.reduceat(different, starts, dtype=np.intp)
    is_common = np.repeat(in_texts > _COMMON, np.diff(np.append(starts, len(keys))))
    common = np.empty(len(keys), dtype=bool)
    common[order] = is_common
    kept = different & ~is_common
    return common, ranked[kept], of[kept]


def links(keys: Keys, owners: Indices) -> Indices:
    """The pairs of texts (n, 2) that have one of the ``keys`` in common, which are in order, and stand close by."""
    pairs = []
    for step in range(1, _REACH + 1):
        same = keys[step:] == keys[:-step]
        pairs.append(np.column_stack([owners[:-step][same], owners[step:][same]]))
    return np.concatenate(pairs)


def _similar(shingles: _Shingles) -> Iterator[tuple[int, int]]:
    """The pairs of texts that are near-duplicates, of those that share some shingles."""
    sizes = np.diff(shingles.ends)
    numbers, counts = np.unique(shingles.links @ np.array([len(sizes), 1]), return_counts=True)
    one, other = np.divmod(numbers, max(len(sizes), 1))
    needed = _needed(sizes[one], sizes[other])
    close = np.flatnonzero(counts >= _CLOSE * needed)
    parts = [shingles.keys[begin:end] for begin, end in zip(shingles.ends, shingles.ends[1:], strict=False)]
    for first, second, least in zip(one[close].tolist(), other[close].tolist(), needed[close].tolist(), strict=True):
        if len(np.intersect1d(parts[first], parts[second], assume_unique=True)) >= least:
            yield first, second


def _needed(one: Indices, other: Indices) -> npt.NDArray[np.float64]:
    """How many shingles near-duplicates of ``one`` and ``other`` shingles share (each (n,)).

    They are half of the shorter text's, so that a text that was cut short is found. Of short texts they are a larger
    share, and of both: a word makes another title.
    """
    fewer = np.minimum(one, other)
    of_short = (1 - fewer / (2 * _LONG)) * (one + other) / 2
    return np.asarray(np.maximum(np.where(fewer < _LONG, of_short, fewer / 2), _FEWEST_SHARED))


def _joined(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The group of each of ``count`` members where those of each pair are in one group (union-find)."""
    parents = list(range(count))

    def root(member: int) -> int:
        while parents[member] != member:
            parents[member] = member = parents[parents[member]]
        return member

    for one, other in pairs:
        parents[root(other)] = root(one)
    return [root(member) for member in range(count)]
