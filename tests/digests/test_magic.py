"""Files that are no text are known by their first bytes, and what to do about them is told."""

from __future__ import annotations

import pickle
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests.magic import UNPACK, is_archive, is_binary, kind_of_bytes
from labeler.errors import InputError
from tests.digests.factories import excel, lines, parquet_bytes, saved, source, tarred, zipped

TABLE = lines({"title": "Robots"}).encode()


def kind(folder: Path, content: bytes) -> str:
    found = kind_of_bytes(source(folder, "a", content))
    return "" if found is None else found[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n", "a PDF file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls, .doc) or an Outlook mail (.msg)"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xff\xd8\xff\xe0", "an image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "an image"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "a recording"),
        (b"\x00\x00\x00\x20ftypisom", "a recording"),
        (b"\x00\x00\x00\x18ftypheic", "an image"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"Obj\x01\x04", "an Avro file"),
        (b"RDX3\n", "an R data file"),
        (b"$FL2@(#) SPSS", "an SPSS file"),
        (b"\x7fELF\x02", "a program"),
        (b"x" * 60 + b"BOOKMOBI", "an e-book (.mobi)"),
    ],
)
def test_what_the_first_bytes_name(tmp_path: Path, content: bytes, expected: str) -> None:
    assert kind(tmp_path, content) == expected


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_pickles_of_all_protocols(tmp_path: Path, protocol: int) -> None:
    for value in ({"title": "Robots"}, [{"title": "Robots"}], np.arange(3)):
        assert kind(tmp_path, pickle.dumps(value, protocol)) == "a pickle file (which could run code)"


def test_files_that_programs_make(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("create table papers (title)")
    connection.commit()
    connection.close()
    assert kind(tmp_path, (tmp_path / "a.db").read_bytes()) == "an SQLite database"
    np.save(tmp_path / "a.npy", np.arange(3))
    assert kind(tmp_path, (tmp_path / "a.npy").read_bytes()) == "a NumPy array"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("word/document.xml", "a Word document (.docx)"),
        ("ppt/presentation.xml", "a PowerPoint file (.pptx)"),
        ("content.xml", "an OpenDocument file (.ods, .odt)"),
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("Index/Document.iwa", "a Numbers or Pages document"),
        ("META-INF/container.xml", "an EPUB"),
    ],
)
def test_documents_that_are_zip_archives(tmp_path: Path, name: str, expected: str) -> None:
    document = source(tmp_path, "a", zipped({name: b"x"}))
    found = kind_of_bytes(document)
    assert found is not None
    assert found[0] == expected
    assert not is_archive(document)


@pytest.mark.parametrize("content", [zipped({"a.jsonl": TABLE}), tarred({"a.jsonl": TABLE})], ids=["zip", "tar"])
def test_archives(tmp_path: Path, content: bytes) -> None:
    archive = source(tmp_path, "a", content)
    assert is_archive(archive)
    assert kind_of_bytes(archive) == ("an archive", UNPACK)


def test_an_archive_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.jsonl": TABLE}))
    content[-22:-18] = struct.pack("<I", 7)  # the mark of the directory at its end
    with pytest.raises(InputError, match="a"):
        kind_of_bytes(source(tmp_path, "a", bytes(content)))


@pytest.mark.parametrize(
    "content",
    [TABLE, b"", b"title,abstract\n", "Žižka says…".encode(), b"PK is a word", b"BM is one, too", b"MZ", b"ID3 tree"],
)
def test_texts_are_none_of_these(tmp_path: Path, content: bytes) -> None:
    text = source(tmp_path, "a", content)
    assert kind_of_bytes(text) is None
    assert not is_archive(text)
    assert not is_binary(text)


@pytest.mark.parametrize("content", [parquet_bytes(title=["Robots"]), excel({"A": [["Title"], ["Robots"]]})])
def test_tables_that_are_read_are_none_of_these(tmp_path: Path, content: bytes) -> None:
    table = source(tmp_path, "a", content)
    assert kind_of_bytes(table) is None
    assert not is_binary(table)


def test_signs_that_no_text_has_show_what_is_none(tmp_path: Path) -> None:
    assert is_binary(source(tmp_path, "a", b"title\x01\x02\x03"))
    assert not is_binary(source(tmp_path, "a", b"title" * 200 + b"\x01"))
    assert not is_binary(source(tmp_path, "a", b"title\x1b[0m\ttab\r\n\x0c"))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80))
def test_any_bytes_are_of_a_kind_or_none(tmp_path: Path, content: bytes) -> None:
    path = saved(tmp_path, "a", content)
    try:
        found = kind_of_bytes(source(tmp_path, path.name, content))
    except InputError:
        return
    assert found is None or all(found)
