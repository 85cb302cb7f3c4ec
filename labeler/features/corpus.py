"""A corpus of tokenized texts: each text is read once, and is a sequence of word numbers from then on.

The numbers may lie in a file that is mapped into memory (out of core), so that neither the texts nor their TF-IDF rows
need to fit into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from labeler.features.stored import mapped
from labeler.features.terms import SEPARATOR, joined_parts
from labeler.features.tokens import MAX_WORD_BYTES, Ints, Keys, Tokens, batches, encoded, tokens_in

if TYPE_CHECKING:
    from scipy import sparse

    from labeler.features.rows import Rows
    from labeler.features.tfidf import Tfidf

Indices = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.int32]
MAX_PAIR_WORDS = 1 << 20  # words of which pairs can be counted
_MAX_SEEDS = 64
_BLOCK_WORDS = 1 << 22  # words of a block of texts
_ROWS_BLOCK_WORDS = 1 << 18  # the same where TF-IDF rows are made, to stay in the processor's caches
_SHARD_WORDS = 1 << 25  # words whose pairs are counted at once: a quarter of a gigabyte
_TEXT_BITS = 24  # bits of a text's number in a block


@dataclass(frozen=True)
class Corpus:
    """``numbers`` are the words of all texts in their order, those of text i from ``ends[i]`` to ``ends[i + 1]``.

    Number n is the word ``words[n]``, which occurs in ``frequencies[n]`` texts. -1 is what is no term: the separator of
    the parts of a text, and words of more than a thousand bytes.
    """

    words: tuple[str, ...]
    frequencies: Ints
    numbers: Numbers
    ends: Ints

    @classmethod
    def of(cls, texts: Iterable[str], file: Path | None = None) -> Corpus:
        """The corpus of these texts, its numbers in memory or in a new ``file``, which must stay there."""
        reader = _Reader(texts)
        if file is None:
            numbers = np.concatenate([*reader, np.empty(0, np.int32)])
        else:
            with file.open("wb") as out:
                for batch in reader:
                    out.write(batch.tobytes())
            numbers = mapped(file, np.int32)
        return cls(reader.words(), reader.frequencies(), numbers, reader.ends())

    def __len__(self) -> int:
        return len(self.ends) - 1

    def frequent_words(self, min_df: int) -> tuple[Ints, Ints]:
        """Return the numbers of the words that occur in at least ``min_df`` texts, and the number of texts of each.

        The most frequent word comes first. Only the first ``MAX_PAIR_WORDS`` are returned, because pairs of more words
        cannot be counted.
        """
        found = np.flatnonzero(self.frequencies >= min_df)
        found = found[np.argsort(-self.frequencies[found], kind="stable")][:MAX_PAIR_WORDS]
        return found, self.frequencies[found]

    def rows(self, tfidf: Tfidf) -> Iterator[Rows]:
        """The TF-IDF rows of all texts, a block of texts at a time."""
        number = tfidf.vocabulary.word_numbers
        known = np.array([*(number.get(word, len(number)) for word in self.words), len(number)])  # one more, for -1
        for begin, end in self.blocks(_ROWS_BLOCK_WORDS):
            ends = self.ends[begin : end + 1]
            counts = tfidf.vocabulary.counts(known[self.numbers[ends[0] : ends[-1]]], ends - ends[0])
            yield tfidf.rows_from_counts(counts)

    def matrix(self, tfidf: Tfidf) -> sparse.csr_matrix:
        """The TF-IDF rows of all texts for scipy: a sparse matrix (n_texts, n_terms)."""
        from scipy import sparse

        parts = [rows.sparse() for rows in self.rows(tfidf)]
        return sparse.csr_matrix(sparse.vstack(parts)) if parts else tfidf.transform([])

    def pairs(self, words: Ints, min_df: int) -> tuple[Ints, Ints, Ints]:
        """Pairs of ``words`` (bigrams) that occur in at least ``min_df`` texts, and in how many (three times (n,)).

        ``words`` are at most ``MAX_PAIR_WORDS`` numbers, each once. A pair is given by the indices of its two words
        among them, and pairs are in the order of these indices.
        """
        index = np.full(len(self.words) + 1, -1)  # one more, for -1
        index[words] = np.arange(len(words))
        shards = 1 + len(self.numbers) // _SHARD_WORDS
        found = [self._pairs(index, min_df, shard, shards) for shard in range(shards)]
        keys, counts = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.argsort(keys)
        keys, counts = keys[order].view(np.int64), counts[order]
        return keys // MAX_PAIR_WORDS, keys % MAX_PAIR_WORDS, counts

    def blocks(self, words: int = _BLOCK_WORDS) -> Iterator[tuple[int, int]]:
        """The first text, and the one after the last, of each block of whole texts of about so many ``words``."""
        begin = 0
        while begin < len(self):
            end = int(np.searchsorted(self.ends, self.ends[begin] + words, side="right")) - 1
            end = min(max(end, begin + 1), begin + (1 << _TEXT_BITS))
            yield begin, end
            begin = end

    def _pairs(self, index: Ints, min_df: int, shard: int, shards: int) -> tuple[Keys, Ints]:
        """Pairs whose first word is of one shard of the words, as keys ``first * MAX_PAIR_WORDS + second``."""
        parts: list[Keys] = [np.empty(0, np.uint64)]
        for begin, end in self.blocks():
            numbers = index[self.numbers[self.ends[begin] : self.ends[end]]]
            ends = self.ends[begin : end + 1] - self.ends[begin]
            is_pair = (numbers[:-1] >= 0) & (numbers[1:] >= 0)
            is_pair[ends[1:-1][(ends[1:-1] > 0) & (ends[1:-1] < len(numbers))] - 1] = False
            if shards > 1:
                is_pair &= numbers[:-1] % shards == shard
            first = np.flatnonzero(is_pair)
            texts = np.searchsorted(ends, first, side="right") - 1
            keys = (numbers[first] * MAX_PAIR_WORDS + numbers[first + 1]) << _TEXT_BITS | texts
            parts.append(np.unique(keys.view(np.uint64)) >> np.uint64(_TEXT_BITS))
        keys = np.concatenate(parts)
        keys.sort()
        begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.intp)
        counts = np.diff(np.append(begins, len(keys)))
        frequent = counts >= min_df
        return np.asarray(keys[begins[frequent]]), np.asarray(counts[frequent])


class _Reader:
    """Texts that are read once: iterating yields the word numbers of each batch; then all words are known."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self._number = {SEPARATOR.encode(): -1}
        self._frequencies: Ints = np.zeros(1, np.int64)
        self._ends: list[Ints] = [np.zeros(1, np.int64)]

    def __iter__(self) -> Iterator[Numbers]:
        """The numbers of the words of each batch of texts, -1 for what is no term."""
        number = self._number
        for data, begins in map(encoded, batches(map(joined_parts, self._texts))):
            tokens, learnable, distinct, first = _distinct_words(data, begins)
            words = map(tokens.word, first.tolist())
            numbers = np.array([number.setdefault(word, len(number) - 1) for word in words], np.int32)
            while len(number) > len(self._frequencies):
                self._frequencies = np.concatenate([self._frequencies, np.zeros_like(self._frequencies)])
            is_word = numbers >= 0
            document_frequencies = _document_frequencies(distinct, tokens.ends, learnable, len(first))
            self._frequencies[numbers[is_word]] += document_frequencies[is_word]
            self._ends.append(tokens.ends[1:] + self._ends[-1][-1])
            batch = np.full(len(tokens.starts), -1, np.int32)
            batch[learnable] = numbers[distinct]
            yield batch

    def words(self) -> tuple[str, ...]:
        """The words that were read, by number."""
        return tuple(word.decode() for word in list(self._number)[1:])

    def frequencies(self) -> Ints:
        """In how many texts each word occurs (n_words,)."""
        return self._frequencies[: len(self._number) - 1]

    def ends(self) -> Ints:
        """Where the words of each text end, 0 first (n_texts + 1,)."""
        return np.concatenate(self._ends)


def _distinct_words(data: bytes, begins: Ints) -> tuple[Tokens, Ints, Indices, Indices]:
    """The tokens of texts and their distinct words, but for words that are too long to be learned.

    They are the tokens; the indices of those that can be learned; of each of these the index of its distinct word; and
    of each distinct word its first token.
    """
    for seed in range(_MAX_SEEDS):
        tokens = tokens_in(data, begins, MAX_WORD_BYTES, seed)
        short = tokens.short()
        _, first, distinct = np.unique(short.keys, return_index=True, return_inverse=True)
        if short.same(first[distinct]).all():
            learnable = np.flatnonzero(tokens.lengths <= MAX_WORD_BYTES)
            return tokens, learnable, distinct, learnable[first]
    raise ValueError("words cannot be told apart")


def _document_frequencies(words: Indices, ends: Ints, tokens: Ints, count: int) -> Ints:
    """In how many texts each of ``count`` words occurs: the word ``words[i]`` is the token ``tokens[i]``."""
    texts = np.searchsorted(ends, tokens, side="right") - 1
    each = np.unique(words.astype(np.int64) * len(ends) + texts) // len(ends)
    return np.bincount(each, minlength=count)
