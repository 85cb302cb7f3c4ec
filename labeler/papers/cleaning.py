"""Clean text out of what digests hold: entities, tags, LaTeX, broken lines, and characters in odd forms."""

from __future__ import annotations

import html
import html.entities
import re
import unicodedata

from labeler.files import whole
from labeler.papers.latex import around_math, delatex, leaves_words, outside_math

_UNDONE = ("&", "<", "~", "``", "- ")
_UNUSUAL = re.compile(r"[^ -%'-;=-\[\]-}]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Only tags of mark-up that digests use: <think>, <SEG>, <s> and the like are words of abstracts.
_TAG = re.compile(
    r"</?(?:jats:[a-z-]+|p|br|i|b|em|strong|sub|sup|span|div|italic|bold)(?:\s+[\w:-]+=[^<>]*|\s*)/?>", re.IGNORECASE
)
_BREAKING_TAG = re.compile(r"</?(?:jats:p|jats:title|p|br|div)(?:\s+[\w:-]+=[^<>]*|\s*)/?>", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LIGATURES = {0xFB00 + offset: form for offset, form in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
_WIDTHS = _FULL_WIDTH | _LIGATURES
_ODD = re.compile("[\uff01-\uff5e\u3000\ufb00-\ufb06]")
_LINE_END = re.compile(r"[-\u2010][ \t]*\r?\n")
_BROKEN_WORD = re.compile(r"(?<![^\W\d_])(?<!-)([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010][ \t]*\r?\n[ \t]*([^\W\d_]+)")
_BROKEN_NUMBER = re.compile(r"(?<=\w)[-\u2010][ \t]*\r?\n[ \t]*(?=\w)")
_HANGING = r"(?!(?:and|or|nor|but|to|as|than|vs|versus|through|und|oder|et)\b(?!-))"  # low- and high-level
_GAPPED_WORD = re.compile(rf"(?<=[a-z])- {_HANGING}(?=[a-z])")
_SUSPENDED = re.compile(_HANGING.replace("(?!", "(?=", 1), re.IGNORECASE)
# Parts of compounds that keep their hyphen when a line ends inside them.
_FIRST = frozenset(
    """
    all anti auto bi black closed coarse context cross cutting data deep down end fast few fine first free full
    general graph ground hand hard hidden high higher human ill inverse k knowledge label language large
    large-scale last left light long low lower many meta mid model multi near neural new non object off one open
    out over part peer per physics plug point post pseudo quasi question rank real right risk role second self
    semi short single small so soft sparse state step strong sub super task test text third three time token top
    trade two ultra under user vision vector well white whole wide word world zero
    """.split()
)
_SECOND = frozenset(
    """
    agnostic art aware based body box by case centric class conditioned consistent constrained dependent depth
    dimensional driven efficient end fold following free friendly grained guided in independent informed
    intensive level like linear local making marginal modal model of off only order oriented out paced
    parametric play point powered quality rank rate ready related resolution resource rich risk scale scratch
    set shaped shot side size solving source space specific stage state step supervised tailed task term the
    time to to-end token training truth tuned tuning turn up value view way weighted wide wise world
    """.split()
)


def clean(text: str | None) -> str:
    """One line of clean text: the words as a reader would type them, single spaces, Unicode NFC.

    Entities and mark-up are resolved, LaTeX accents composed, words that a line break cut are joined (see
    :func:`join_lines`), full-width letters and typographic ligatures become plain ones. Superscripts and
    mathematics are left alone (NFKC would turn 10² into 102).
    """
    if not text:
        return ""
    if not _UNUSUAL.search(text) and not any(mark in text for mark in ("``", "- ", "  ")):
        return text.strip(" ")
    before, text = text, _cleaned(text)
    # Feeds escape twice, and one step's result is another's work.
    while text != before and (any(mark in text for mark in _UNDONE) or not _only_in_math(text)):
        before, text = text, _cleaned(text)
    return text


def clean_enough(text: str, seen: bool = False) -> str:
    """A text with the words of :func:`clean`, to be scored: itself, or what it is without its LaTeX, if that is enough.

    ``seen`` as for :func:`words_stand`.
    """
    if words_stand(text, seen):
        return text
    if "\\" in text and words_stand(plain := delatex(text), seen):
        return plain
    return clean(text)


def words_stand(text: str, seen: bool = False) -> bool:
    """Whether :func:`clean` surely leaves the words of a text as they are.

    ``seen`` says that what is ASCII of it is known to be printed, but for line breaks after whole words.
    """
    if not _characters_stand(text, seen):
        return False
    if ("&" in text and _ENTITY.search(text)) or ("<" in text and _TAG.search(text)):
        return False
    return leaves_words(text)


def _characters_stand(text: str, seen: bool) -> bool:
    if not text.isascii():
        return text.isprintable() and not _ODD.search(text) and unicodedata.is_normalized("NFC", text)
    whole_lines = seen or text.isprintable()
    return whole_lines or (text.replace("\n", " ").isprintable() and not _LINE_END.search(text))


def _only_in_math(text: str) -> bool:
    """Whether a text surely has no backslash but in mathematics, where nothing is done."""
    if "\\" not in text:
        return True
    outside = outside_math(text)
    return outside is not None and not any("\\" in part for part in outside)


def _cleaned(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "<" in text:
        text = _TAG.sub("", _BREAKING_TAG.sub("\n", text))
    text = delatex(text if text.isprintable() else _INVISIBLE.sub("", text))
    if not text.isascii():
        text = whole(text)
        text = text.translate(_WIDTHS) if _ODD.search(text) else text
    if "- " in text or "\n" in text:
        text = around_math(text, join_lines)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.strip(" ") if text.isprintable() and "  " not in text else " ".join(text.split())


def _character(match: re.Match[str]) -> str:
    """What an entity stands for; one that only begins like a known one stays."""
    return html.unescape(match[0]) if match[0][1] == "#" or match[0][1:] in html.entities.html5 else match[0]


def plain(text: str) -> str:
    """One line of text without characters that are not seen; for text that was cleaned before."""
    return " ".join(_INVISIBLE.sub("", whole(text)).split())


def printable(text: str) -> str:
    """``text`` without control characters, which could steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def join_lines(text: str) -> str:
    """Words broken at a line's end, whole again.

    ``stabil-⏎ity`` is one word and ``Riemann-⏎Liouville`` a compound. What the rest of the text spells decides;
    else a capital or a usual part of compounds keeps the hyphen; else the halves are joined.
    """
    if "\n" in text and _LINE_END.search(text):
        text = _BROKEN_NUMBER.sub("-", _rejoined(text))
    return _GAPPED_WORD.sub("-", text) if "- " in text else text


def _rejoined(text: str) -> str:
    lowered = text.lower()

    def whole(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        if _SUSPENDED.match(text, match.start(2)):
            return f"{first}- {second}"
        joined, hyphened = first + second, f"{first}-{second}"
        if re.search(rf"\b{re.escape(joined.lower())}\b", lowered):
            return joined
        if re.search(rf"\b{re.escape(hyphened.lower())}\b", lowered) or _is_compound(first, second):
            return hyphened
        return joined

    return _BROKEN_WORD.sub(whole, text)


def _is_compound(first: str, second: str) -> bool:
    if not second.islower() or first.isupper() or "-" in first or 1 in (len(first), len(second)):
        return True
    return first.lower() in _FIRST or second in _SECOND
