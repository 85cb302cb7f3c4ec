"""Formats that are not read are named by what is in the file, whatever it is called."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, page, read


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"TY  - JOUR\nTI  - A title\nAB  - {ABSTRACT}\nER  - \n", "RIS (.ris)"),
        (f"\n\nTY - JOUR\r\nT1 - A title\r\nN2 - {ABSTRACT}\r\nER -\r\n", "RIS (.ris)"),
        (f"@article{{key,\n  title = {{A title}},\n  abstract = {{{ABSTRACT}}}\n}}\n", "BibTeX (.bib)"),
        ("% exported\n\n@string{a = {b}}\n@inproceedings{key, title={A}}\n", "BibTeX (.bib)"),
        (f"%0 Journal Article\n%T A title\n%A Lee, Ann\n%X {ABSTRACT}\n", "an EndNote file (.enw)"),
        (f"PMID- 12345678\nOWN - NLM\nTI  - A title\nAB  - {ABSTRACT}\n", "PubMed's MEDLINE format (.nbib, .txt)"),
        (
            f"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI A title\nAB {ABSTRACT}\n",
            "Web of Science plain text",
        ),
        ('<?xml version="1.0"?>\n<rss version="2.0"><channel></channel></rss>', "an RSS feed"),
        ('<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"></rdf:RDF>', "an RSS feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "an Atom feed"),
        ("<OAI-PMH><ListRecords></ListRecords></OAI-PMH>", "OAI-PMH (XML)"),
        ("<?xml version='1.0'?><PubmedArticleSet></PubmedArticleSet>", "PubMed XML"),
        ('<article article-type="research-article" dtd-version="1.2"></article>', "a JATS article (XML)"),
        ("<xml><records><record></record></records></xml>", "an EndNote library (XML)"),
        ("<!DOCTYPE html>\n<html><body><p>A title</p></body></html>", "an HTML page"),
        ("<things><thing/></things>", "XML"),
        (r"{\rtf1\ansi A title}", "a Rich Text document (.rtf)"),
        ("\\documentclass{article}\n\\title{A title}\n", "a LaTeX document (.tex)"),
        (b"%PDF-1.7\n", "a PDF file"),
        (_zip("xl/workbook.xml"), "an Excel workbook (.xlsx)"),
        (_zip("word/document.xml"), "a Word document (.docx)"),
        (_zip("mimetype", "content.xml"), "an OpenDocument file (.ods, .odt)"),
        (_zip("papers.csv"), "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office file (.xls, .doc) or an Outlook mail (.msg)"),
        (b"SQLite format 3\x00", "an SQLite database"),
    ],
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
