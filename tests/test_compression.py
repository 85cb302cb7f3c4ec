"""Compressed files: each kind is read, damage is an error in words, and what grows without measure is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from labeler import compression
from labeler.compression import decompressed
from labeler.errors import InputError

KINDS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
kinds = pytest.mark.parametrize("compress", KINDS.values(), ids=KINDS)


def content(data: bytes) -> bytes | None:
    stream = decompressed(io.BufferedReader(io.BytesIO(data)), "a.txt")  # type: ignore[arg-type]
    return None if stream is None else stream.read()


@kinds
@given(data=st.binary(max_size=3000), times=st.integers(1, 60))
def test_what_was_compressed_is_read_back(compress: Callable[[bytes], bytes], data: bytes, times: int) -> None:
    assert content(compress(data * times)) == data * times


def test_other_files_are_no_compressed_ones() -> None:
    assert content(b"title,abstract\n") is None


@kinds
def test_several_streams_in_one_file_are_one(compress: Callable[[bytes], bytes]) -> None:
    assert content(compress(b"one ") + compress(b"two ") + compress(b"three")) == b"one two three"


@kinds
def test_a_file_that_breaks_off_is_damaged(compress: Callable[[bytes], bytes]) -> None:
    data = compress(random.Random(1).randbytes(300_000))
    with pytest.raises(InputError, match=r"cannot read a\.txt: damaged"):
        content(data[:-1000])


@kinds
def test_a_file_that_was_changed_is_damaged(compress: Callable[[bytes], bytes]) -> None:
    data = bytearray(compress(random.Random(1).randbytes(300_000)))
    data[20_000:20_100] = bytes(100)
    with pytest.raises(InputError, match=r"cannot read a\.txt: damaged"):
        content(bytes(data))


@kinds
def test_what_grows_without_measure_is_refused(
    compress: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "HARMLESS", 1 << 20)
    assert content(compress(bytes(1 << 20))) == bytes(1 << 20)  # which harms nobody
    with pytest.raises(InputError, match=r"a\.txt becomes more than 250 times as large"):
        content(compress(bytes(9 << 20)))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    with pytest.raises(InputError, match=r"needs a package; pip install 'labeler\[zstd\]'"):
        content(zstandard.compress(b"a"))
