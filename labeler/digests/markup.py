"""HTML as plain text, line by line."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from labeler.patterns import pattern

_BLOCKS = frozenset("p div br tr li ul ol dl dt dd table blockquote h1 h2 h3 h4 h5 h6 hr pre section article".split())
_HIDDEN = frozenset(("script", "style", "head", "title"))


_HIDDEN_PART = pattern(r"<(?:(?P<comment>!--)|(?P<name>script|style|head)\b)", re.IGNORECASE)
# A tag, and its attributes with or without quotes.
_TAG = r"""/?[A-Za-z](?:(?:[^<>"']|"[^"]*"|'[^']*'){0,2000}+>|[^<>]{0,2000}+>)"""
_NO_TAG = pattern(rf"<(?!{_TAG})")


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Note what is hidden or preformatted from here on, and begin a line where a block does."""
        self._hidden += tag in _HIDDEN
        self._preformatted += tag == "pre"
        if tag in _BLOCKS and (tag == "br" or not self._at_line_start()):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what is hidden or preformatted, and the line of a block."""
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        self._preformatted = max(0, self._preformatted - (tag == "pre"))
        if tag in _BLOCKS and not self._at_line_start():
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take in a text that is shown, with single spaces where it is not preformatted."""
        if self._hidden or (not self._preformatted and not data.strip() and self._at_line_start()):
            return
        if not self._preformatted:
            data = re.sub(r"[ \t\r\n\f]+", " ", data)
            data = data.lstrip(" ") if self._at_line_start() else data
        self.pieces.append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """The end of a section that begins with ``<![``; one of a kind that is unknown is a comment, not an error."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i, report)

    def _at_line_start(self) -> bool:
        return not self.pieces or self.pieces[-1].endswith("\n")


def without_hidden(html: str) -> str:
    """The document with a line break in the place of each comment, script, style sheet and head that has an end."""
    pieces, position = [], 0
    unended: set[str] = set()
    for match in _HIDDEN_PART.finditer(html):
        name = (match["name"] or "").lower()
        if match.start() < position or name in unended:
            continue
        end = re.compile(rf"</{name}\s*>" if name else "-->", re.IGNORECASE).search(html, match.end())
        if end is None:
            unended.add(name)  # nor has a later one
            continue
        pieces += [html[position : match.start()], "\n"]
        position = end.end()
    return "".join([*pieces, html[position:]])


def text_of_html(html: str) -> str:
    """The text of an HTML document, with a line for each block."""
    parser = _Lines()
    parser.feed(_with_ends(html))
    parser.close()
    return "".join(parser.pieces).replace("\xa0", " ")


def _with_ends(html: str) -> str:
    """The document with ``&lt;`` where a tag or a comment begins that does not end: the parser searches for the end
    of each anew, so that thousands would take it hours."""
    if "<" not in html:
        return html
    end, comment_end = html.rfind(">"), html.rfind("-->")

    def sign(match: re.Match[str]) -> str:
        start = match.start()
        is_comment = html.startswith("!--", start + 1)
        return (
            "<"
            if html[start + 1 : start + 2] in ("!", "?") and start < (comment_end if is_comment else end)
            else "&lt;"
        )

    return _NO_TAG.sub(sign, html)
