"""The vocabulary: the terms of a model by column, and how often each occurs in many texts at once.

Words are found by a hash key of their bytes and then compared; pairs (bigrams) by the numbers of their two words. No
string is made of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.fields_only import FieldsOnly
from labeler.features.lookup import Lookup
from labeler.features.terms import NEWEST, SEPARATOR, Tokenizer
from labeler.features.tokens import BLOCK, Ints, Keys, Tokens, encoded, same_words, tokens_in

NO_PAIR = np.uint64(2**64 - 1)
_WORD_BITS = np.uint64(32)  # of a word's number in the key of a pair
_SECOND_WORD = np.uint64(0xFFFFFFFF)
_MAX_SEEDS = 64
_UINT32_KEYS = 1 << 32  # keys that four bytes hold, which is faster
_MULTIPLIER = 0x9E3779B97F4A7C15
_MIN_BITS = 6


@dataclass(frozen=True, eq=False)
class Words(FieldsOnly):
    """Words by number: word n is in ``blocks`` from ``begins[n]`` on, in UTF-8 padded with zeros to whole blocks.

    ``lookup`` finds a word by its key, which is hashed with ``seed``.
    """

    blocks: Keys
    begins: npt.NDArray[np.uint32]
    lookup: Lookup
    seed: int

    @classmethod
    def of(cls, words: Sequence[str], tokenizer: Tokenizer = NEWEST) -> Words:
        """The table of different words, each of which must be one for the ``tokenizer``.

        Raises:
            ValueError: a string is no word, or a word is there twice.
        """
        data, begins = encoded(words, tokenizer)
        for seed in range(_MAX_SEEDS):  # two words that share a key have different ones with another seed
            tokens = tokens_in(data, begins, len(data), seed, tokenizer)
            if len(tokens.starts) != len(words) or (np.diff(tokens.ends) != 1).any():
                raise ValueError("a term holds something that is no word")
            if len(np.unique(tokens.keys)) == len(words):
                break
        else:
            raise ValueError("a word is there twice")
        raw = [tokens.word(number) for number in range(len(words))]
        if [word.decode() for word in raw] != list(words):
            raise ValueError("a term holds something that is no word, in lower case")
        padded = [word + b"\0" * (-len(word) % BLOCK) for word in raw]
        blocks = np.frombuffer(b"".join(padded), np.dtype("<u8"))
        counts = np.array([0] + [len(word) // BLOCK for word in padded])
        return cls(blocks, np.cumsum(counts).astype(np.uint32), Lookup.of(tokens.keys), seed)

    def __len__(self) -> int:
        return len(self.begins) - 1

    @cached_property
    def longest(self) -> int:
        """The bytes of the longest word, padded to whole blocks."""
        return int(np.diff(self.begins).max(initial=0)) * BLOCK

    @cached_property
    def lengths(self) -> npt.NDArray[np.int32]:
        """The bytes of each word, and 0 at the end for unknown words."""
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
        return str(self._bytes[begin:end], "utf-8", "replace").rstrip("\0")

    def texts(self, numbers: npt.NDArray[np.int32]) -> list[str]:
        """Some words as strings."""
        begins = BLOCK * self.begins.take(numbers).astype(np.int64)
        bounds = zip(begins.tolist(), (begins + self.lengths.take(numbers)).tolist(), strict=True)
        return [str(self._bytes[begin:end], "utf-8", "replace") for begin, end in bounds]

    def numbers(self, tokens: Tokens) -> Ints:
        """The number of each token's word (n_tokens,); for unknown words the number of words."""
        found = self.lookup.find(tokens.keys)
        # A word of one block is its key, and needs no comparison but this one.
        np.putmask(found, self._is_long.take(found, mode="clip") != (tokens.lengths > BLOCK), len(self))
        longer = tokens.longer
        numbers = found[longer]

        def token_block(pairs: Ints, number: int) -> Keys:
            return tokens.block(longer[pairs], number)

        def word_block(pairs: Ints, number: int) -> Keys:
            return np.asarray(self.blocks[self.begins[numbers[pairs]] + number])

        same = same_words(tokens.lengths[longer], self.lengths[numbers], token_block, word_block)
        found[longer[~same]] = len(self)
        return found


