"""The words of many texts at once, as positions in one run of bytes.

They are those of scikit-learn's ``token_pattern`` in lower-cased texts. What is a letter beyond ASCII, and how it is
lower-cased, Python's own tables say, so that it is right for the Python that runs. Bytes are then enough: every byte
from 0x80 on belongs to a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
BLOCK = 8  # bytes that are read at once
LONGEST = 1024  # bytes of a word that can be learned; nobody writes longer ones
AT_ONCE = 1024  # texts: with fewer, look-ups and weights drive one another out of the processor's caches too often
_MOST = 1 << 22  # characters of texts at once: what is worked out of them takes many times their room
_PADDING = b" " * 40  # so that blocks can be read beyond the end
_BLANK = 0x20
_ASCII = bytes(byte if byte > 0x7F else ord(chr(byte).lower()) if chr(byte).isalnum() else byte for byte in range(256))
_SHAPE = bytes(byte if byte > 0x7F or chr(byte).isalnum() or byte == 0x5F else _BLANK for byte in _ASCII)
_NO_WORD = re.compile(r"[^\x00-\x7f](?:(?<=\W)|(?<!\w.)(?!\w))")
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(BLOCK)] + [2**64 - 1], dtype=np.uint64)
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_HALF, _SHORT = np.uint64(32), np.uint64(29)


class Tokens(NamedTuple):
    """The words of some texts, in their order.

    Word i is ``lengths[i]`` bytes from ``starts[i]`` on; ``keys[i]`` (64 bits) tells words of up to eight bytes apart
    for certain, and those that are ``longer``, told by their places, unless chance or malice had it. ``ends``
    (n_texts + 1,) says which words are whose.
    """

    data: bytes
    starts: Ints
    lengths: Ints
    keys: Keys
    longer: Ints
    ends: Ints

    def block(self, which: Ints, number: int) -> Keys:
        """Eight bytes each of the words ``which``: those of their block ``number``, which must be a full one."""
        return np.asarray(_blocks(self.data)[self.starts[which] + number * BLOCK])

    def same(self, which: Ints) -> npt.NDArray[np.bool_]:
        """Whether each word is the word number ``which[i]``, whose key it has."""

        def theirs(some: Ints, number: int) -> Keys:
            return self.block(which[some], number)

        return same_words(self.lengths, self.lengths[which], self.block, theirs)

    def short(self) -> Tokens:
        """Those that can be learned, of at most ``LONGEST`` bytes."""
        kept = np.flatnonzero(self.lengths <= LONGEST)
        lengths, ends = self.lengths[kept], np.searchsorted(kept, self.ends)
        longer = np.flatnonzero(lengths > BLOCK)
        return Tokens(self.data, self.starts[kept], lengths, self.keys[kept], longer, ends)

    def word(self, which: int) -> bytes:
        """One word, in UTF-8."""
        start = int(self.starts[which])
        return self.data[start : start + int(self.lengths[which])]


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts, ``AT_ONCE`` at a time, and fewer where they are long."""
    part: list[str] = []
    size = 0
    for text in texts:
        part.append(text)
        size += len(text)
        if len(part) == AT_ONCE or size >= _MOST:
            yield part
            part, size = [], 0
    if part:
        yield part


def encoded(texts: Sequence[str]) -> tuple[bytes, Ints]:
    """Texts as one run of bytes, a line break after each, and where each begins (n_texts + 1,)."""
    # A character a byte: so they are joined before they are bytes, which is faster.
    parts = [text if text.isascii() else beyond_ascii(text).decode("latin-1") for text in texts]
    begins = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)) + 1, out=begins[1:])
    return "\n".join([*parts, ""]).encode("latin-1"), begins


def beyond_ascii(text: str) -> bytes:
    """A text in lower case, in which what is neither ASCII nor of a word is blank, as are words of one character."""
    return _NO_WORD.sub(" ", text.lower()).encode()


def tokens_in(run: bytes, begins: Ints, longest: int = LONGEST, seed: int = 0) -> Tokens:
    """The words of texts that are :func:`encoded`. Another ``seed`` gives other keys.

    Of words of more than ``longest`` bytes the keys tell only how they begin.
    """
    data = b" " + run.translate(_SHAPE) + _PADDING
    blanks = np.flatnonzero(np.frombuffer(data, np.uint8)[: len(run) + 2] == _BLANK)
    lengths = np.diff(blanks) - 1
    several = np.flatnonzero(lengths > 1)
    starts, lengths = blanks[several] + 1, lengths[several]
    longer = np.flatnonzero(lengths > BLOCK)
    keys = _keys(data, starts, lengths, longer, longest, seed)
    return Tokens(data, starts, lengths, keys, longer, np.searchsorted(starts, begins + 1))


def same_words(
    lengths: npt.NDArray[np.integer[Any]],
    others: npt.NDArray[np.integer[Any]],
    block: Callable[[Ints, int], Keys],
    other_block: Callable[[Ints, int], Keys],
) -> npt.NDArray[np.bool_]:
    """Whether words are the same, pair by pair, whose keys are: their lengths, and all their blocks but the last.

    ``block(some, number)`` gives a block of some of them, and ``other_block`` of those beside them.
    """
    same = lengths == others
    rest, number = np.flatnonzero(same & (lengths > BLOCK)), 0
    while len(rest):
        alike = block(rest, number) == other_block(rest, number)
        same[rest[~alike]] = False
        number += 1
        rest = rest[alike & (lengths[rest] > (number + 1) * BLOCK)]
    return np.asarray(same)


def _keys(data: bytes, starts: Ints, lengths: Ints, longer: Ints, longest: int, seed: int) -> Keys:
    """Of a word of one block, it is the key. Each further step is one to one in the block that it takes in.

    So words of one key and one length are the same if all their blocks but the last are.
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
        keys[longer] = _mixed((keys[longer] * _ODD[1] ^ block) * _ODD[2] + np.uint64(number))
        longer, number = longer[left > BLOCK], number + 1
    return keys


def _mixed(keys: Keys) -> Keys:
    keys ^= keys >> _HALF
    keys *= _ODD[0]
    keys ^= keys >> _SHORT
    return keys


def _blocks(data: bytes) -> Keys:
    """The eight bytes at every place of ``data``."""
    return np.ndarray((len(data) - BLOCK + 1,), np.dtype("<u8"), buffer=data, strides=(1,))
