"""Characters that are words by themselves, found in many texts at once.

In scripts without blanks between words each character is taken as a word. So the pairs of neighbouring words are
overlapping pairs of characters, as Lucene's ``CJKBigramFilter`` makes them. A character is never torn from what belongs
to it: combining marks, the vowel that Thai and Lao write in front of a consonant, the consonant that Khmer and Burmese
stack below another, and the parts of a Hangul syllable.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.scripts import JOINERS, MARK_LETTERS, WORD_BLOCKS, is_in

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
BLANK = 0x20

_UNKNOWN, _NONE, _LETTER, _WORD, _MARK = range(5)  # kinds: in no word, of a word, a word by itself, a mark
_JOINS = 8  # added to a kind
_LEAD_BITS = np.array([0, 0x7F, 0x1F, 0x0F, 0x07], np.uint8)  # of a first byte that hold bits of the code point
_SIZES = np.repeat(np.array([1, 2, 3, 4], np.uint8), (0xC0, 0x20, 0x10, 0x10))  # bytes of a character by its first one
_KINDS = np.zeros(0x110000, np.uint8)  # filled as characters are met


class Alone(NamedTuple):
    """The characters that are words by themselves, with what belongs to each: bytes from ``begins`` to ``ends``."""

    begins: Ints
    ends: Ints

    def cut_from(self, starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
        """Words, given as ``starts`` and ``lengths``, cut where these characters begin and end; in their order.

        What is left of a word counts if it is more than one byte.
        """
        if not len(self.begins):
            return starts, lengths
        first = np.append(True, self.begins[1:] != self.ends[:-1])
        begins = np.sort(np.concatenate([starts, self.ends[np.append(first[1:], True)]]), kind="stable")
        ends = np.sort(np.concatenate([starts + lengths, self.begins[first]]), kind="stable")
        left = np.flatnonzero(ends - begins > 1)
        begins, ends = np.concatenate([begins[left], self.begins]), np.concatenate([ends[left], self.ends])
        order = np.argsort(begins, kind="stable")
        return begins[order], (ends - begins)[order]


def words_alone(data: bytes) -> tuple[bytes, Alone]:
    """Lower-cased ``data`` with blanks for all characters beyond ASCII that are in no word, and which are words.

    ``data`` is UTF-8 with blanks for all ASCII that is in no word; a blank is at either end.
    """
    text = np.frombuffer(data, np.uint8).copy()
    first = np.flatnonzero(text >= 0xC0)
    sizes = _SIZES.take(text[first])
    kinds = _kinds(_code_points(text, first, sizes))
    first, sizes, kinds = _without(kinds & 7 == _NONE, text, first, sizes, kinds)
    first, sizes, kinds = _without(_loose_marks(text, first, sizes, kinds), text, first, sizes, kinds)
    ends = first + sizes
    beside = np.append(False, first[1:] == ends[:-1])[: len(first)]  # the character before is beyond ASCII, too
    is_part, begins = _parts(kinds, beside)
    parts = np.flatnonzero(is_part)
    last = np.append(np.flatnonzero(begins[parts])[1:], len(parts))[: int(begins.sum())] - 1
    alone = Alone(first[begins], ends[parts[last]])
    # Words of one character are blanked; in ASCII that is done by their length.
    before = (text[first - 1] == BLANK) | (beside & np.append(False, is_part[:-1])[: len(first)])
    after = (text[ends] == BLANK) | np.append(beside[1:] & begins[1:], False)[: len(first)]
    _without(~is_part & before & after, text, first, sizes, kinds)
    return text.tobytes(), alone


def _parts(kinds: Bytes, beside: Flags) -> tuple[Flags, Flags]:
    """Which characters are part of one that is a word by itself, and which of them begin one."""
    is_mark = kinds & 7 == _MARK
    bases = np.maximum.accumulate(np.where(is_mark & beside, 0, np.arange(len(kinds))))
    is_word = kinds & 7 == _WORD
    is_part = is_word[bases]
    joins = is_part & (kinds & _JOINS > 0)
    return is_part, is_word & ~(beside & np.append(False, joins[:-1])[: len(kinds)])


def _loose_marks(text: Bytes, first: Ints, sizes: Bytes, kinds: Bytes) -> Flags:
    """The marks that belong to no character of a word, and the marks behind them."""
    is_mark = kinds & 7 == _MARK
    follows = is_mark & np.append(False, first[1:] == first[:-1] + sizes[:-1])[: len(first)]
    bases = np.maximum.accumulate(np.where(follows, 0, np.arange(len(first))))
    return np.asarray((is_mark & (text[first - 1] == BLANK))[bases])


def _without(gone: Flags, text: Bytes, first: Ints, sizes: Bytes, kinds: Bytes) -> tuple[Ints, Bytes, Bytes]:
    """The characters that are not ``gone``; blanks are written to ``text`` for those that are."""
    if not gone.any():
        return first, sizes, kinds
    for number in range(4):
        text[first[gone & (sizes > number)] + number] = BLANK
    return first[~gone], sizes[~gone], kinds[~gone]


def _code_points(text: Bytes, first: Ints, sizes: Bytes) -> Ints:
    """The code points of the characters that begin at ``first`` and take ``sizes`` bytes."""
    codes = (text[first] & _LEAD_BITS[sizes]).astype(np.int64)
    for number in range(1, 4):
        longer = np.flatnonzero(sizes > number)
        codes[longer] = codes[longer] << 6 | text[first[longer] + number] & 0x3F
    return codes


def _kinds(codes: Ints) -> Bytes:
    """The kind of each code point."""
    kinds = _KINDS.take(codes)
    if not kinds.all():
        for code in np.unique(codes[kinds == _UNKNOWN]).tolist():
            _KINDS[code] = _kind(chr(code))
        kinds = _KINDS.take(codes)
    return kinds


def _kind(char: str) -> int:
    joins = _JOINS * is_in(char, JOINERS)
    if is_in(char, MARK_LETTERS) or unicodedata.category(char)[0] == "M":
        return _MARK + joins
    if not char.isalnum():
        return _NONE
    return _WORD + joins if is_in(char, WORD_BLOCKS) and not char.isdecimal() else _LETTER
