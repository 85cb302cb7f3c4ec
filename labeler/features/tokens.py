"""A tokenizer for many texts at once: words are positions in one array of bytes, and are told apart by hash keys.

The words are those of a :class:`~labeler.features.terms.Tokenizer` in lower-cased texts. Python's own tables decide
what is a letter beyond ASCII and how it is lower-cased, so the words are right for the Python version that runs. After
that bytes are enough: every byte from 0x80 on belongs to a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.characters import BLANK, words_alone
from labeler.features.terms import NEWEST, Tokenizer

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
BLOCK = 8  # bytes that are read at once
MAX_WORD_BYTES = 1024  # of a word that can be learned; nobody writes longer ones
AT_ONCE = 1024  # texts of a batch; with fewer, lookups and weights evict each other from the processor's caches
_MAX_BATCH_CHARACTERS = 1 << 22  # intermediate arrays take many times the memory of the texts
_PADDING = b" " * 40  # so that blocks can be read beyond the end
_LOWER_CASE = bytes(
    byte if byte > 0x7F else ord(chr(byte).lower()) if chr(byte).isalnum() else byte for byte in range(256)
)
_WORD_OR_BLANK = bytes(byte if byte > 0x7F or chr(byte).isalnum() or byte == 0x5F else BLANK for byte in _LOWER_CASE)
_NO_WORD = re.compile(r"[^\x00-\x7f](?:(?<=\W)|(?<!\w.)(?!\w))")
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(BLOCK)] + [2**64 - 1], dtype=np.uint64)
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SHIFTS = np.uint64(32), np.uint64(29)


class Tokens(NamedTuple):
    """The words of some texts, in their order.

    Word i is ``lengths[i]`` bytes from ``starts[i]`` on. ``keys[i]`` (64 bits) is a hash of it: words of up to eight
    bytes never share one, longer words may, by chance or malice. ``longer`` are the indices of words of more than
    eight bytes. The words of text i are those from ``ends[i]`` to ``ends[i + 1]`` (n_texts + 1,).
    """

    data: bytes
    starts: Ints
    lengths: Ints
    keys: Keys
    longer: Ints
    ends: Ints

    def block(self, tokens: Ints, number: int) -> Keys:
        """Eight bytes of each of some ``tokens``: their block ``number``, which must be a full one."""
        return np.asarray(_blocks(self.data)[self.starts[tokens] + number * BLOCK])

    def same(self, others: Ints) -> npt.NDArray[np.bool_]:
        """Whether each token is the same word as the token ``others[i]``, which has the same key."""

        def other_block(tokens: Ints, number: int) -> Keys:
            return self.block(others[tokens], number)

        return same_words(self.lengths, self.lengths[others], self.block, other_block)

    def short(self) -> Tokens:
        """The words that can be learned: those of at most ``MAX_WORD_BYTES`` bytes."""
        kept = np.flatnonzero(self.lengths <= MAX_WORD_BYTES)
        lengths, ends = self.lengths[kept], np.searchsorted(kept, self.ends)
        longer = np.flatnonzero(lengths > BLOCK)
        return Tokens(self.data, self.starts[kept], lengths, self.keys[kept], longer, ends)

    def word(self, token: int) -> bytes:
        """One word, in UTF-8."""
        start = int(self.starts[token])
        return self.data[start : start + int(self.lengths[token])]


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in batches of ``AT_ONCE``, and of fewer where they are long."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if len(batch) == AT_ONCE or size >= _MAX_BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def encoded(texts: Sequence[str], tokenizer: Tokenizer = NEWEST) -> tuple[bytes, Ints]:
    """All texts as bytes, a line break after each, and where each begins (n_texts + 1,)."""
    in_bytes = beyond_ascii if tokenizer is Tokenizer.WORDS else in_utf8
    # A character a byte: so they are joined before they are bytes, which is faster.
    parts = [text if text.isascii() else in_bytes(tokenizer.prepared(text)).decode("latin-1") for text in texts]
    begins = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)) + 1, out=begins[1:])
    return "\n".join([*parts, ""]).encode("latin-1"), begins


def beyond_ascii(text: str) -> bytes:
    """A lower-cased text in UTF-8, with blanks for words of one character, and for non-ASCII that is in no word."""
    return _NO_WORD.sub(" ", text).encode()


def in_utf8(text: str) -> bytes:
    """A text in UTF-8; half a character becomes a code point that is no letter."""
    return text.encode("utf-8", "surrogatepass")


def tokens_in(
    data: bytes,
    begins: Ints,
    longest: int = MAX_WORD_BYTES,
    seed: int = 0,
    tokenizer: Tokenizer = NEWEST,
) -> Tokens:
    """The words of texts that are :func:`encoded` for this ``tokenizer``. Another ``seed`` gives other keys.

    Of a word of more than ``longest`` bytes, rounded up to whole blocks, the key depends on the first ones alone.
    """
    padded, alone = b" " + data.translate(_WORD_OR_BLANK) + _PADDING, None
    if tokenizer is not Tokenizer.WORDS and not data.isascii():
        padded, alone = words_alone(padded)
    blanks = np.flatnonzero(np.frombuffer(padded, np.uint8)[: len(data) + 2] == BLANK)
    lengths = np.diff(blanks) - 1
    words = np.flatnonzero(lengths > 1)
    starts, lengths = blanks[words] + 1, lengths[words]
    if alone is not None:
        starts, lengths = alone.cut_from(starts, lengths)
    longer = np.flatnonzero(lengths > BLOCK)
    keys = _keys(padded, starts, lengths, longer, longest, seed)
    return Tokens(padded, starts, lengths, keys, longer, np.searchsorted(starts, begins + 1))


def same_words(
    lengths: npt.NDArray[np.integer[Any]],
    other_lengths: npt.NDArray[np.integer[Any]],
    block: Callable[[Ints, int], Keys],
    other_block: Callable[[Ints, int], Keys],
) -> npt.NDArray[np.bool_]:
    """Whether the two words of each pair are the same, given that their keys are.

    They are if their lengths and all their blocks but the last are equal. ``block(pairs, number)`` returns a block of
    the first words of some pairs, and ``other_block`` of their second words.
    """
    same = lengths == other_lengths
    pairs, number = np.flatnonzero(same & (lengths > BLOCK)), 0
    while len(pairs):
        equal = block(pairs, number) == other_block(pairs, number)
        same[pairs[~equal]] = False
        number += 1
        pairs = pairs[equal & (lengths[pairs] > (number + 1) * BLOCK)]
    return np.asarray(same)


def _keys(data: bytes, starts: Ints, lengths: Ints, longer: Ints, longest: int, seed: int) -> Keys:
    """The key of each word. A word of one block is its own key; each further block is mixed in by a bijection.

    So two words of one key and one length are the same if all their blocks but the last are.
    """
    blocks = _blocks(data)
    keys = blocks[starts]
    keys &= _MASKS.take(lengths, mode="clip")
    if seed:
        keys ^= _mixed(np.full(1, seed, np.uint64))
    number = 1
    while len(longer) and number * BLOCK < longest:
        left = lengths[longer] - number * BLOCK
        block = blocks[starts[longer] + number * BLOCK] & _MASKS.take(left, mode="clip")
        keys[longer] = _mixed((keys[longer] * _MULTIPLIERS[1] ^ block) * _MULTIPLIERS[2] + np.uint64(number))
        longer, number = longer[left > BLOCK], number + 1
    return keys


def _mixed(keys: Keys) -> Keys:
    """``keys`` (a temporary array, which is reused) with their bits mixed, one to one."""
    keys ^= keys >> _SHIFTS[0]
    keys *= _MULTIPLIERS[0]
    keys ^= keys >> _SHIFTS[1]
    return keys


def _blocks(data: bytes) -> Keys:
    """The eight bytes that begin at each byte of ``data``, as numbers."""
    return np.ndarray((len(data) - BLOCK + 1,), np.dtype("<u8"), buffer=data, strides=(1,))
