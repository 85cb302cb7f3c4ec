"""Formats that are not read are named by what is in the file, whatever it is called."""

from __future__ import annotations

import gzip
import io
import pickle
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from labeler.errors import InputError
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, page, read

_PICKLE = "a pickle file (which could run code)"


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c" + bytes(600)


def _id(value: object) -> str | None:
    """The same name of a test in every process: bytes may hold the time."""
    return "bytes" if isinstance(value, bytes) else None


def _pickles() -> list[bytes]:
    """Tables of papers, pickled in every protocol."""
    values = [[{"title": "A"}], {"title": ["A"]}, {"A"}, pd.DataFrame([{"title": "A"}])]
    return [pickle.dumps(value, protocol) for value in values for protocol in range(6)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<!DOCTYPE html>\n<html><body><p>A title</p></body></html>", "an HTML page"),
        ("<things><thing/></things>", "XML"),
        (r"{\rtf1\ansi A title}", "a Rich Text document (.rtf)"),
        ("\\documentclass{article}\n\\title{A title}\n", "a LaTeX document (.tex)"),
        (b"%PDF-1.7\n", "a PDF file"),
        (_zip("xl/workbook.bin"), "a binary Excel workbook (.xlsb)"),
        (_zip("word/document.xml"), "a Word document (.docx)"),
        (_zip("mimetype", "content.xml"), "an OpenDocument file (.ods, .odt)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office file (.xls, .doc) or an Outlook mail (.msg)"),
        (b"SQLite format 3\x00", "an SQLite database"),
        ("<svg viewBox='0 0 1 1'></svg>", "an image (SVG)"),
        ('[[paper]]\ntitle = "A title"\n', "a TOML file"),
        (_SEVEN_ZIP, "a 7z archive"),
        (gzip.compress(_SEVEN_ZIP, mtime=0), "a 7z archive"),
        (gzip.compress(gzip.compress(b"title,abstract\nA,b\n", mtime=0), mtime=0), "a file that is compressed twice"),
        (b"II*\x00" + bytes(99), "an image"),
        (b"MM\x00*" + bytes(99), "an image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "an image"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00", "an image"),
        (b"\x00\x00\x00\x18ftypheic", "an image"),
        (b"RDX3\nX\n\x00\x00", "an R data file"),
        (b"MZ\x90\x00\x03", "a program"),
        (b"%!PS-Adobe-3.0\n", "a PostScript file"),
        *((content, _PICKLE) for content in _pickles()),
    ],
    ids=_id,
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_a_format_is_named_with_what_to_do(tmp_path: Path, name: str, content: str | bytes, kind: str) -> None:
    with pytest.raises(InputError) as told:
        read(tmp_path, name, content)
    assert told.value.message == f"{name} is {kind}, which labeler does not read yet"
    assert told.value.hint


def test_texts_that_speak_of_formats_are_read(tmp_path: Path) -> None:
    content = page("Mar 14", "A title about @article and TY  - JOUR", ABSTRACT)
    assert len(read(tmp_path, "a.txt", content).papers) == 1
    assert len(read(tmp_path, "a.csv", "title,abstract\n@article{x} is BibTeX,b\n").papers) == 1


@pytest.mark.parametrize(
    "text",
    [
        "@jane wrote of TY  - JOUR",
        "PMID: 12345678",
        "Stat-mech and own-words",
        "1. A first title",
        "@dataclass(frozen=True)",
        "%A is a sign",
        "computers\nvision\n(and more)",
    ],
)
def test_signs_of_formats_in_pages_are_text(tmp_path: Path, text: str) -> None:
    assert len(read(tmp_path, "a.txt", page("Mar 14", text, ABSTRACT)).papers) == 1


@pytest.mark.parametrize("name", ["table", "jsonl", "page"])
def test_what_is_no_text_is_named_whatever_format_is(tmp_path: Path, labeler: Labeler, name: str) -> None:
    (tmp_path / "a.csv").write_bytes(_SEVEN_ZIP)
    outcome = labeler("read", tmp_path / "a.csv", "--format", name)
    assert (outcome.code, outcome.out) == (3, "")
    assert "a.csv is a 7z archive, which labeler does not read yet; unpack it" in outcome.err


@pytest.mark.parametrize(
    "command",
    [
        ("read",),
        ("label",),
        ("explain",),
        ("export",),
        ("push",),
        ("import",),
        ("import", "--topics-column", "topics"),
        ("train", "--unread"),
        ("train", "--topics-column", "topics", "--table"),
        ("background", "build", "-o", "a.npz"),
    ],
)
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\\documentclass{article}\n\\title{A}\n", "a LaTeX document"),
        (_SEVEN_ZIP, "a 7z archive"),
        (bytes(600), "no text"),
    ],
    ids=["tex", "7z", "zeros"],
)
def test_every_command_names_what_it_does_not_read(
    workspace: Path, labeler: Labeler, command: tuple[str, ...], content: bytes, kind: str
) -> None:
    (workspace / "a.csv").write_bytes(content)
    outcome = labeler(*command, "a.csv")
    assert outcome.code == 3
    assert kind in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_yaml_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.yaml is a YAML file"):
        read(tmp_path, "a.yaml", "- title: A title\n  abstract: b\n")


def test_toml_that_begins_with_a_comment_is_no_markdown(tmp_path: Path, labeler: Labeler) -> None:
    path = tmp_path / "topics.toml"
    path.write_text('# The topics\n\nmode = "multi"\n')
    outcome = labeler("read", path)
    assert (outcome.code, "topics.toml is a TOML file" in outcome.err) == (3, True), outcome.err
