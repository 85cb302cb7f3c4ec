"""Pages and mails in HTML as lines of Markdown: headings, lists, links, bold words and tables; the rest is paragraphs.

So newsletters, blogs and tables saved as pages are read as digests in Markdown are.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.html import Element, shown_text
from labeler.digests.links import leads_to_paper, target_of
from labeler.digests.markdown import links_in, plain_text, without_links
from labeler.digests.markdown_papers import column_field
from labeler.patterns import pattern

_HIDDEN = frozenset("script style head title template noscript svg select option textarea button".split())
_BLOCKS = frozenset(
    "p div section article header footer main table tbody thead tr td th ul ol li dl dt dd blockquote pre center form "
    "h1 h2 h3 h4 h5 h6 hr figure figcaption details summary address".split()
)
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_BOLD = frozenset(("b", "strong"))
_ARXIV_NUMBER = pattern(r"^\[\d{4}\.\d{4,5}(?:v\d+)?\]\s*")  # before the titles of pages of arXiv
_MOST_LINKS, _LONGEST_LINE, _WORDS_BEFORE = 20, 5000, 3
_TITLE_WORDS = 4
_FEWEST_COLUMNS = 2
_DEEPEST = 10  # lists in each other whose items are told apart


def markdown_of(page: Element) -> Iterator[str]:
    """The lines of a page."""
    from lxml import etree

    writer = _Writer()
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            rows = _rows_of(element) if element.tag == "table" else []
            if element.tag in _HIDDEN or rows:
                walk.skip_subtree()
                yield from writer.table(rows)
            else:
                yield from writer.begin(element)
        else:
            yield from writer.end(element)
    yield from writer.flush()


class _Writer:
    """The line that is being written, and the marks that stand before it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._mark = ""
        self._links: list[int] = []  # where the texts of links begin
        self._bold: list[int] = []
        self._items = 0  # lists around the line

    def begin(self, element: Element) -> Iterator[str]:
        """Take in what stands before and in an element."""
        tag = element.tag
        if tag in _BLOCKS or tag == "br":
            yield from self.flush(is_end=tag != "br")
            self._mark = _HEADINGS.get(tag, "- " if tag == "li" else self._mark)
            self._items += tag == "li"
        elif tag == "a":
            self._links.append(len(self._pieces))
        elif tag in _BOLD:
            self._bold.append(len(self._pieces))
        self._pieces.append(element.text or "")

    def end(self, element: Element) -> Iterator[str]:
        """Take in what stands after an element."""
        tag = element.tag
        if tag in _BLOCKS:
            yield from self.flush()
            self._items = max(0, self._items - (tag == "li"))
        elif tag == "a" and self._links:
            self._around(self._links.pop(), "[", f"]({target_of(element.get('href') or '')})")
        elif tag in _BOLD and self._bold:
            self._around(self._bold.pop(), "**", "**")
        self._pieces.append(element.tail or "")

    def _around(self, start: int, before: str, after: str) -> None:
        text = " ".join("".join(self._pieces[start:]).split())
        text = _ARXIV_NUMBER.sub("", text) if before == "[" else text
        if text and (before != "**" or "**" not in text):
            del self._pieces[start:]
            self._pieces.append(f"{before}{text}{after}")

    def flush(self, *, is_end: bool = True) -> Iterator[str]:
        """The line, where there is something in it; and an empty one where a block ends."""
        text = " ".join("".join(self._pieces).split())
        self._pieces, self._links, self._bold = [], [], []
        if not text:
            return
        title, rest = ("", "") if self._mark else _title_in(text)
        if title:  # as tables of contents have them
            yield f"{_HEADINGS['h6']}{title}"
            text = rest
        indent = "  " * min(self._items - (self._mark == "- "), _DEEPEST) if self._items else ""
        if text:
            yield f"{indent}{self._mark}{text}"
        self._mark = ""
        if is_end:
            yield ""

    def table(self, rows: list[list[str]]) -> Iterator[str]:
        """A table as rows of Markdown."""
        if rows:
            yield from self.flush()
            yield "|" + "|".join(rows[0]) + "|"
            yield "|" + "---|" * len(rows[0])
            yield from ("|" + "|".join(row) + "|" for row in rows[1:])
            yield ""


def _title_in(text: str) -> tuple[str, str]:
    """The link to a paper under what may be its title, with which a line begins, and what stands beside it; empty texts
    where it begins with none. Links such as ``pdf`` may stand before it.
    """
    if len(text) > _LONGEST_LINE or "](" not in text:
        return "", ""
    for link in links_in(text)[:_MOST_LINKS]:
        if len(link.text.split()) >= _TITLE_WORDS and leads_to_paper(link.target):
            before, _, after = text.partition(link.text)
            if len(plain_text(without_links(before)).strip("*[ ").split()) > _WORDS_BEFORE:
                return "", ""
            return f"[{link.text}]({link.target})", after.partition(")")[2].strip("* ")
    return "", ""


def _rows_of(table: Element) -> list[list[str]]:
    """The cells of a table whose first row names a title; empty for tables that arrange a page."""
    rows = [[one for one in row if one.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if not rows or len(rows[0]) < _FEWEST_COLUMNS:
        return []
    if "title" not in {column_field(shown_text(cell)) for cell in rows[0]}:
        return []
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(cell: Element) -> str:
    """The text of a cell; of one with links in it these, too."""
    text = shown_text(cell).replace("|", "\\|")
    links = [target_of(link.get("href")) for link in cell.iter("a") if link.get("href")]
    shown = [f"[{text}]({link})" if number == 0 else f"[link]({link})" for number, link in enumerate(links)]
    return " ".join(shown) or text
