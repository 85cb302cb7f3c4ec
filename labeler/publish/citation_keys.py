"""Citation keys: first author, year and first telling word of the title (``lee2026sorting``), each once in a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from labeler.papers.paper import Paper
from labeler.patterns import pattern
from labeler.publish.references import parts_of_date

_SMALL = frozenset(
    """a an and are as at be by can do does for from how in into is it its not of on or the to toward towards using via
    we what when where which why with without you your""".split()
)
_OWN = pattern(r"[^\s,={}\"#%\\~()']{1,200}")  # https://www.bibtex.org/Format/
_DIGITS = 6  # of a hash that tells papers with the same key apart


class CitationKeys:
    """The keys of one file. A key depends on its paper alone, unless another one has it already."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, paper: Paper, own: str = "") -> str:
        """The key of a paper: its ``own`` if it came with one, else ASCII letters and digits."""
        digest = hashlib.sha256(" ".join(paper.ids).encode("utf-8", "replace")).hexdigest()
        key, digits = (own if _OWN.fullmatch(own) else _key(paper)) or f"paper{digest[:_DIGITS]}", 0
        begin = key
        while key in self._given:
            digits += _DIGITS
            key = f"{begin}{digest[:digits]}" if digits <= len(digest) else f"{begin}{digest}{digits}"
        self._given.add(key)
        return key


def _key(paper: Paper) -> str:
    author = paper.authors[0] if paper.authors else ""
    last, comma, _ = author.partition(",")
    name = _ascii(last if comma else (author.split() or [""])[-1])
    words = (_ascii(word) for word in re.findall(r"\w+", paper.title))
    word = next((word for word in words if len(word) > 1 and word not in _SMALL), "")
    return f"{name}{parts_of_date(paper.date)[0]}{word}" if name or word else ""


def _ascii(text: str) -> str:
    """The letters and digits of a text that are, or are based on, those of ASCII."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text.casefold()))
