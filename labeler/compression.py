"""Compressed files: gzip, bzip2, xz and Zstandard, opened by their first bytes and read in bounded memory.

What becomes many times as large as the file is no file of papers, but made to fill a disk or the memory (a "zip bomb",
CWE-409): it is refused as soon as that shows.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol, cast

from labeler.errors import InputError
from labeler.files import os_message

MOST_TIMES = 250  # as large as a compressed file: JSON that says the same in each record gets to a hundred times
HARMLESS = 1 << 28  # bytes that may come out of any file
ENDINGS = (".gz", ".bz2", ".xz", ".zst")
START = 512  # bytes by which a file is known
_PIECE = 1 << 16
_SMALL = 1 << 10  # bytes of Zstandard taken at once: each may become thirty thousand


class _Decompressor(Protocol):
    """What both libraries of Zstandard offer."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes) -> bytes:
        """What can be told of the content by these bytes."""
        ...


def may_be_packed(path: str) -> bool:
    """Whether a local file may be an archive, by its first bytes: what looks closer takes time to load."""
    try:
        if not Path(path).is_file():  # a pipe can be read once
            return False
        with Path(path).open("rb") as stream:
            start = stream.read(START)
    except OSError:  # said where it is read
        return False
    return b"\0" in start or start.startswith(b"PK") or _opener(start) is not None


def decompressed(stream: io.BufferedReader, name: str) -> io.BufferedReader | None:
    """The content of a compressed file; None where it is none. ``name`` is what errors call it.

    Reading from it raises an :class:`InputError` where the file is damaged, or would become far too large.

    Raises:
        InputError: it needs a package that is not installed.
        OSError: it cannot be read.
    """
    opener = _opener(stream.peek(START)[:START])
    if opener is None:
        return None
    counted = _Counted(stream)
    content = opener(io.BufferedReader(counted, _PIECE), name)
    return io.BufferedReader(_Bounded(content, counted, name), _PIECE)


def refuse_bomb(size: int, compressed: int, name: str) -> None:
    """Refuse what becomes far larger than it is compressed.

    Raises:
        InputError: it is one that does.
    """
    if size > HARMLESS and size > MOST_TIMES * compressed:
        raise InputError(
            f"{name} becomes more than {MOST_TIMES} times as large when it is unpacked, as files do that are made to "
            "fill a disk",
            "unpack it and give the files in it, if you trust it",
        )


class _Counted(io.RawIOBase):
    """A stream that counts what is read from it."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Always, as :class:`io.RawIOBase` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there is content, and return how many bytes that is (:class:`io.RawIOBase`)."""
        piece = self._stream.read1(len(buffer))
        self.count += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close this and what it reads from."""
        self._stream.close()
        super().close()


class _Bounded(io.RawIOBase):
    """What a compressed file holds; damage is an error in words, and so is what grows too much."""

    def __init__(self, content: IO[bytes], compressed: _Counted, name: str) -> None:
        self._content, self._compressed, self._name = content, compressed, name
        self._count = 0

    def readable(self) -> bool:
        """Always, as :class:`io.RawIOBase` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there is content, and return how many bytes that is (:class:`io.RawIOBase`)."""
        try:
            piece = cast("io.BufferedReader", self._content).read1(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise damaged(self._name, error) from error
        self._count += len(piece)
        refuse_bomb(self._count, self._compressed.count, self._name)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close this and what it reads from."""
        self._content.close()
        self._compressed.close()
        super().close()


def damaged(name: str, error: Exception) -> InputError:
    """The error for a file that cannot be read on: what the system says, or that it is damaged."""
    reason = os_message(error) if isinstance(error, OSError) and error.errno else f"damaged ({error})"
    return InputError(f"cannot read {name}: {reason}", "fetch or copy it again")


class _Zstd(io.RawIOBase):
    """The content of a file in the format of Zstandard, of one frame or several (RFC 8878)."""

    def __init__(self, stream: io.BufferedReader, name: str) -> None:
        self._new, self._error = _zstd(name)
        self._stream, self._decompressor = stream, self._new()
        self._ready = memoryview(b"")
        self._is_begun = False

    def readable(self) -> bool:
        """Always, as :class:`io.RawIOBase` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there is content, and return how many bytes that is (:class:`io.RawIOBase`)."""
        while not self._ready:
            piece = self._decompressor.unused_data if self._decompressor.eof else b""
            if not (piece := piece or self._stream.read(_SMALL)):
                if self._is_begun and not self._decompressor.eof:
                    raise EOFError("it ends before its end")
                return 0
            self._ready = memoryview(self._decompress(piece))
        taken, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _decompress(self, piece: bytes) -> bytes:
        if self._decompressor.eof:
            self._decompressor = self._new()
        self._is_begun = True
        try:
            return self._decompressor.decompress(piece)
        except self._error as error:
            raise EOFError(str(error)) from error

    def close(self) -> None:
        """Close this and what it reads from."""
        self._stream.close()
        super().close()


def _zstd(name: str) -> tuple[Callable[[], _Decompressor], type[Exception]]:
    """What makes a decompressor, and the error that it raises: Python's own from 3.14 on, before that a package's."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]

        return zstd.ZstdDecompressor, zstd.ZstdError
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError as error:
        raise InputError(
            f"{name} is compressed with Zstandard, which needs a package", "pip install 'labeler[zstd]'"
        ) from error
    decompressor = zstandard.ZstdDecompressor()
    return cast("Callable[[], _Decompressor]", decompressor.decompressobj), zstandard.ZstdError


_OPENERS: tuple[tuple[bytes, Callable[[io.BufferedReader, str], Any]], ...] = (
    (b"\x1f\x8b", lambda stream, _: gzip.GzipFile(fileobj=stream)),
    (b"BZh", lambda stream, _: bz2.BZ2File(stream)),
    (b"\xfd7zXZ\x00", lambda stream, _: lzma.LZMAFile(stream)),  # noqa: SIM115
    (b"\x28\xb5\x2f\xfd", lambda stream, name: io.BufferedReader(_Zstd(stream, name), _PIECE)),
)


def _opener(start: bytes) -> Callable[[io.BufferedReader, str], Any] | None:
    return next((opener for magic, opener in _OPENERS if start.startswith(magic)), None)
