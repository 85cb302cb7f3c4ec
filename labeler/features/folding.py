"""Letters that are written in several ways, as one: words with vowel points meet those that people type without.

It is what search engines do, a character at a time, so that scikit-learn's ``strip_accents`` can do it as well:

- Arabic: without vowel points and other marks, and without tatweel, which stretches a word; an alef whatever it
  carries, dotless yeh as yeh, teh marbuta as heh (Lucene's ``ArabicNormalizer``).
- Persian and Urdu: keheh as kaf, Farsi yeh and yeh barree as yeh, heh goal and heh with yeh above as heh (Lucene's
  ``PersianNormalizer``).
- Hebrew: without points and marks of cantillation (ICU's diacritic folding, Unicode Technical Report 30).
- Devanagari: without nukta; chandrabindu as anusvara (Lucene's ``HindiNormalizer``).
- The joiner, which Indic scripts have inside words, and spaces of no width, which Thai, Lao and Khmer have between
  words, are gone (``NFKC_Casefold`` of Unicode). The non-joiner stays, and keeps words apart, as Persian has it between
  a word and its endings (Lucene's ``PersianCharFilter``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

_SAME = {
    "\u0622\u0623\u0625\u0671\u0672\u0673": "\u0627",  # alef
    "\u0649\u06cc\u06d2": "\u064a",  # yeh
    "\u0629\u06c0\u06c1\u06c2\u06c3": "\u0647",  # heh
    "\u06d3": "\u0626",  # yeh with hamza
    "\u06a9": "\u0643",  # kaf
    "\u0901": "\u0902",  # anusvara
}
_GONE = "\u0640\u093c\u200b\u200d\u2060\ufeff"  # tatweel, nukta, what has no width
_MARKS_GONE = range(0x0590, 0x0700)  # Hebrew and Arabic, whose marks are not written in most texts


@cache
def table() -> dict[int, int | None]:
    """What becomes of each character that is folded, for ``str.translate``: another one, or none."""
    marks = (code for code in _MARKS_GONE if unicodedata.category(chr(code)) == "Mn")
    same = {ord(one): ord(other) for group, other in _SAME.items() for one in group}
    return same | dict.fromkeys([*map(ord, _GONE), *marks])


def folded(text: str) -> str:
    """A lower-cased text with one letter for all ways to write it; the text itself where it has no such letter."""
    return text.translate(table()) if _folds().search(text) else text


def kept_places(text: str) -> Iterator[int]:
    """The places of the characters of a text that are not gone when it is folded, in order."""
    return (place for place, char in enumerate(text) if table().get(ord(char), 0) is not None)


@cache
def _folds() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, sorted(table())))}]")
