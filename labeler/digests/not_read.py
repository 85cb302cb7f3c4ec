"""Formats that people have and labeler does not read: by what their files begin with, and what to do about them."""

from __future__ import annotations

import re
import zipfile

from labeler.digests.source import Source

_ZOTERO = "export it as CSV (reference managers and databases do that), or import it into Zotero and export CSV there"
_SPREADSHEET = "open it and save it as CSV (UTF-8)"
_FEED = "save its entries as CSV or JSON"
_UNPACK = "unpack it and give the files in it"
_TEXT = "copy its titles and abstracts into a CSV table"

# Of text: what it begins with, what it is called, and what to do. The first that fits counts.
_BEGINS = (
    (r"(?:.*\n){0,10}?%%?0 [A-Z][\w ]+\r?\n(?:%.*\n)+", "an EndNote file (.enw)", _ZOTERO),
    (r"(?:.*\n){0,10}?%[A-Z] .*\r?\n(?:.*\n){0,20}?%[A-Z0-9] ", "an EndNote file (.enw)", _ZOTERO),
    (r"Reference Type: ", "an EndNote file", _ZOTERO),
    (r"(?:.*\n){0,5}?(?:PMID|OWN |STAT|OID)\s?-? ?- ", "PubMed's MEDLINE format (.nbib, .txt)", "save it in PubMed with the format CSV"),
    (r"(?:.*\n){0,10}?(?:TY|ER) {1,2}- ?", "RIS (.ris)", _ZOTERO),
    (r"(?:FN .*\n|VR .*\n)+|PT [A-Z]\r?\n(?:[A-Z][A-Z0-9] .*\n|   .*\n)+", "Web of Science plain text", "export it there as tab delimited file"),
    (r"(?:[^@]*\n)?\s*@\s*(?:comment|string|preamble|[a-z]+)\s*[{(]\s*[^\s,{}()]*\s*[,=}\"]", "BibTeX (.bib)", _ZOTERO),
    (r"\{\\rtf", "a Rich Text document (.rtf)", _TEXT),
    (r"(?:%.*\n|\s)*\\document(?:class|style)", "a LaTeX document (.tex)", _TEXT),
)  # fmt: skip
# Of XML and HTML: what stands somewhere near its beginning.
_TAGS = (
    (r"gse_alrt_title|scholar\.google\.[a-z.]+/scholar", "a Google Scholar alert (HTML)", _TEXT),
    (r"<(?:\w+:)?OAI-PMH\b", "OAI-PMH (XML)", _FEED),
    (r"<PubmedArticleSet\b|<PubmedArticle\b|<PubmedBookArticle\b", "PubMed XML", "save it in PubMed with the format CSV"),
    (r"<(?:\w+:)?rss\b|<rdf:RDF\b[^>]*rss|xmlns=[\"']http://purl\.org/rss/1\.0", "an RSS feed", _FEED),
    (r"<(?:\w+:)?feed\b[^>]*(?:Atom|atom)", "an Atom feed", _FEED),
    (r"JATS|<!DOCTYPE article|<article\b[^>]*(?:article-type|dtd-version)|<front>\s*<journal-meta>", "a JATS article (XML)", _TEXT),
    (r"<xml>\s*<records>|<records>\s*<record>\s*<database", "an EndNote library (XML)", _ZOTERO),
    (r"<(?:\w+:)?mods(?:Collection)?\b", "MODS (XML)", _ZOTERO),
    (r"<(?:\w+:)?TEI\b", "TEI (XML)", _TEXT),
    (r"<oai_dc:dc\b", "an OAI record (XML)", _FEED),
    (r"<rdf:RDF\b", "RDF (XML)", _ZOTERO),
    (r"<!DOCTYPE html|<html\b|<body\b|<div\b|<p\b|<table\b|<h\d\b", "an HTML page", _TEXT),
)  # fmt: skip
_BYTES = (
    (b"%PDF", "a PDF file", _TEXT),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc) or an Outlook mail (.msg)", "save it as CSV, or the mail as .eml"),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an xz archive", _UNPACK),
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
        return next(((kind, advice) for pattern, kind, advice in _TAGS if re.search(pattern, head[:20_000])), ("XML", _FEED))
    found = (kind for pattern, *kind in _BEGINS if re.match(pattern, head, re.IGNORECASE if "@" in pattern else 0))
    kind = next(found, None)
    return (kind[0], kind[1]) if kind else None


def likely_kind(source: Source) -> tuple[str, str] | None:
    """What an input seems to be that no reader recognises, and what to do about it; None if unknown."""
    if _MARKDOWN.match(source.head.lstrip("\ufeff \t\r\n")):
        return "a Markdown page (.md)", _TEXT
    return None


def _kind_of_zip(source: Source) -> tuple[str, str]:
    try:
        with source.binary() as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return "a zip archive", _UNPACK
    found = ((kind, advice) for part, kind, advice in _OFFICE if any(name.startswith(part) for name in names))
    return next(found, ("a zip archive", _UNPACK))
