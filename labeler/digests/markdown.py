"""Markdown line by line: headings, tables, links, and text without its marks.

Format: https://github.github.com/gfm/. What bots write is seldom quite that, so lines are looked at one by one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from labeler.patterns import pattern

HEADING = pattern(r"^ {0,3}(?P<signs>#{1,6})\s+(?P<text>.*)$")
RULE = pattern(r"^ {0,3}(?:[-*_=] ?){3,}\s*$")
BAR = pattern(r"(?<!\\)\|")  # between cells
ITEM = pattern(r"^(?P<indent>\s*)(?:[-*+•]|\(?\d{1,4}[.)])\s+(?P<text>\S.*)$")
QUOTE = pattern(r"^(?: {0,3}> ?)+")
_LINK = pattern(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?(?P<target>(?:[^\s()<>]|\([^\s()]*\))*)>?(?:\s+\"[^\"]*\")?\s*\)"
)
_BARE_LINK = pattern(r"https?://[^\s<>\"'|)\]]+")
_TAG = pattern(
    r"</?(?:a|b|i|em|strong|sub|sup|br|p|div|span|img|font|details|summary|ins|del|h[1-6]|center)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_BOLD = pattern(r"\*\*(?=[^\s*])(?P<text>(?:[^*]|\*(?!\*))+)\*\*|(?<!\w)__(?=[^\s_])(?P<other>[^_]+)__(?!\w)")
_ITALIC = pattern(
    r"(?<![\w*\\])(?P<mark>\*)(?=[^\s*])(?P<text>[^*]+?)(?<=[^\s\\])\*(?![\w*])|(?<![\w\\])_(?=\S)(?P<other>[^_]+?)(?<=\S)_(?!\w)"
)
_CODE = pattern(r"`([^`]+)`")
_ESCAPED = pattern(r"\\([\\`*_{}\[\]()#+.!|<>-])")
_MATH = pattern(r"\$[^$]*\$")


class Link(NamedTuple):
    """A link: what is shown of it, and where it leads."""

    text: str
    target: str


def links_in(text: str) -> list[Link]:
    """The links in a line, those without a text of their own included; images are none."""
    found = [Link(plain_text(match["text"]), match["target"]) for match in _LINK.finditer(text) if not match["image"]]
    rest = _LINK.sub(" ", text)
    return [*found, *(Link("", match[0].rstrip(".,;")) for match in _BARE_LINK.finditer(rest))]


def without_links(text: str) -> str:
    """A line without its links and images."""
    return _BARE_LINK.sub("", _LINK.sub("", text))


def plain_text(text: str) -> str:
    """A text without the marks of Markdown and the tags of HTML; of links the text stays, and formulas as they are."""
    for _ in range(3):  # a link in a link, bold in italics
        before, text = text, _LINK.sub(lambda match: "" if match["image"] else match["text"], text)
        if text == before:
            break
    text = _TAG.sub(" ", text)
    pieces, position = [], 0
    for match in _MATH.finditer(text):
        pieces += [_unmarked(text[position : match.start()]), match[0]]
        position = match.end()
    return " ".join("".join([*pieces, _unmarked(text[position:])]).split())


def _unmarked(text: str) -> str:
    if "`" in text:
        text = _CODE.sub(r"\1", text)
    if "**" in text or "__" in text:
        text = _BOLD.sub(_inner, text).replace("**", "")
    if "*" in text or "_" in text:
        text = _ITALIC.sub(_inner, text)
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _inner(match: re.Match[str]) -> str:
    return match["text"] or match["other"] or ""


def bold_in(text: str) -> str:
    """The first bold text of a line; ``""`` if there is none."""
    match = _BOLD.search(text)
    return plain_text(_inner(match)) if match else ""


def cells_of(line: str) -> list[str]:
    r"""The cells of a row of a table; a bar in a cell is written ``\|``."""
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [cell.replace("\\|", "|").strip() for cell in BAR.split(line)]


def is_divider(line: str) -> bool:
    """Whether a line stands below the header of a table (``|---|:--:|``)."""
    return "|" in line and "-" in line and re.fullmatch(r"[\s|:-]+", line) is not None
