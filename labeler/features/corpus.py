"""Many texts as the numbers of their words: they are read once, and counted and weighed as numbers from then on.

The numbers may lie in a file, so that neither the texts nor what is worked out from them need fit into memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from labeler.features.stored import mapped
from labeler.features.terms import APART, laid_out
from labeler.features.tokens import LONGEST, Ints, Keys, Tokens, batches, encoded, tokens_in

if TYPE_CHECKING:
    from scipy import sparse

    from labeler.features.rows import Rows
    from labeler.features.tfidf import Tfidf

Places = npt.NDArray[np.intp]
MOST_WORDS = 1 << 20  # of which pairs can be counted
_SEEDS = 64
_BLOCK = 1 << 22  # words that are looked at in one go
_COUNTED = 1 << 18  # words whose terms are counted in one go, for the processor's caches
_SHARE = 1 << 25  # words whose pairs are counted in one go: a quarter of a gigabyte
_TEXTS = 24  # bits of a text's place in a block


@dataclass(frozen=True)
class Corpus:
    """``numbers`` are the words of all texts in their order, those of text i from ``ends[i]`` to ``ends[i + 1]``.

    Number n is the word ``words[n]``, which stands in ``frequencies[n]`` texts. -1 is what is no term: what keeps the
    parts of a text apart, and words of more than a thousand bytes.
    """

    words: tuple[str, ...]
    frequencies: Ints
    numbers: npt.NDArray[np.int32]
    ends: Ints

    @classmethod
    def of(cls, texts: Iterable[str], file: Path | None = None) -> Corpus:
        """The corpus of these texts, its numbers in memory or in a new ``file``, which must stay there."""
        if file is None:
            held = io.BytesIO()
            words, frequencies, ends = _read(texts, held)
            return cls(words, frequencies, np.frombuffer(held.getbuffer(), np.int32), ends)
        with file.open("wb") as out:
            words, frequencies, ends = _read(texts, out)
        return cls(words, frequencies, mapped(file, np.int32), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def often(self, fewest: int) -> tuple[Ints, Ints]:
        """The words, most frequent first, that at least ``fewest`` texts hold, and how many do: of at most so many
        words that their pairs can be counted."""
        found = np.flatnonzero(self.frequencies >= fewest)
        found = found[np.argsort(-self.frequencies[found], kind="stable")][:MOST_WORDS]
        return found, self.frequencies[found]

    def rows(self, tfidf: Tfidf) -> Iterator[Rows]:
        """The rows of all texts, some at a time."""
        number = {tfidf.vocabulary.words.text(place): place for place in range(len(tfidf.vocabulary.words))}
        known = np.array([*(number.get(word, len(number)) for word in self.words), len(number)])  # one more, for -1
        for begin, end in self.blocks(_COUNTED):
            ends = self.ends[begin : end + 1]
            yield tfidf.weighted(tfidf.vocabulary.counted(known[self.numbers[ends[0] : ends[-1]]], ends - ends[0]))

    def matrix(self, tfidf: Tfidf) -> sparse.csr_matrix:
        """The rows of all texts for scipy: a sparse matrix (n_texts, n_terms)."""
        from scipy import sparse

        parts = [rows.sparse() for rows in self.rows(tfidf)]
        return sparse.csr_matrix(sparse.vstack(parts)) if parts else tfidf.transform([])

    def pairs(self, words: Ints, fewest: int) -> tuple[Ints, Ints, Ints]:
        """Pairs of ``words`` that stand side by side in at least ``fewest`` texts, and in how many (three times (n,)).

        ``words`` are at most ``MOST_WORDS`` numbers, each once; a pair is told by the places of its two among them, and
        pairs are in the order of these.
        """
        place = np.full(len(self.words) + 1, -1)  # one more, for -1
        place[words] = np.arange(len(words))
        shares = 1 + len(self.numbers) // _SHARE
        found = [self._pairs(place, fewest, share, shares) for share in range(shares)]
        keys, counts = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.argsort(keys)
        keys, counts = keys[order].view(np.int64), counts[order]
        return keys // MOST_WORDS, keys % MOST_WORDS, counts

    def blocks(self, most: int = _BLOCK) -> Iterator[tuple[int, int]]:
        """Where blocks of whole texts of about ``most`` words begin and end."""
        begin = 0
        while begin < len(self):
            end = int(np.searchsorted(self.ends, self.ends[begin] + most, side="right")) - 1
            end = min(max(end, begin + 1), begin + (1 << _TEXTS))
            yield begin, end
            begin = end

    def _pairs(self, place: Ints, fewest: int, share: int, shares: int) -> tuple[Keys, Ints]:
        """Those whose first word is of one share of the words, told as ``first * MOST_WORDS + second``."""
        every: list[Keys] = [np.empty(0, np.uint64)]
        for begin, end in self.blocks():
            numbers = place[self.numbers[self.ends[begin] : self.ends[end]]]
            ends = self.ends[begin : end + 1] - self.ends[begin]
            inside = (numbers[:-1] >= 0) & (numbers[1:] >= 0)
            inside[ends[1:-1][(ends[1:-1] > 0) & (ends[1:-1] < len(numbers))] - 1] = False
            if shares > 1:
                inside &= numbers[:-1] % shares == share
            first = np.flatnonzero(inside)
            texts = np.searchsorted(ends, first, side="right") - 1
            keys = (numbers[first] * MOST_WORDS + numbers[first + 1]) << _TEXTS | texts
            every.append(np.unique(keys.view(np.uint64)) >> np.uint64(_TEXTS))
        keys = np.concatenate(every)
        keys.sort()
        begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.intp)
        counts = np.diff(np.append(begins, len(keys)))
        often = counts >= fewest
        return np.asarray(keys[begins[often]]), np.asarray(counts[often])


def _read(texts: Iterable[str], out: IO[bytes]) -> tuple[tuple[str, ...], Ints, Ints]:
    """Words, frequencies and ends of the texts, whose numbers are written."""
    known = {APART.encode(): -1}
    frequencies: Ints = np.zeros(1, np.int64)
    ends: list[Ints] = [np.zeros(1, np.int64)]
    for run, begins in map(encoded, batches(map(laid_out, texts))):
        tokens, kept, places, first = _different_words(run, begins)
        numbers = np.array([known.setdefault(tokens.word(int(where)), len(known) - 1) for where in first], np.int32)
        while len(known) > len(frequencies):
            frequencies = np.concatenate([frequencies, np.zeros_like(frequencies)])
        is_word = numbers >= 0
        frequencies[numbers[is_word]] += _texts_with(places, tokens.ends, kept, len(first))[is_word]
        told = np.full(len(tokens.starts), -1, np.int32)
        told[kept] = numbers[places]
        out.write(told.tobytes())
        ends.append(tokens.ends[1:] + ends[-1][-1])
    words = tuple(word.decode() for word in list(known)[1:])
    return words, frequencies[: len(words)], np.concatenate(ends)


def _different_words(run: bytes, begins: Ints) -> tuple[Tokens, Ints, Places, Places]:
    """Tokens, which of them can be learned, the number of each such one's word, and where each word stands first."""
    for seed in range(_SEEDS):
        tokens = tokens_in(run, begins, LONGEST, seed)
        short = tokens.short()
        _, first, places = np.unique(short.keys, return_index=True, return_inverse=True)
        if short.same(first[places]).all():
            kept = np.flatnonzero(tokens.lengths <= LONGEST)
            return tokens, kept, places, kept[first]
    raise ValueError("words cannot be told apart")


def _texts_with(things: Places, ends: Ints, tokens: Ints, count: int) -> Ints:
    """In how many texts each of ``count`` things stands: ``things[i]`` at the token ``tokens[i]``."""
    texts = np.searchsorted(ends, tokens, side="right") - 1
    each = np.unique(things.astype(np.int64) * len(ends) + texts) // len(ends)
    return np.bincount(each, minlength=count)
