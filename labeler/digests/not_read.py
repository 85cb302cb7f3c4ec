"""Formats that people have and labeler does not read: by what their files begin with, and what to do about them."""

from __future__ import annotations

import re

from labeler.digests.source import Source

_ZOTERO = "export it as CSV (reference managers and databases do that), or import it into Zotero and export CSV there"
_PUBMED = "save it in PubMed with the format CSV"
_SPREADSHEET = "open it and save it as CSV (UTF-8)"
_OLD_OFFICE = "save it as CSV, or the mail as .eml"
_FEED = "save its entries as CSV or JSON"
_UNPACK = "unpack it and give the files in it"
_TEXT = "copy its titles and abstracts into a CSV table"

# Of XML and HTML: what stands somewhere near its beginning.
_TAGS = (
    (r"gse_alrt_title|scholar\.google\.[a-z.]+/scholar", "a Google Scholar alert (HTML)", _TEXT),
    (r"<(?:\w+:)?OAI-PMH\b", "OAI-PMH (XML)", _FEED),
    (r"<PubmedArticleSet\b|<PubmedArticle\b|<PubmedBookArticle\b", "PubMed XML", _PUBMED),
    (r"<(?:\w+:)?rss\b|<rdf:RDF\b[^>]*rss|xmlns=[\"']http://purl\.org/rss/1\.0", "an RSS feed", _FEED),
    (r"<(?:\w+:)?feed\b[^>]*(?:Atom|atom)", "an Atom feed", _FEED),
    (r"JATS|<!DOCTYPE article|<article\b[^>]*(?:article-type|dtd-version)", "a JATS article (XML)", _TEXT),
    (r"<xml>\s*<records>|<records>\s*<record>\s*<database", "an EndNote library (XML)", _ZOTERO),
    (r"<(?:\w+:)?mods(?:Collection)?\b", "MODS (XML)", _ZOTERO),
    (r"<(?:\w+:)?TEI\b", "TEI (XML)", _TEXT),
    (r"<oai_dc:dc\b", "an OAI record (XML)", _FEED),
    (r"<rdf:RDF\b", "RDF (XML)", _ZOTERO),
    (r"<!DOCTYPE html|<html\b|<body\b|<div\b|<p\b|<table\b|<h\d\b", "an HTML page", _TEXT),
)  # fmt: skip
_BYTES = (
    (b"%PDF", "a PDF file", _TEXT),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc) or an Outlook mail (.msg)", _OLD_OFFICE),
    (b"(\xb5/\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"SQLite format 3", "an SQLite database", "export the table of papers as CSV"),
    (b"\x89HDF", "an HDF5 file", "save the table as CSV or Parquet"),
    (b"ARROW1", "an Arrow (Feather) file", "save the table as CSV or Parquet"),
    (b"Obj\x01", "an Avro file", "save the table as CSV or Parquet"),
    (b"ORC", "an ORC file", "save the table as CSV or Parquet"),
    (b"\x93NUMPY", "a NumPy array", "save the table as CSV or Parquet"),
    (b"\x80\x04", "a pickle file, which could run code", "save the table as CSV or Parquet"),
    (b"\x80\x05", "a pickle file, which could run code", "save the table as CSV or Parquet"),
    (b"\x89PNG", "an image", _TEXT),
    (b"\xff\xd8\xff", "an image", _TEXT),
    (b"GIF8", "an image", _TEXT),
)  # fmt: skip
# Inside zip archives.
_OFFICE = (
    ("xl/", "an Excel workbook (.xlsx)", _SPREADSHEET),
    ("word/", "a Word document (.docx)", _TEXT),
    ("ppt/", "a PowerPoint file (.pptx)", _TEXT),
    ("content.xml", "an OpenDocument file (.ods, .odt)", _SPREADSHEET),
    ("META-INF/container.xml", "an EPUB", _TEXT),
)
_XML = 20_000  # characters of XML or HTML that are looked at
_LINES = 15  # of a text that are looked at
_MARKDOWN = re.compile(r"(?:.*\n){0,40}?(?:#{1,6} |[-*] \[|.*\]\()")


def known_kind(source: Source) -> tuple[str, str] | None:
    """What an input is that its bytes or its first lines name for certain, and what to do about it; None if unknown."""
    for magic, kind, advice in _BYTES:
        if source.start.startswith(magic):
            return kind, advice
    if source.start.startswith(b"PK\x03\x04"):
        return _kind_of_zip(source)
    head = source.head.lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    if head.startswith("<"):
        if not head.lower().startswith(("<?xml", "<!doctype", "<html")) and (page := likely_kind(source)):
            return page
        found = ((kind, advice) for pattern, kind, advice in _TAGS if re.search(pattern, head[:_XML]))
        return next(found, ("XML", _FEED))
    return _kind_of_lines([line for line in head[:4000].split("\n") if line.strip()][:_LINES])


def _kind_of_lines(lines: list[str]) -> tuple[str, str] | None:  # noqa: PLR0911  (one return for each format)
    """What the first lines of a text name, and what to do about it."""
    first = lines[0] if lines else ""
    if any(line[:2] in ("TY", "ER") and re.match(r".. {1,2}-(?: |$)", line) for line in lines):
        return "RIS (.ris)", _ZOTERO
    entry = next((number for number, line in enumerate(lines) if re.match(r"@\s*[A-Za-z]+\s*[{(]", line)), None)
    if entry is not None and not any("title" in line.lower() for line in lines[:entry]):  # the header of a table
        return "BibTeX (.bib)", _ZOTERO
    if any(line.startswith(("PMID- ", "PMID - ", "OWN - ", "STAT- ")) for line in lines[:5]):
        return "PubMed's MEDLINE format (.nbib, .txt)", _PUBMED
    if sum(re.match(r"%[A-Z0-9] ", line) is not None for line in lines if line[0] == "%") > 1:
        return "an EndNote file (.enw)", _ZOTERO
    if first.startswith("Reference Type: "):
        return "an EndNote file", _ZOTERO
    if first.startswith("FN ") or (re.match(r"PT [A-Z]$", first.rstrip()) and any(line[:3] == "AU " for line in lines)):
        return "Web of Science plain text", "export it there as a tab delimited file"
    if first.startswith("{\\rtf"):
        return "a Rich Text document (.rtf)", _TEXT
    if any(line.lstrip().startswith(("\\documentclass", "\\documentstyle")) for line in lines):
        return "a LaTeX document (.tex)", _TEXT
    return None


def likely_kind(source: Source) -> tuple[str, str] | None:
    """What an input seems to be that no reader recognises, and what to do about it; None if unknown."""
    if _MARKDOWN.match(source.head.lstrip("\ufeff \t\r\n")):
        return "a Markdown page (.md)", _TEXT
    return None


def _kind_of_zip(source: Source) -> tuple[str, str]:
    import zipfile

    try:
        with source.binary() as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return "a zip archive", _UNPACK
    found = ((kind, advice) for part, kind, advice in _OFFICE if any(name.startswith(part) for name in names))
    return next(found, ("a zip archive", _UNPACK))
