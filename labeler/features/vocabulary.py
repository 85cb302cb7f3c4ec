"""The terms that a model knows, and how the ones in many texts are found at once.

Words are found by a key of their bytes, and compared; pairs by the numbers of their two words. Neither is ever made
into a string.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.lookup import Lookup
from labeler.features.terms import APART
from labeler.features.tokens import BLOCK, Ints, Keys, Tokens, encoded, same_words, tokens_in

_HALF = np.uint64(32)
NO_PAIR = np.uint64(2**64 - 1)
_SECOND = np.uint64(0xFFFFFFFF)
_SEEDS = 64
_MOST_KEYS = 1 << 32  # that half the bytes hold
_ODD = 0x9E3779B97F4A7C15
_FEWEST_BITS = 6


@dataclass(frozen=True, eq=False)
class Words:
    """Words by number: ``blocks`` holds each in UTF-8, filled up with zeros, from block ``begins[n]`` on.

    ``lookup`` finds a word by its key with ``seed``.
    """

    blocks: Keys
    begins: npt.NDArray[np.uint32]
    lookup: Lookup
    seed: int

    @classmethod
    def of(cls, words: Sequence[str]) -> Words:
        """The table of different words, each of which must be one for :mod:`labeler.features.terms`.

        Raises:
            ValueError: one is no word, or there twice.
        """
        run, begins = encoded(words)
        for seed in range(_SEEDS):  # where two words have one key, with another seed they have not
            tokens = tokens_in(run, begins, len(run), seed)
            if len(tokens.starts) != len(words) or (np.diff(tokens.ends) != 1).any():
                raise ValueError("a term holds something that is no word of two characters or more")
            if len(np.unique(tokens.keys)) == len(words):
                break
        else:
            raise ValueError("a word is there twice")
        raw = [tokens.word(number) for number in range(len(words))]
        if [word.decode() for word in raw] != list(words):
            raise ValueError("a term holds something that is no word of two characters or more, in lower case")
        padded = [word + b"\0" * (-len(word) % BLOCK) for word in raw]
        blocks = np.frombuffer(b"".join(padded), np.dtype("<u8"))
        counts = np.array([0] + [len(word) // BLOCK for word in padded])
        return cls(blocks, np.cumsum(counts).astype(np.uint32), Lookup.of(tokens.keys), seed)

    def __len__(self) -> int:
        return len(self.begins) - 1

    @cached_property
    def longest(self) -> int:
        """The bytes of the longest word, filled up."""
        return int(np.diff(self.begins).max(initial=0)) * BLOCK

    @cached_property
    def lengths(self) -> npt.NDArray[np.int32]:
        """The bytes of each word, and 0 at the end, for what is no word of these."""
        ends = np.diff(self.begins).astype(np.int32) * BLOCK
        last = self.blocks[self.begins[1:] - 1].view(np.uint8).reshape(-1, BLOCK) == 0
        return np.append(ends - last.sum(axis=1, dtype=np.int32), np.int32(0))

    @cached_property
    def _bytes(self) -> memoryview:
        return self.blocks.view(np.uint8).data

    @cached_property
    def _is_long(self) -> npt.NDArray[np.bool_]:
        return self.lengths > BLOCK

    def text(self, number: int) -> str:
        """A word as a string."""
        begin, end = BLOCK * int(self.begins[number]), BLOCK * int(self.begins[number + 1])
        return str(self._bytes[begin:end], "utf-8").rstrip("\0")

    def numbers(self, tokens: Tokens) -> Ints:
        """The number of each token's word (n_tokens,); for what is none of these, how many they are."""
        found = self.lookup.find(tokens.keys)
        # A word of one block is its key.
        np.putmask(found, self._is_long.take(found, mode="clip") != (tokens.lengths > BLOCK), len(self))
        some = tokens.longer
        numbers = found[some]

        def theirs(which: Ints, number: int) -> Keys:
            return tokens.block(some[which], number)

        def ours(which: Ints, number: int) -> Keys:
            return np.asarray(self.blocks[self.begins[numbers[which]] + number])

        same = same_words(tokens.lengths[some], self.lengths[numbers], theirs, ours)
        found[some[~same]] = len(self)
        return found


def pair_keys(numbers: Ints, ends: Ints) -> Keys:
    """The key of the pair that begins at each word but the last: ``one << 32 | other``.

    Where the next word stands in another text, it is the key of no pair: no word has such a number.
    """
    keys = (numbers[:-1] << 32 | numbers[1:]).view(np.uint64)
    last = ends[1:-1] - 1
    keys[last[(last >= 0) & (last < len(keys))]] = NO_PAIR
    return keys


def last_places(keys: npt.NDArray[np.uint32 | np.uint64]) -> npt.NDArray[np.int32]:
    """For each key, the last place at which it stands among ``keys``: equal ones are told without being sorted.

    Every place is written into a table, at the slot of its key, where the last one stays. Keys that find another one at
    their slot are hashed anew; those that wrote last are never among them, so that this comes to an end.
    """
    bits = max(_FEWEST_BITS, (2 * len(keys)).bit_length())
    kind, width = keys.dtype.type, 8 * keys.itemsize
    table = np.empty(1 << bits, np.int32)
    last: npt.NDArray[np.int32] = np.empty(len(keys), np.int32)
    left: npt.NDArray[np.int32] = np.arange(len(keys), dtype=np.int32)
    some = keys
    odd = _ODD >> 64 - width | 1
    while len(left):
        slots = some * kind(odd & (1 << width) - 1)
        slots >>= kind(width - bits)
        places = slots.astype(np.intp)
        table[places] = left
        found = table.take(places, mode="clip")
        last[left] = found
        other = np.flatnonzero(keys.take(found, mode="clip") != some)
        some, left = some[other], left.take(other)
        odd = odd * _ODD | 1
    return last


