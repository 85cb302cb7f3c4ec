"""Old encodings of East Asian and Cyrillic scripts, and of Polish, told from Windows-1252 by where their bytes stand.

In Windows-1252, bytes above 127 are single accented letters between ASCII letters; in these encodings they stand
together. Which one it is shows in the rows of its table that texts use most: the commoner characters come first in
GB 2312, Big5, JIS X 0208 and KS X 1001 (https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified)-encodings).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

_TOGETHER = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_POLISH_L = re.compile(rb"(?<=[a-z])\xb3(?=[a-z])")  # in Windows-1252 it is ³, which stands in no word
_ISO_LETTERS, _WINDOWS_LETTERS = re.compile(rb"[a-z][\xb1\xb6]"), re.compile(rb"[a-z][\xb9\x9c]")  # ą and ś
_FEWEST = 8  # bytes above 127; fewer say too little
_FEWEST_POLISH = 2  # letters ł inside words
_SHARE = 0.5  # of these bytes that stand together
_COMMON = 0.75  # share of characters in the rows that texts use most
_SAMPLE = 5000  # characters that are looked at
_CUT = 4  # bytes at the end of what is looked at that may be part of a character
_KANA = 0.1  # share of characters of every Japanese text
_RUSSIAN = frozenset("оеаинтсрвл")  # six of ten letters of Russian texts
_RUSSIAN_SHARE = 0.5


def old_encoding(head: bytes) -> str | None:
    """The encoding of a text that is not UTF-8 and whose letters are not those of Windows-1252; None where they are.

    ``""`` is for letters that are not Latin, in an encoding that cannot be told.
    """
    high = len(_HIGH.findall(head))
    if high < _FEWEST or sum(map(len, _TOGETHER.findall(head))) < _SHARE * high:
        return _polish(head)
    scores = {name: score(text) for name, score in _SCORES.items() if (text := _decoded(head, name))}
    best = max(scores, key=scores.__getitem__, default="")  # of equals the first, which has the fewer characters
    return best if best and scores[best] >= _COMMON else ""


def _polish(head: bytes) -> str | None:
    if len(_POLISH_L.findall(head)) < _FEWEST_POLISH:
        return None
    return "iso8859_2" if len(_ISO_LETTERS.findall(head)) > len(_WINDOWS_LETTERS.findall(head)) else "cp1250"


def _decoded(head: bytes, name: str) -> str:
    """The letters of a text that are not ASCII; ``""`` if it is not in this encoding."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        text = decoder.decode(head)
    except UnicodeDecodeError as error:
        if error.start < len(head) - _CUT:
            return ""
        text = head[: error.start].decode(name, "ignore")
    return "".join(letter for letter in text if letter > "\x7f")[:_SAMPLE]


def _common_rows(name: str, first: int, last: int, marks: tuple[int, ...]) -> Callable[[str], float]:
    """How many of the characters stand in the rows from ``first`` to ``last``; ``marks`` are the rows of punctuation
    and kana, which count where there is something else, too.
    """

    def score(text: str) -> float:
        rows = [letter.encode(name)[0] for letter in text]
        common = sum(first <= row <= last for row in rows)
        return (common + sum(row in marks for row in rows)) / len(rows) if common else 0.0

    return score


def _japanese(name: str, first: int, last: int, marks: tuple[int, ...]) -> Callable[[str], float]:
    common = _common_rows(name, first, last, marks)

    def score(text: str) -> float:
        kana = sum("\u3040" <= letter <= "\u30ff" for letter in text)
        return common(text) if kana >= _KANA * len(text) else 0.0

    return score


def _russian(text: str) -> float:
    """The share of small letters, as the other encoding of Cyrillic has capitals in their place; 0 where the letters
    that are common in Russian are not, as where Greek or Hebrew is taken for Cyrillic.
    """
    small = [letter for letter in text if "а" <= letter <= "я" or letter in "ёіїєґў"]
    common = sum(letter in _RUSSIAN for letter in small)
    return len(small) / len(text) if common >= _RUSSIAN_SHARE * len(text) else 0.0


_SCORES: dict[str, Callable[[str], float]] = {
    "cp932": _japanese("cp932", 0x88, 0x97, (0x81, 0x82, 0x83)),
    "euc_jp": _japanese("euc_jp", 0xB0, 0xCF, (0xA1, 0xA3, 0xA4, 0xA5)),
    "cp949": _common_rows("cp949", 0xB0, 0xC8, (0xA1, 0xA3)),
    "big5": _common_rows("big5", 0xA4, 0xC6, (0xA1, 0xA2, 0xA3)),
    "gb18030": _common_rows("gb18030", 0xB0, 0xD7, (0xA1, 0xA3)),
    "cp1251": _russian,
    "koi8_r": _russian,
}