def pair_keys(numbers: Ints, ends: Ints) -> Keys:
    """The key ``one << 32 | other`` of each pair of neighbouring words, by the position of its first word.

    ``numbers`` (n,) are those of the words of all texts, text i from ``ends[i]`` to ``ends[i + 1]``. Where the second
    word is in another text, the key is ``NO_PAIR``: no word has such a number.
    """
    keys = (numbers[:-1] << 32 | numbers[1:]).view(np.uint64)
    last = ends[1:-1] - 1
    keys[last[(last >= 0) & (last < len(keys))]] = NO_PAIR
    return keys


def last_positions(keys: npt.NDArray[np.uint32 | np.uint64]) -> npt.NDArray[np.int32]:
    """For each key the last position at which it occurs in ``keys``, without sorting.

    All positions are written to a hash table, to the slot of their key; the last one written stays. Keys whose slot
    holds the position of another key are hashed again with another multiplier. The key that wrote last to a slot is
    never among them, so the loop ends.
    """
    bits = max(_MIN_BITS, (2 * len(keys)).bit_length())
    dtype, width = keys.dtype.type, 8 * keys.itemsize
    table = np.empty(1 << bits, np.int32)
    last: npt.NDArray[np.int32] = np.empty(len(keys), np.int32)
    left: npt.NDArray[np.int32] = np.arange(len(keys), dtype=np.int32)
    left_keys = keys
    multiplier = _MULTIPLIER >> 64 - width | 1
    while len(left):
        hashes = left_keys * dtype(multiplier & (1 << width) - 1)
        hashes >>= dtype(width - bits)
        slots = hashes.astype(np.intp)
        table[slots] = left
        found = table.take(slots, mode="clip")
        last[left] = found
        collided = np.flatnonzero(keys.take(found, mode="clip") != left_keys)
        left_keys, left = left_keys[collided], left.take(collided)
        multiplier = multiplier * _MULTIPLIER | 1
    return last


class Counts(NamedTuple):
    """How often terms occur in texts: of text i, ``columns`` and ``counts`` from ``ends[i]`` to ``ends[i + 1]``.

    The columns of a text are in the order of the last occurrences of their terms. ``unknown`` (n_texts,) counts the
    occurrences of words that are out of vocabulary; the separators of a text's parts count as such words.
    """

    columns: npt.NDArray[np.int32]
    counts: Ints
    ends: Ints
    unknown: Ints