class Counts(NamedTuple):
    """How often terms stand in texts: of text i, ``columns`` and ``counts`` from ``ends[i]`` to ``ends[i + 1]``.

    The columns of a text are in the order in which their terms last stand in it. ``unknown`` (n_texts,) says how many
    of its words, and of what keeps its parts apart, are no terms, however often each.
    """

    columns: npt.NDArray[np.int32]
    counts: Ints
    ends: Ints
    unknown: Ints


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Terms by column: words, and pairs of two of the ``words``.

    ``word_columns`` (n_words,) is -1 where only pairs hold the word; ``pairs`` finds a pair by ``one << 32 | other``,
    and ``pair_columns`` (n_pairs,) are their columns.
    """

    words: Words
    word_columns: npt.NDArray[np.int32]
    pairs: Lookup
    pair_columns: npt.NDArray[np.int32]

    @classmethod
    def of(cls, terms: Sequence[str]) -> Vocabulary:
        """The vocabulary of these terms, which are words or two words with a space between, in their order.

        Raises:
            ValueError: one is no term, or there twice.
        """
        split = [term.split(" ") for term in terms]
        if any(len(parts) > 2 or APART in parts for parts in split):
            raise ValueError(f"a term is a word or two, and never {APART!r}")
        names = list(dict.fromkeys(word for parts in split for word in parts))
        number = {name: place for place, name in enumerate(names)}
        word_columns = np.full(len(names), -1, np.int32)
        keys, columns = [], []
        for column, parts in enumerate(split):
            if len(parts) == 1:
                word_columns[number[parts[0]]] = column
            else:
                keys.append(number[parts[0]] << 32 | number[parts[1]])
                columns.append(column)
        if (word_columns >= 0).sum() + len(columns) < len(terms):
            raise ValueError("a term is there twice")
        pairs = Lookup.of(np.array(keys, np.uint64))
        return cls(Words.of(names), word_columns, pairs, np.array(columns, np.int32))

    def __len__(self) -> int:
        return int((self.word_columns >= 0).sum()) + len(self.pair_columns)

    @cached_property
    def is_word(self) -> npt.NDArray[np.bool_]:
        """For each column, whether its term is a single word."""
        told = np.ones(len(self), bool)
        told[self.pair_columns] = False
        return told

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms as strings, by column."""
        return tuple(map(self.term, range(len(self))))

    def term(self, column: int) -> str:
        """One term as a string."""
        one, other = (int(part[column]) for part in self._parts)
        return self.words.text(one) + (f" {self.words.text(other)}" if other >= 0 else "")

    def column(self, term: str) -> int:
        """The column of a term, -1 where it is none of these."""
        return self._columns.get(term, -1)

    def found_in(self, run: bytes, begins: Ints) -> Counts:
        """How often each term stands in texts that are laid out and :func:`~labeler.features.tokens.encoded`."""
        tokens = tokens_in(run, begins, self.words.longest, self.words.seed)
        return self.counted(self.words.numbers(tokens), tokens.ends)

    def counted(self, numbers: Ints, ends: Ints) -> Counts:
        """How often each term stands in texts whose words have these ``numbers``, of ``words`` or one beyond.

        Text i has the words from ``ends[i]`` to ``ends[i + 1]``.
        """
        texts, width = len(ends) - 1, len(self)
        of_words, of_pairs = self._columns_or_none
        words = of_words.take(numbers, mode="clip")
        both = np.empty((len(numbers), 2), np.uint32)  # the column of each word, and of the pair that it begins
        both[:, 0] = words
        both[:-1, 1] = of_pairs.take(self.pairs.find(pair_keys(numbers, ends)), mode="clip")
        both[-1:, 1] = width
        columns = both.ravel()
        kind = np.dtype(np.uint32 if texts * (width + 1) < _MOST_KEYS else np.uint64)
        keys = np.repeat(np.arange(texts, dtype=kind) * kind.type(width + 1), 2 * np.diff(ends))
        keys += columns
        last = last_places(keys)
        kept = np.flatnonzero((last == np.arange(len(last), dtype=last.dtype)) & (columns < width))
        absent = np.append(words == width, False)
        unknown = np.where(np.diff(ends) > 0, np.add.reduceat(absent, ends[:-1], dtype=np.int64), 0)
        counts = np.bincount(last).take(kept, mode="clip")
        return Counts(columns.take(kept).view(np.int32), counts, np.searchsorted(kept, 2 * ends), unknown)

    @cached_property
    def _columns_or_none(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
        """``word_columns`` and ``pair_columns``, where what is no term, as what is unknown, has one beyond all."""
        parts = (np.append(part, -1) for part in (self.word_columns, self.pair_columns))
        words, pairs = (np.where(part < 0, len(self), part).astype(np.uint32) for part in parts)
        return words, pairs

    @cached_property
    def _parts(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The numbers of each column's first word, and of its second or -1 (n_terms,)."""
        one, other = np.full(len(self), -1, np.int32), np.full(len(self), -1, np.int32)
        alone = np.flatnonzero(self.word_columns >= 0)
        one[self.word_columns[alone]] = alone
        one[self.pair_columns] = self.pairs.keys >> _HALF
        other[self.pair_columns] = self.pairs.keys & _SECOND
        return one, other

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {term: column for column, term in enumerate(self.terms)}
