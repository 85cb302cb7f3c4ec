"""Encodings: what a file's bytes are, wherever the first odd one stands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.decoding import Utf8Stream, decode_text, encoding_of
from tests.digests.factories import read

_LETTERS = st.text("ab c,é’日€ü𝄞", max_size=40)
_BYTES = st.lists(st.sampled_from([b"a", b" ", b"\xe9", b"\xc3\xa9", b"\x93", b"\xe2\x80\x99", b"\xff", b"\xf0"])).map(
    b"".join
)


def _streamed(data: bytes, size: int) -> bytes:
    return io.BufferedReader(Utf8Stream(io.BufferedReader(io.BytesIO(data), size)), size).read()


@settings(deadline=None)
@given(_LETTERS, st.integers(1, 9))
def test_utf_8_stays_as_it_is(text: str, size: int) -> None:
    assert _streamed(text.encode(), size) == text.encode()
    assert decode_text(text.encode()) == text


@settings(deadline=None)
@given(st.text("ab é’ü ", max_size=30), st.integers(1, 9))
def test_what_follows_the_first_odd_byte_is_windows_1252(text: str, size: int) -> None:
    data = b"Plain caf\xe9s, " + text.encode("cp1252")
    assert _streamed(data, size).decode() == data.decode("cp1252")


@settings(deadline=None)
@given(_BYTES, st.integers(1, 5))
def test_pieces_are_decoded_as_the_whole_is(data: bytes, size: int) -> None:
    assert _streamed(data, size) == _streamed(data, 1 << 16)
    _streamed(data, size).decode()


def test_one_odd_byte_in_a_file_of_utf_8_changes_no_other_letter(tmp_path: Path) -> None:
    rows = "".join(f"論文 {number},日本語の要旨 {number}\n" for number in range(300)).encode()
    for data in (b"title,abstract\n" + rows + b"caf\xe9,b\n" + rows[:40], b"title,abstract\ncaf\xe9,b\n" + rows):
        reading = read(tmp_path, "a.csv", data)
        assert {"論文 1", "論文 299", "café"} <= {paper.title for paper in reading.papers}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252"])
def test_encodings_of_tables_are_recognised(tmp_path: Path, encoding: str) -> None:
    text = "title,abstract\nÄpfel im Büro,b\n"
    assert [paper.title for paper in read(tmp_path, "a.csv", text.encode(encoding)).papers] == ["Äpfel im Büro"]


def test_a_beginning_says_what_it_can() -> None:
    assert encoding_of(b"caf\xe9") == "utf-8-sig"  # which its stream finds out not to be
    assert encoding_of(b"caf\xe9s") == "cp1252"
    assert encoding_of("日本".encode() + b"\xe9s") == "utf-8-sig"
