"""Removal of LaTeX from titles and abstracts: accents become letters, commands go, mathematics stays as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from labeler.patterns import pattern

_PRIVATE = range(0xE000, 0xF900)  # code points for private use: https://www.unicode.org/charts/PDF/UE000.pdf
_PLACEHOLDER = pattern("[\ue000-\uf8ff]")
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
}
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
}  # fmt: skip
# A pattern that begins with a literal character is searched for fast.
_DOLLARS = r"\$(?<!\\\$)\$?[^$]+(?<!\\)\$\$?"
_MATH = pattern(  # a second \( begins anew
    _DOLLARS + r"|\\\((?:[^\\]|\\(?!\()){1,2000}?\\\)|\\\[(?:[^\\]|\\(?!\[)){1,2000}?\\\]"
)
_MATH_IN_DOLLARS = pattern(_DOLLARS)
_SPACE = pattern(r"\\[ ,;:]\s*")
# An accent takes the next letter, in braces or not; one written as a letter (\c, \v) needs braces or a space before.
_ACCENT = pattern(
    r"""(?:\{\\|\\)(?:(?P<mark>['`^"~=.])\s*|(?P<name>[uvHckrdb])(?:\s+|(?=\s*\{)\s*))"""
    r"""(?:\{\s*(?P<braced>\\[ij]\s*|[^\W\d_])\s*\}|(?P<bare>\\[ij](?![A-Za-z])(?:\{\}|\s+)?|[^\W\d_]))(?P<close>\})?"""
)
_LETTER = pattern(
    r"(?:\{\\|\\)(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])(?:\{\}|(\})|\s)?"
)
_STYLED = pattern(r"\\(?:emph|text[a-z]{2}|texttt|textsc|textnormal|text|mbox|underline|uline|mathrm)\s*\{([^{}]*)\}")
_DECLARED = pattern(r"\{\\(?:it|em|bf|tt|sc|rm|sl|sf)\s++([^{}]*)\}")
_LINK = pattern(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_URL = pattern(r"\\url\s*\{([^{}]*)\}")
_REFERENCE = pattern(r"(?<![~\s])[~\s]*\\(?:cite[a-z]*|ref|eqref|label)\*?(?:\[[^\[\]]*\])*\s*\{[^{}]*\}")
COMMAND = pattern(r"\\(?=([A-Za-z]+|.))", re.DOTALL)  # lookahead: so is a command that follows a backslash
# Names of commands, grouped by how they are handled.
ACCENTED = frozenset(_ACCENTS) | _LETTERS.keys()
STYLES = frozenset("emph text mbox underline uline mathrm".split())
DECLARATIONS = frozenset("it em bf tt sc rm sl sf".split())
_SPACES = frozenset(" ,;:")
_CHARACTERS = frozenset("%&_#$")
_ESCAPED = pattern(r"\\([%&_#$])")
_TIE = pattern(r"~(?<=[\w.,;)]~)(?=\w)")


_GROUP = pattern(r"\{(?<!\{\{)\{*([^\W\d_]+)\}+")  # from the first brace of several
_BEFORE_ARGUMENT = pattern(r"(?:\\[A-Za-z]+\*?\s*|[\\^_}\]])$")
_LONGEST_COMMAND = 30


def delatex(text: str) -> str:
    """The text without LaTeX: ``Schr\\"odinger`` becomes ``Schrödinger``, and ``$…$`` stays.

    Style commands and links are replaced by their text; citations and references are removed.
    """
    return around_math(text, _without_latex) if _has_latex(text) else text


def outside_math(text: str) -> list[str] | None:
    """The parts of a text before, between and after ``$…$``; None where dollar signs do not come in pairs."""
    parts = text.split("$")
    return parts[::2] if len(parts) % 2 == 1 and "$$" not in text else None


def _has_latex(text: str) -> bool:
    return "\\" in text or "~" in text or "``" in text or has_groups(text)


def has_groups(text: str) -> bool:
    """Whether braces keep the case of letters in a text, as BibTeX needs them to: ``{N}eural``, ``{LLM}s``."""
    return "{" in text and without_groups(text) != text


def without_groups(text: str) -> str:
    """The text without braces that keep the case of letters inside a word."""
    return _GROUP.sub(_group, text)


def _group(match: re.Match[str]) -> str:
    text, letters = match.string, match[1]
    before, after = text[max(0, match.start() - _LONGEST_COMMAND) : match.start()], text[match.end() : match.end() + 1]
    keeps_case = letters[0].isupper() and (before[-1:].isalpha() or after.isalpha())
    return letters if keeps_case and not _BEFORE_ARGUMENT.search(before) else match[0]


def around_math(text: str, change: Callable[[str], str]) -> str:
    """Apply ``change`` to a text in which each formula is replaced by one private-use character; then restore them."""
    math = _MATH if "\\(" in text or "\\[" in text else _MATH_IN_DOLLARS if "$" in text else None
    if math is None:
        return change(text)
    formulas: dict[str, str] = {}

    def placeholder(match: re.Match[str]) -> str:
        if len(formulas) == len(_PRIVATE):
            return match[0]
        character = chr(_PRIVATE[len(formulas)])
        formulas[character] = match[0]
        return character

    changed = change(math.sub(placeholder, text if text.isascii() else _PLACEHOLDER.sub("", text)))
    return _PLACEHOLDER.sub(lambda match: formulas[match[0]], changed)


def _without_latex(text: str) -> str:
    if not _has_latex(text):
        return text.replace("''", '"')
    # Each substitution scans the whole text, so only those are made whose commands the text contains.
    names = set(COMMAND.findall(text))
    if any(name.startswith(("cite", "ref", "eqref", "label")) for name in names):
        text = _REFERENCE.sub("", text)
    if names & ACCENTED:
        text = _LETTER.sub(_letter, _ACCENT.sub(_accent, text))
    if "href" in names or "url" in names:
        text = _URL.sub(r"\1", _LINK.sub(r"\1", text))
    if names & (STYLES | DECLARATIONS) or any(name.startswith("text") for name in names):
        for _ in range(2):  # a style inside a style
            text = _DECLARED.sub(r"\1", _STYLED.sub(r"\1", text))
    if names & _SPACES:
        text = _SPACE.sub(" ", text)
    if "~" in text:
        text = _TIE.sub(" ", text)
    if names & _CHARACTERS:
        text = _ESCAPED.sub(r"\1", text)
    text = without_groups(text) if "{" in text else text
    return text.replace("``", '"').replace("''", '"')


def _accent(match: re.Match[str]) -> str:
    letter = match["braced"] or match["bare"]
    letter = letter.strip("\\{} \t\n")
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[match["mark"] or match["name"]])
    return _with_braces(match[0].startswith("{"), match["close"] is not None, composed)


def _letter(match: re.Match[str]) -> str:
    return _with_braces(match[0].startswith("{"), match[2] is not None, _LETTERS[match[1]])


def _with_braces(opened: bool, closed: bool, letter: str) -> str:
    """The letter without a pair of braces around it; a single brace, which belongs to a longer group, stays."""
    if opened and closed:
        return letter
    return ("{" if opened else "") + letter + ("}" if closed else "")
