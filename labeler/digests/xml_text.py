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
_CDATA = pattern(r"(<!\[CDATA\[|\]\]>)")
_DECLARATION = pattern(r"<\?xml\b[^<>?]{0,500}\?>", re.IGNORECASE)
_DOCTYPE = pattern(r"<!DOCTYPE\b[^\[>]*(?P<subset>\[)?", re.IGNORECASE)
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
        text = self._without_doctype(_DECLARATION.sub("", text).replace("\ufeff", ""))
        parts = _CDATA.split(text) if self._in_cdata or "<![CDATA[" in text else [text]
        for number, part in enumerate(parts):
            if part == "<![CDATA[":
                self._in_cdata = True
            elif part == "]]>":
                self._in_cdata = False
            elif not self._in_cdata:
                if "&" in part:
                    part = _AMPERSAND.sub(_escaped, part)
                parts[number] = _STRAY.sub("&lt;", part)
        return "".join(parts)

    def _without_doctype(self, text: str) -> str:
        """A piece without the declarations of document types in it, which may end in a later one."""
        kept, position = [], 0
        while position < len(text):
            if self._in_doctype:
                end = _SUBSET_END.search(text, position)
                position = len(text) if end is None else end.end()
                self._in_doctype = end is None
                continue
            start = None if self._in_cdata or "<!" not in text else _DOCTYPE.search(text, position)
            kept.append(text[position:] if start is None else text[position : start.start()])
            position = len(text) if start is None else start.end() + (start["subset"] is None)
            self._in_doctype = start is not None and start["subset"] is not None
        return "".join(kept)


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


def _escaped(match: re.Match[str]) -> str:
    """A stray ``&`` escaped; of an entity of HTML, its characters."""
    import html.entities

    found = html.entities.html5.get(f"{match[1]};", "") if match[1] else ""
    return found if found and found not in "<&" else f"&amp;{match[0][1:]}"
