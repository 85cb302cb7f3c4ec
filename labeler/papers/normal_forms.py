"""Normal forms of Unicode, in a time that grows with the length of the text alone."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from labeler.patterns import pattern

# To order the marks of one letter takes the square of their number. No language needs more than the thirty that a text
# in stream-safe form may have: https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
_MOST_MARKS = 30
_SHORT = 4000  # characters of a text in which that takes a millisecond at most; abstracts are shorter
_MANY_SIGNS = pattern(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """The text in a normal form (Unicode Standard Annex #15); in a long text, a letter keeps thirty combining marks."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, text if len(text) < _SHORT else _MANY_SIGNS.sub(_with_fewer_marks, text))


def _with_fewer_marks(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)
