"""Texts as LaTeX: its special signs written out, formulas as they are, and braces that keep capitals in titles."""

from __future__ import annotations

import re

from labeler.patterns import pattern

_SIGNS = {sign: f"\\{sign}" for sign in "%&_#$"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "@": "{@}", "``": "{`}{`}",
    "''": "{'}{'}",
}  # fmt: skip  # parsers take @x{ for an entry, and LaTeX two quotes for one
_BRACES = {"{": r"\{", "}": r"\}"}
_SINGLE_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # BibTeX counts all others, escaped ones too
# Without a sign of a formula, a dollar before a blank, and one after a blank or before a digit, is money:
# https://pandoc.org/MANUAL.html#math
_FORMULA = (
    r"\$\$[^$]+(?<!\\)\$\$|\$[^$]{0,600}?[\\^_=][^$]{0,600}(?<!\\)\$|\$(?=[^\s$])[^$]*(?<![\s\\])\$(?!\d)"
    r"|\\\([^$]{0,600}?\\\)|\\\[[^$]{0,600}?\\\]"
)
_PART = pattern(rf"(?P<formula>{_FORMULA})|(?P<word>[^\W_]+(?:[-'’][^\W_]+)*)|``|''|.", re.DOTALL)
_ESCAPED = pattern(r"\\.", re.DOTALL)
_COMMENT = pattern(r"(?<!\\)[%#&@]")  # what cannot stand in a formula, or in a file of BibTeX


def latex_text(text: str) -> str:
    """A text that LaTeX sets as it is; sound formulas between dollars, or ``\\(`` and ``\\)``, stay."""
    return _written(text, is_title=False)


def latex_title(title: str) -> str:
    """A title that no style writes in lower case: as Zotero writes it, each word with capitals has braces, but for a
    first word with a capital at its beginning alone.
    """
    return _written(title, is_title=True)


def _written(text: str, is_title: bool) -> str:
    parts = [_divided(found) for found in _PART.finditer(text)]
    signs = _SIGNS | (_BRACES if _is_balanced("".join(part for kind, part in parts if not kind)) else _SINGLE_BRACES)
    written, is_first = "", True
    for kind, part in parts:
        if kind == "formula" and part[0] == "$" and written.endswith("$"):
            written += "{}"  # two dollars would begin another formula
        if kind == "word":
            rest = part[1:] if is_first else part
            written += f"{{{part}}}" if is_title and rest != rest.lower() else part
            is_first = False
        else:
            written += part if kind else "".join(signs.get(sign, sign) for sign in _single(part))
    return written


def _divided(found: re.Match[str]) -> tuple[str, str]:
    """What a part is (``formula``, ``word``, empty for signs), and the part; formulas that are not sound are signs."""
    is_formula = found["formula"] and is_sound(found[0]) and not _COMMENT.search(found[0])
    return ("formula" if is_formula else "word" if found["word"] else "", found[0])


def _single(part: str) -> list[str]:
    return [part] if part in _SIGNS else list(part)


def is_sound(text: str) -> bool:
    """Whether a text with LaTeX can be a value: its braces are in pairs, for those who count escaped ones and for those
    who do not, and no backslash ends it.
    """
    bare = _ESCAPED.sub("", text)
    return _is_balanced(text) and _is_balanced(bare) and not bare.endswith("\\")


def _is_balanced(text: str) -> bool:
    """Whether all braces are in pairs."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return not depth