@dataclass(frozen=True, eq=False)
class Vocabulary(FieldsOnly):
    """Terms by column: words, and pairs of two of the ``words``.

    ``word_columns`` (n_words,) is -1 for a word that is part of pairs alone; ``pairs`` finds a pair by its key
    ``one << 32 | other``, and ``pair_columns`` (n_pairs,) are the columns of pairs. The ``tokenizer`` says what words
    texts have.
    """

    words: Words
    word_columns: npt.NDArray[np.int32]
    pairs: Lookup
    pair_columns: npt.NDArray[np.int32]
    tokenizer: Tokenizer = NEWEST

    @classmethod
    def of(cls, terms: Sequence[str], tokenizer: Tokenizer = NEWEST) -> Vocabulary:
        """The vocabulary of ``terms``, in their order: each is a word, or two words with a space between.

        Raises:
            ValueError: a string is no term, or a term is there twice.
        """
        split = [term.split(" ") for term in terms]
        if any(len(parts) > 2 or SEPARATOR in parts for parts in split):
            raise ValueError(f"a term is a word or two, and never {SEPARATOR!r}")
        names = list(dict.fromkeys(word for parts in split for word in parts))
        number = {name: index for index, name in enumerate(names)}
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
        return cls(Words.of(names, tokenizer), word_columns, pairs, np.array(columns, np.int32), tokenizer)

    def __len__(self) -> int:
        return int((self.word_columns >= 0).sum()) + len(self.pair_columns)

    @cached_property
    def is_word(self) -> npt.NDArray[np.bool_]:
        """For each column, whether its term is a single word."""
        is_word = np.ones(len(self), bool)
        is_word[self.pair_columns] = False
        return is_word

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms as strings, by column."""
        return tuple(map(self.term, range(len(self))))

    def term(self, column: int) -> str:
        """One term as a string."""
        one, other = (int(numbers[column]) for numbers in self.term_words)
        return self.words.text(one) + (f" {self.words.text(other)}" if other >= 0 else "")

    def texts(self, columns: npt.NDArray[np.integer[Any]]) -> list[str]:
        """Some terms as strings."""
        one, other = (numbers.take(columns) for numbers in self.term_words)
        pairs = np.flatnonzero(other >= 0)
        texts = self.words.texts(one)
        for position, second in zip(pairs.tolist(), self.words.texts(other[pairs]), strict=True):
            texts[position] += f" {second}"
        return texts

    def columns_of(self, terms: Sequence[str]) -> Ints:
        """The columns (n_terms,) of terms, -1 where one is out of vocabulary."""
        names = [term.partition(" ") for term in terms]
        one, other = (
            np.array([self.word_numbers.get(name[place], -1) for name in names], np.int64) for place in (0, 2)
        )
        columns = np.append(self.word_columns, -1)[one].astype(np.int64)
        pairs = np.flatnonzero([bool(blank) for _, blank, _ in names])
        known = (one[pairs] >= 0) & (other[pairs] >= 0)
        keys = np.where(known, one[pairs] << 32 | other[pairs], -1).view(np.uint64)
        columns[pairs] = np.append(self.pair_columns, -1)[self.pairs.find(keys)]
        return columns

    def counts_in(self, texts: Sequence[str]) -> Counts:
        """How often each term occurs in texts that went through :func:`~labeler.features.terms.joined_parts`."""
        data, begins = encoded(texts, self.tokenizer)
        tokens = tokens_in(data, begins, self.words.longest, self.words.seed, self.tokenizer)
        return self.counts(self.words.numbers(tokens), tokens.ends)

    def counts(self, numbers: Ints, ends: Ints) -> Counts:
        """How often each term occurs in texts whose words have these ``numbers``: of ``words``, or one beyond all.

        Text i has the words from ``ends[i]`` to ``ends[i + 1]``.
        """
        texts, width = len(ends) - 1, len(self)
        word_columns, pair_columns = self._padded_columns
        words = word_columns.take(numbers, mode="clip")
        both = np.empty((len(numbers), 2), np.uint32)  # the column of each word, and of the pair that it begins
        both[:, 0] = words
        both[:-1, 1] = pair_columns.take(self.pairs.find(pair_keys(numbers, ends)), mode="clip")
        both[-1:, 1] = width
        columns = both.ravel()
        dtype = np.dtype(np.uint32 if texts * (width + 1) < _UINT32_KEYS else np.uint64)
        keys = np.repeat(np.arange(texts, dtype=dtype) * dtype.type(width + 1), 2 * np.diff(ends))
        keys += columns
        last = last_positions(keys)
        kept = np.flatnonzero((last == np.arange(len(last), dtype=last.dtype)) & (columns < width))
        is_unknown = np.append(words == width, False)
        unknown = np.where(np.diff(ends) > 0, np.add.reduceat(is_unknown, ends[:-1], dtype=np.int64), 0)
        counts = np.bincount(last).take(kept, mode="clip")
        return Counts(columns.take(kept).view(np.int32), counts, np.searchsorted(kept, 2 * ends), unknown)

    @cached_property
    def _padded_columns(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
        """``word_columns`` and ``pair_columns`` with the column ``len(self)`` for all that is no term.

        Each has that column once more at the end, for the number that stands for unknown words or pairs.
        """
        padded = (np.append(columns, -1) for columns in (self.word_columns, self.pair_columns))
        words, pairs = (np.where(columns < 0, len(self), columns).astype(np.uint32) for columns in padded)
        return words, pairs

    @cached_property
    def term_words(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The numbers of each term's first word, and of its second or -1 (n_terms,)."""
        one, other = np.full(len(self), -1, np.int32), np.full(len(self), -1, np.int32)
        words = np.flatnonzero(self.word_columns >= 0)
        one[self.word_columns[words]] = words
        one[self.pair_columns] = self.pairs.keys >> _WORD_BITS
        other[self.pair_columns] = self.pairs.keys & _SECOND_WORD
        return one, other

    @cached_property
    def word_numbers(self) -> dict[str, int]:
        """The number of each word in ``words``."""
        words = self.words.texts(np.arange(len(self.words), dtype=np.int32))
        return {word: number for number, word in enumerate(words)}
