"""Bytes to text: which encoding a file has, and a stream of UTF-8 made of files that mix encodings.

Old exports are Windows-1252, often without saying so, and their first accent may come late in the file. A byte that is
not UTF-8 therefore decides: before any letter of UTF-8, all that follows is Windows-1252; after one, the file is UTF-8,
and only the odd bytes are interpreted as Windows-1252.
"""

from __future__ import annotations

import codecs
import io
from typing import Any

from labeler.digests.charsets import old_encoding
from labeler.patterns import pattern

UTF_8 = "utf-8-sig"
OLD = "cp1252"
HEAD = 1 << 16  # bytes by which an encoding is recognised
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS, _ZEROS_MORE = 0.02, 2  # share of zeros in UTF-16, in any script, at the one of two bytes that has them
_FEWEST_ZEROS = 8
_LONGEST = 3  # bytes of a letter that a piece may end with and not complete
_SAMPLE = 512
_CUT = "unexpected end of data"  # the reason that Python gives for a letter that is not complete
_ODD = "labeler.odd"
_NO_WORD = pattern(r"(?<!\w)ÿ(?!\w)")


def encoding_of(head: bytes) -> str:
    """The encoding that a file with this beginning is read in: UTF-16 or UTF-32, UTF-8, else an old one.

    Without a byte order mark, UTF-16 shows in the zeros of its first letters. An old encoding is of what has more bytes
    that are not UTF-8 than letters that are: Windows-1252 for Latin letters, one of :func:`old_encoding` for others,
    ``""`` if it cannot be told. What the beginning does not show is up to :class:`Utf8Stream`.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    first, second = head[:_SAMPLE:2], head[1:_SAMPLE:2]
    if _has_zeros(second) and second.count(0) > _ZEROS_MORE * first.count(0):
        return "utf-16-le"
    if _has_zeros(first) and first.count(0) > _ZEROS_MORE * second.count(0):
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # which may end inside a letter
    except UnicodeDecodeError:
        letters = sum(not letter.isascii() for letter in head.decode(errors="ignore"))
        if head.decode(errors="replace").count("\ufffd") > letters:
            found = old_encoding(head)
            return OLD if found is None else found
    return UTF_8


def _has_zeros(every_other: bytes) -> bool:
    zeros = every_other.count(0)
    return zeros * 2 > len(every_other) or zeros >= max(_FEWEST_ZEROS, _ZEROS * len(every_other))


def decode(data: bytes, encoding: str) -> str:
    """The text of some bytes in an encoding of :func:`encoding_of`; what cannot be decoded becomes U+FFFD."""
    if encoding != UTF_8:
        return data.decode(encoding or OLD, "replace")
    return _Recoder(not data[:HEAD].isascii()).recode(data, True).decode(encoding)


def decode_text(data: bytes) -> str:
    """The text of a whole file, in the encoding that it has."""
    return decode(data, encoding_of(data[:HEAD]))


class Utf8Stream(io.RawIOBase):
    """The bytes of a stream as UTF-8: those that are not are interpreted as Windows-1252.

    ``is_utf_8`` says that the beginning is known to be UTF-8, of more than ASCII letters.
    """

    def __init__(self, stream: io.BufferedReader, is_utf_8: bool = False) -> None:
        self._stream, self._recoder = stream, _Recoder(is_utf_8)
        self._ready = b""

    def readable(self) -> bool:
        """Always true, which :class:`io.RawIOBase` needs to know."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as the next piece goes: how many bytes that are."""
        while not self._ready:
            piece = self._stream.read1(len(buffer))
            self._ready = self._recoder.recode(piece, not piece)
            if not piece:
                break
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close what is read from, too."""
        self._stream.close()
        super().close()


class _Recoder:
    """Pieces of a file to pieces of UTF-8; what a piece ends with and does not complete goes before the next one."""

    def __init__(self, is_utf_8: bool) -> None:
        self._left = b""
        self._is_old, self._is_utf_8 = False, is_utf_8

    def recode(self, piece: bytes, last: bool) -> bytes:
        """The piece in UTF-8."""
        data, self._left = self._left + piece, b""
        if data.isascii():
            return data
        if self._is_old:
            return _old(data).encode()
        try:
            data.decode()
        except UnicodeDecodeError as error:
            return self._recode_odd(data, error, last)
        self._is_utf_8 = self._is_utf_8 or not data.removeprefix(codecs.BOM_UTF8).isascii()
        return data

    def _recode_odd(self, data: bytes, error: UnicodeDecodeError, last: bool) -> bytes:
        if error.reason == _CUT and not last:
            self._left, data = data[error.start :], data[: error.start]
            self._is_utf_8 = self._is_utf_8 or not data.removeprefix(codecs.BOM_UTF8).isascii()
            return data
        if not self._is_utf_8 and data[: error.start].removeprefix(codecs.BOM_UTF8).isascii():
            self._is_old = True
            return data[: error.start] + _old(data[error.start :]).encode()
        self._is_utf_8 = True
        if not last and (ending := _incomplete(data)):
            self._left, data = data[-ending:], data[:-ending]
        return data.decode(errors=_ODD).encode()


def _incomplete(data: bytes) -> int:
    """How many bytes at the end begin a letter that is not complete."""
    for count in range(1, min(_LONGEST, len(data)) + 1):
        try:
            data[-count:].decode()
        except UnicodeDecodeError as error:
            if error.start == 0 and error.reason == _CUT:
                return count
    return 0


def _old(data: bytes) -> str:
    """The text of bytes in Windows-1252. A byte 255 that stands alone is damage: no word is ``ÿ``."""
    text = data.decode(OLD, "replace")
    return _NO_WORD.sub("\ufffd", text) if b"\xff" in data else text


def _as_old(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _old(error.object[error.start : error.end]), error.end


codecs.register_error(_ODD, _as_old)
