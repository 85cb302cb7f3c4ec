"""The characters of an XML file as a parser can take them: entities of HTML, stray signs and NUL bytes are mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import IO

from labeler.patterns import pattern

_HELD = 4000  # characters at the end of a piece that wait for the next one, at most
# https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CDATA_END = "]]>"
_DECLARATION = pattern(r"<\?xml\b[^<>?]{0,500}\?>", re.IGNORECASE)
_OPENING = pattern(r"<!\[CDATA\[|(?P<doctype>(?i:<!DOCTYPE)\b[^\[>]*(?P<subset>\[)?)")
_SUBSET_END = pattern(r"\]\s*>")
_AMPERSAND = pattern(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?")
_STRAY = pattern(r"<(?![A-Za-z_/!?])")
_ENCODING = pattern(r"""\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_COMMENT = pattern(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT = pattern(r"<([\w.:-]{1,100})")


def declared_encoding(head: str) -> str:
    """The encoding that an XML declaration names; ``""`` if none."""
    match = _ENCODING.match(head.lstrip("\ufeff"))
    return match[1] if match else ""


def root_name(text: str) -> str:
    """The name of the first element, with its prefix; ``""`` if there is none."""
    match = _ROOT.match(beginning_of(text))
    return match[1] if match else ""


def beginning_of(text: str, length: int = 5000) -> str:
    """What an XML file begins with, from its first element on; ``""`` if it begins with none."""
    text = "".join(Mended(StringIO(text), len(text) + 1)).lstrip()
    while match := _COMMENT.match(text):
        text = text[match.end() :].lstrip()
    return text[:length] if text.startswith("<") else ""


class Mended:
    """A text in pieces without declarations of XML and of document types, whose stray ``&`` and ``<`` are escaped."""

    def __init__(self, stream: IO[str], size: int) -> None:
        self._stream, self._size = stream, size
        self._in_cdata = False
        self._in_doctype = False

    def __iter__(self) -> Iterator[str]:
        left = ""
        while piece := self._stream.read(self._size):
            text = left + _FORBIDDEN.sub("", piece)
            cut = _cut(text)
            text, left = text[:cut], text[cut:]
            if mended := self._mended(text):
                yield mended
        if mended := self._mended(left):
            yield mended

    def _mended(self, text: str) -> str:
        """A piece, whose CDATA and document type may have begun in an earlier one and may end in a later one."""
        text = text.replace("\ufeff", "")
        kept, position = [], 0
        while position < len(text):
            if self._in_cdata:
                end = text.find(_CDATA_END, position) + len(_CDATA_END)
                self._in_cdata = end < len(_CDATA_END)
                end = len(text) if self._in_cdata else end
                kept.append(text[position:end])
            elif self._in_doctype:
                closed = _SUBSET_END.search(text, position)
                self._in_doctype = closed is None
                end = len(text) if closed is None else closed.end()
            else:
                opened = _opening(text, position)
                kept.append(_escaped(text[position : len(text) if opened is None else opened.start()]))
                end = len(text) if opened is None else self._begin(opened, kept)
            position = end
        return "".join(kept)

    def _begin(self, opened: re.Match[str], kept: list[str]) -> int:
        """Note what begins here, and keep the beginning of CDATA: the position behind it."""
        self._in_cdata = opened["doctype"] is None
        self._in_doctype = opened["subset"] is not None
        if self._in_cdata:
            kept.append(opened[0])
        return opened.end() + (not self._in_cdata and not self._in_doctype)


def _opening(text: str, position: int) -> re.Match[str] | None:
    """Where CDATA or the declaration of a document type begins from ``position`` on."""
    start = text.find("<!", position)  # far faster than a search for the pattern
    while start >= 0:
        if opened := _OPENING.match(text, start):
            return opened
        start = text.find("<!", start + 1)
    return None


def _cut(text: str) -> int:
    """Where a piece can end: not within a tag, a name of an entity or a mark of CDATA."""
    end = len(text)
    start = max(0, end - _HELD)
    tag = text.rfind("<", start)
    if tag >= 0 and ">" not in text[tag:]:
        end = tag
    name = text.rfind("&", max(start, len(text) - 40))
    if name >= 0 and ";" not in text[name:]:
        end = min(end, name)
    brackets = len(text) - len(text.rstrip("]"))
    return min(end, len(text) - brackets) if brackets else end


def _escaped(text: str) -> str:
    """A text outside of CDATA, without declarations of XML."""
    if "<?" in text:
        text = _DECLARATION.sub("", text)
    if "&" in text:
        text = _AMPERSAND.sub(_escaped_name, text)
    return _STRAY.sub("&lt;", text)


def _escaped_name(match: re.Match[str]) -> str:
    """A stray ``&`` escaped; of an entity of HTML, its characters."""
    import html.entities

    found = html.entities.html5.get(f"{match[1]};", "") if match[1] else ""
    return found if found and found not in "<&" else f"&amp;{match[0][1:]}"
