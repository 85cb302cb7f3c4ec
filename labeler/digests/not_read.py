"""Formats that people have and labeler does not read: by what their files begin with, and what to do about them."""

from __future__ import annotations

import re

from labeler.digests.magic import TEXT, kind_of_bytes
from labeler.digests.source import Source
from labeler.patterns import pattern

ZOTERO = (
    "export it as CSV or RIS (reference managers and databases do that), or import it into Zotero and export it there"
)
_AS_TABLE = "save it as JSON or CSV"
_FEED = "save its entries as CSV or JSON"

# Of XML and HTML: what stands somewhere near its beginning.
_TAGS = (
    (r"<(?:\w+:)?TEI\b", "TEI (XML)", TEXT),
    (r"<rdf:RDF\b", "RDF (XML)", ZOTERO),
    (r"<(?:\w+:)?svg\b", "an image (SVG)", TEXT),
    (r"<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet", "an Excel workbook (XML)", "save it as CSV"),
    (r"<!DOCTYPE html|<html\b|<body\b|<div\b|<p\b|<table\b|<h\d\b", "an HTML page", TEXT),
)  # fmt: skip
_XML = 20_000  # characters of XML or HTML that are looked at
_BEGIN = 4000  # characters of other texts
_LATEX = pattern(r"^[ \t]*\\document(?:class|style)", re.MULTILINE)
_TOML = pattern(r"\[\[?[A-Za-z][\w.-]*\]\]?[ \t]*\n\s*[\w.-]+[ \t]*=")
_YAML = pattern(r"(?:%YAML|---[ \t]*\n|cff-version:|(?:- )?(?:title|abstract|authors?): )")
_MARKDOWN = pattern(r"(?:.*\n){0,40}?(?:#{1,6} |[-*] \[|.*\]\()")


def known_kind(source: Source) -> tuple[str, str] | None:
    """What an input is that its bytes or its first lines name for certain, and what to do about it; None if unknown."""
    if source.table_format:
        return None
    if kind := kind_of_bytes(source):
        return kind
    head = source.beginning
    if is_markup(source):
        if not head.lower().startswith(("<?xml", "<!doctype", "<html")) and (page := likely_kind(source)):
            return page
        found = ((kind, advice) for pattern, kind, advice in _TAGS if re.search(pattern, head[:_XML]))
        return next(found, ("XML", _FEED))
    return _kind_of_document(head)


def is_markup(source: Source) -> bool:
    """Whether an input begins as XML and HTML do, of which readers know some kinds."""
    head = source.beginning
    is_number = head[1:2].isdigit()  # of a record of Ovid: <1>
    return head.startswith("<") and not is_number and kind_of_bytes(source) is None


def _kind_of_document(head: str) -> tuple[str, str] | None:
    if head.startswith("{\\rtf"):
        return "a Rich Text document (.rtf)", TEXT
    if _TOML.match(head):
        return "a TOML file", _AS_TABLE
    return ("a LaTeX document (.tex)", TEXT) if _LATEX.search(head[:_BEGIN]) else None


def likely_kind(source: Source) -> tuple[str, str] | None:
    """What an input seems to be that no reader recognises, and what to do about it; None if unknown."""
    if source.suffix == ".toml":  # which begins with # as Markdown does, where it begins with a comment
        return "a TOML file", _AS_TABLE
    if _MARKDOWN.match(source.beginning):
        return "a Markdown page (.md)", TEXT
    if _YAML.match(source.beginning):
        return "a YAML file", _AS_TABLE
    return None
