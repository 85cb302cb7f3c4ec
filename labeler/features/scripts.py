"""Scripts that are written without blanks between words, and what belongs to a character of them.

They are Han and kana; the scripts of which Unicode says that finding their words takes a dictionary (Line_Break=SA in
Unicode Standard Annex 14: Thai, Lao, Khmer, Burmese and their like); and Yi. Hangul is among them although Korean has
blanks, as its words change with the particles that are written to their ends.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain

# Blocks of the scripts whose letters are words; their digits and marks are as those of other scripts.
WORD_BLOCKS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\U000116d0-\U000116ff"  # Myanmar: Burmese, Shan, Karen
    "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uac00-\ud7a3\u3131-\u318e\uffa0-\uffdc"  # Hangul
    "\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf\U00011700-\U0001174f"  # Khmer, Tai Le, Tai Lue, Tai Tham …
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9d\U0001aff0-\U0001b16f"  # Han above; kana
    "\ua000-\ua48f"  # Yi
)
# Letters that belong to the one before, as marks do: vowels and finals of Hangul, the dots of half-width kana, and the
# vowel "am" of Thai and Lao.
MARK_LETTERS = "\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f\u0e33\u0eb3"
# Vowels that belong to the consonant behind them (Logical_Order_Exception in Unicode), and marks that stack the
# consonant behind them below the one before (Indic_Syllabic_Category=Invisible_Stacker).
JOINERS = "\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc\u1039\u17d2\u1a60"


def is_in(char: str, ranges: str) -> bool:
    """Whether a character is in ranges that are written as in a regular expression."""
    return _one_of(ranges).match(char) is not None


@cache
def _one_of(ranges: str) -> re.Pattern[str]:
    return re.compile(f"[{ranges}]")


@cache
def marks() -> str:
    """All marks, as ranges of a regular expression: what Unicode calls so, and ``MARK_LETTERS``."""
    # Ideographs, syllables of Hangul and what nobody has assigned are left out, as looking at them takes long.
    codes = chain(range(0x300, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x20000), range(0xE0000, 0xE0200))
    ranges: list[list[int]] = []
    for code in codes:
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return MARK_LETTERS + "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)
