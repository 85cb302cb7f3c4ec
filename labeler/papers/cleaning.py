"""Cleaning of titles and abstracts: HTML entities and tags, LaTeX, hyphenated line breaks, Unicode normalization."""

from __future__ import annotations

import re

from labeler.files import replace_surrogates
from labeler.papers.latex import around_math, delatex, outside_math
from labeler.papers.markup_tags import without_tags
from labeler.papers.normal_forms import normalized
from labeler.patterns import pattern

_MOST_PASSES = 20  # a text that is escaped or nested deeper than that was made to keep a cleaner busy
_MARKUP_SIGNS = ("&", "<", "~", "``", "- ")  # of what another pass may still change
_UNUSUAL = pattern(r"[^ -%'-;=-\[\]-}]")
ENTITY = pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_OFTEN = pattern(r"&(?:amp;){2,}")
# Control characters, what overrides the direction of text, and what has no meaning within a paragraph. The marks and
# joiners that Arabic, Persian and Indic scripts are written with (Unicode Standard, 23.2) stay.
_INVISIBLE = pattern(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb"
    r"\U000e0001\U000e0020-\U000e007f]"
)
_STEERING = pattern(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]")
_MARKS_AND_JOINERS = "\u200c\u200d\u200e\u200f\u061c"
# Other forms of letters, kept for older encodings: radicals as characters, ligatures, the presentation forms of Hebrew
# and Arabic, full width, and half-width kana and Hangul. People type the letters that NFKC makes of them.
OTHER_FORMS = pattern("[\u2e80-\u2fd5\u3000\ufb00-\ufdff\ufe70-\ufefc\uff01-\uffdc\uffe0-\uffe6]")
LINE_END = pattern(r"[-\u2010][ \t]*\r?\n")
_BROKEN_WORD = pattern(r"(?<![^\W\d_])(?<!-)([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010][ \t]*\r?\n[ \t]*([^\W\d_]+)")
_BROKEN_NUMBER = pattern(r"(?<=\w)[-\u2010][ \t]*\r?\n[ \t]*(?=\w)")
_MOST_HYPHENS = 4  # in a compound that is looked for in the rest of a text
# What follows a suspended hyphen, as in "low- and high-level".
_AFTER_SUSPENDED = r"(?!(?:and|or|nor|but|to|as|than|vs|versus|through|und|oder|et)\b(?!-))"
_GAPPED_WORD = pattern(rf"(?<=[a-z])- {_AFTER_SUSPENDED}(?=[a-z])")
_SUSPENDED = pattern(_AFTER_SUSPENDED.replace("(?!", "(?=", 1), re.IGNORECASE)
# First and second parts of compounds, which keep their hyphen when a line ends inside them.
_FIRST_PARTS = frozenset(
    """
    all anti auto bi black closed coarse context cross cutting data deep down end fast few fine first free full
    general graph ground hand hard hidden high higher human ill inverse k knowledge label language large
    large-scale last left light long low lower many meta mid model multi near neural new non object off one open
    out over part peer per physics plug point post pseudo quasi question rank real right risk role second self
    semi short single small so soft sparse state step strong sub super task test text third three time token top
    trade two ultra under user vision vector well white whole wide word world zero
    """.split()
)
_SECOND_PARTS = frozenset(
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
    """The text in one line with single spaces, normalized to Unicode NFC.

    HTML entities are decoded, tags and LaTeX commands are removed, and LaTeX accents become letters. The parts of
    words that a line break divided are joined (see :func:`join_lines`). Full-width and half-width letters, ligatures
    and presentation forms become the letters that they stand for (NFKC). Superscripts and mathematics stay
    as they are (NFKC would turn 10² into 102).
    """
    if not text:
        return ""
    if not _UNUSUAL.search(text) and not any(sign in text for sign in ("``", "- ", "  ", "{")):
        return text.strip(" ")
    # Feeds escape twice, and what one step returns may be something that an earlier step cleans.
    for _ in range(_MOST_PASSES):
        before, text = text, _clean_once(text)
        if text == before or (_only_in_math(text) and not any(sign in text for sign in _MARKUP_SIGNS)):
            break
    return text


def _only_in_math(text: str) -> bool:
    """Whether all backslashes of a text are in mathematics, which is not cleaned; False where that is unclear."""
    if "\\" not in text:
        return True
    outside = None if "\\$" in text else outside_math(text)
    return outside is not None and not any("\\" in part for part in outside)


def _clean_once(text: str) -> str:
    """One pass of all cleaning steps over a text."""
    if "&amp;amp;" in text:  # escaped again and again: each pass would undo one
        text = _ESCAPED_OFTEN.sub("&amp;", text)
    if "&" in text:
        text = ENTITY.sub(_decode_entity, text)
    if "<" in text:
        text = without_tags(text)
    text = delatex(text if text.isprintable() else _INVISIBLE.sub("", text))
    if not text.isascii():
        text = replace_surrogates(text)
        text = OTHER_FORMS.sub(_usual_form, text)
    if "- " in text or "\n" in text:
        text = around_math(text, join_lines)
    text = normalized("NFC", text)
    return text.strip(" ") if text.isprintable() and "  " not in text else " ".join(text.split())


def _usual_form(match: re.Match[str]) -> str:
    """The letters that another form of them stands for; of a mark alone, which NFKC puts behind a blank, the mark."""
    return normalized("NFKC", match[0]).lstrip(" ") or " "


def _decode_entity(match: re.Match[str]) -> str:
    """The character of an HTML entity; a name that is no known entity stays as it is."""
    import html.entities

    return html.unescape(match[0]) if match[0][1] == "#" or match[0][1:] in html.entities.html5 else match[0]


def plain(text: str) -> str:
    """The text in one line without invisible characters; for text that was cleaned before."""
    return " ".join(_INVISIBLE.sub("", replace_surrogates(text)).split())


def printable(text: str) -> str:
    """The text with a space for each control character and each override of its direction, which could steer or
    deceive a terminal; marks and joiners of scripts stay."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _MARKS_AND_JOINERS else " " for char in text)


def printable_json(text: str) -> str:
    """A JSON text with the same value, whose control characters and overrides of direction are escaped."""
    return text if text.isascii() and "\x7f" not in text else _STEERING.sub(_json_escape, text)


def _json_escape(match: re.Match[str]) -> str:
    import json

    return "\\u007f" if match[0] == "\x7f" else json.dumps(match[0])[1:-1]


def join_lines(text: str) -> str:
    """The text with the words joined that a hyphen at the end of a line divides.

    ``stabil-⏎ity`` is one word, and ``Riemann-⏎Liouville`` is a compound, which keeps its hyphen. The spelling in the
    rest of the text decides between the two. Where it has neither spelling, a capital letter or a usual part of
    compounds means a compound; otherwise the parts are joined without a hyphen.
    """
    if "\n" in text and LINE_END.search(text):
        text = _BROKEN_NUMBER.sub("-", _join_words(text))
    return _GAPPED_WORD.sub("-", text) if "- " in text else text


def _join_words(text: str) -> str:
    lowered = text.lower()
    words = set(re.findall(r"\w+", lowered))
    compounds: dict[int, set[str]] = {0: words}  # by the number of hyphens

    def occurs(word: str) -> bool:
        hyphens = word.count("-")
        if hyphens not in compounds:
            known = hyphens <= _MOST_HYPHENS
            compounds[hyphens] = set(re.findall(rf"(?=\b((?:\w+-){{{hyphens}}}\w+)\b)", lowered)) if known else set()
        return word in compounds[hyphens]

    def joined_word(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        if _SUSPENDED.match(text, match.start(2)):
            return f"{first}- {second}"
        word, compound = first + second, f"{first}-{second}"
        if occurs(word.lower()):
            return word
        if occurs(compound.lower()) or _is_compound(first, second):
            return compound
        return word

    return _BROKEN_WORD.sub(joined_word, text)


def _is_compound(first: str, second: str) -> bool:
    """Whether two parts of a word make a compound with a hyphen, judged by the parts alone."""
    if not second.islower() or first.isupper() or "-" in first or 1 in (len(first), len(second)):
        return True
    return first.lower() in _FIRST_PARTS or second in _SECOND_PARTS
