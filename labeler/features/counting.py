"""In how many texts each term stands: one pass for words, one for pairs of words that are frequent enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from labeler.features.terms import APART, laid_out
from labeler.features.tokens import AT_ONCE, LONGEST, Ints, Keys, Tokens, encoded, tokens_in
from labeler.features.vocabulary import NO_PAIR, Words, pair_keys

Places = npt.NDArray[np.intp]
_MERGED = 4_000_000  # pairs that are kept apart before their counts are added up
_SEEDS = 64
_SECOND = np.uint64(0xFFFFFFFF)


def word_counts(texts: Iterable[str]) -> Counter[str]:
    """In how many texts each word stands; words of more than a thousand bytes are left out."""
    found: Counter[str] = Counter()
    for run, begins in _runs(texts):
        tokens, places, first = _different_words(run, begins)
        counts = _texts_with(places, tokens.ends, np.arange(len(places)), len(first))
        words = (tokens.word(int(place)).decode() for place in first)
        found.update(dict(zip(words, counts.tolist(), strict=True)))
    found.pop(APART, None)
    return found


def pair_counts(texts: Iterable[str], words: Sequence[str], fewest: int) -> dict[str, int]:
    """In how many texts two of ``words`` (each once) stand side by side, where these are at least ``fewest``."""
    table = Words.of(words)
    waiting: list[tuple[Keys, Ints]] = [(np.empty(0, np.uint64), np.empty(0, np.int64))]
    for run, begins in _runs(texts):
        tokens = tokens_in(run, begins, table.longest, table.seed)
        numbers = table.numbers(tokens)
        every = pair_keys(numbers, tokens.ends)
        ahead = np.flatnonzero((every != NO_PAIR) & (every & _SECOND != _SECOND))
        keys, places = np.unique(every[ahead], return_inverse=True)
        waiting.append((keys, _texts_with(places, tokens.ends, ahead, len(keys))))
        if sum(len(part) for part, _ in waiting) > _MERGED + 2 * len(waiting[0][0]):
            waiting = [_added(waiting)]
    keys, counts = _added(waiting)
    often = counts >= fewest
    return {
        f"{words[key >> 32]} {words[key & 0xFFFFFFFF]}": count
        for key, count in zip(keys[often].tolist(), counts[often].tolist(), strict=True)
    }


def _runs(texts: Iterable[str]) -> Iterator[tuple[bytes, Ints]]:
    """The texts, laid out and encoded, some at a time."""
    waiting: list[str] = []
    for text in texts:
        waiting.append(laid_out(text))
        if len(waiting) == AT_ONCE:
            yield encoded(waiting)
            waiting = []
    if waiting:
        yield encoded(waiting)


def _different_words(run: bytes, begins: Ints) -> tuple[Tokens, Places, Places]:
    """Tokens, the number of each one's word, and where each word stands first."""
    for seed in range(_SEEDS):
        tokens = tokens_in(run, begins, LONGEST, seed).short()
        _, first, places = np.unique(tokens.keys, return_index=True, return_inverse=True)
        if tokens.same(first[places]).all():
            return tokens, places, first
    raise ValueError("words cannot be told apart")


def _texts_with(things: Places, ends: Ints, tokens: Ints, count: int) -> Ints:
    """In how many texts each of ``count`` things stands: ``things[i]`` at the token ``tokens[i]``."""
    texts = np.searchsorted(ends, tokens, side="right") - 1
    each = np.unique(things.astype(np.int64) * len(ends) + texts) // len(ends)
    return np.bincount(each, minlength=count)


def _added(parts: Sequence[tuple[Keys, Ints]]) -> tuple[Keys, Ints]:
    """The counts of equal keys added up."""
    keys, places = np.unique(np.concatenate([part for part, _ in parts]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([part for _, part in parts]), minlength=len(keys))
    return keys, counts.astype(np.int64)
