"""Pages in HTML, however broken, as trees of elements (libxml2's parser, through lxml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from labeler.digests.source import Source
from labeler.errors import InputError
from labeler.patterns import pattern

Element = Any  # lxml has no types

_LARGEST = 50_000_000  # characters of one page: the tree of it takes some hundred megabytes
_MOST_PARTS, _LONGEST_TEXT = 1000, 20_000  # elements in one whose text is taken, and characters of the text
_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_PAGE = pattern(r"(?=<!doctype\s+html|<html\b)", re.IGNORECASE)


def is_html(source: Source) -> bool:
    """Whether an input begins as a page or a piece of one."""
    return source.beginning.startswith("<")


def pages(source: Source) -> Iterator[Element]:
    """The pages of an input, one after the other: of mails, each has one.

    Raises:
        InputError: a page is too large to be one.
    """
    with source.text() as stream:
        text = stream.read()
    starts = [0, *(match.start() for match in _PAGE.finditer(text) if match.start())]
    start = 0
    for position in [*starts[1:], len(text)]:
        if position < len(text) and len(text[start:position].strip()) < 200:
            continue  # a document type before its page
        yield page_of(text[start:position], source.name)
        start = position


def page_of(text: str, name: str) -> Element:
    """The root element of a page.

    Raises:
        InputError: it is too large to be one; the text says so of the file called ``name``.
    """
    from lxml import etree, html

    if len(text) > _LARGEST:
        raise InputError(f"{name} is too large for a page", "save its papers as CSV or JSON")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    data = _CONTROL.sub("", text).encode()
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, ValueError):  # there is nothing in it
        root = html.document_fromstring(b"<p>", parser=parser)
    return root


def has_class(element: Element, name: str) -> bool:
    """Whether an element is of a class."""
    return name in (element.get("class") or "").split()


def shown_text(element: Element | None) -> str:
    """The text of an element in one line, without scripts and style sheets; ``""`` for None.

    Of an element that holds most of a page, as one without an end does, it is the beginning: there may be many of them.
    """
    if element is None:
        return ""
    pieces: list[str] = []
    length = 0
    for part in islice(element.iter(), _MOST_PARTS):
        if length > _LONGEST_TEXT:
            break
        length += len(part.text or "") + len(part.tail or "")
        if part.tag == "br":
            pieces.append(" ")
        elif isinstance(part.tag, str) and part.tag not in ("script", "style"):
            pieces.append(part.text or "")
        if part is not element:
            pieces.append(part.tail or "")
    return " ".join("".join(pieces).split())
