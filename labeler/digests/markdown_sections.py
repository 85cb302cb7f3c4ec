"""A Markdown digest in parts: sections, and the papers in rows of tables and in items of lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from labeler.digests.markdown import BAR, HEADING, ITEM, cells_of, is_divider, links_in
from labeler.digests.markdown_papers import column_field, identifiers_of, item_fields, names_paper, row_fields
from labeler.patterns import pattern

_MOST_CELLS = 50
_DEEPEST = 7  # the level of a bold line that stands for a heading
_BOLD_HEADING = pattern(
    r"^\*\*\s*(?P<text>(?:\[\d{1,4}\]|\d{1,4}[.)])\s+\S.{10,400}|\[.{10,400}\]\(\S{1,400}\))\s*\*\*\s*$"
)


@dataclass
class Section:
    """A heading and the lines below it that are in no table and no list of papers."""

    line: int = 0
    level: int = 0
    heading: str = ""
    lines: list[str] = field(default_factory=list)


class Found(NamedTuple):
    """A paper in a table or a list: the line that it begins on, its fields, and the section that it is in."""

    line: int
    fields: dict[str, Any]
    section: Section


def sections(lines: Iterable[str]) -> Iterator[Section | Found]:
    """The sections of a text; the papers in tables and lists come before the section that they are in."""
    splitter, is_fenced = _Splitter(), False
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r\n")
        is_fenced ^= line.lstrip().startswith("```")
        if match := None if is_fenced else HEADING.match(line):
            yield from splitter.end()
            yield splitter.section
            splitter = _Splitter(Section(number, len(match["signs"]), match["text"].rstrip("# \t")))
        elif match := None if is_fenced else _BOLD_HEADING.match(line):
            yield from splitter.end()
            yield splitter.section
            splitter = _Splitter(Section(number, _DEEPEST, match["text"]))
        else:
            yield from splitter.take(number, line)
    yield from splitter.end()
    yield splitter.section


class Row:
    """The lines of a row of a table, and their number of cells."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lines: list[str] = []
        self._bars = 0

    def add(self, line: str) -> None:
        """Add a line."""
        self._bars += len(BAR.findall(line))
        self.lines.append(line.strip())

    @property
    def count(self) -> int:
        """The number of cells; a bar at the beginning or at the end divides nothing."""
        first, last = self.lines[0], self.lines[-1]
        ends = last.endswith("|") and not last.endswith("\\|") and (len(self.lines) > 1 or last != "|")
        return self._bars + 1 - first.startswith("|") - ends


class _Splitter:
    """The lines of one section, some of which are of a table or of a list."""

    def __init__(self, section: Section | None = None) -> None:
        self.section = Section() if section is None else section
        self._columns: list[str] = []
        self._row = Row(0)
        self._item: tuple[int, list[str]] = (0, [])
        self._before = ""
        self._is_paper = names_paper(identifiers_of(links_in(self.section.heading), ""))

    def take(self, number: int, line: str) -> Iterator[Found]:
        """The papers that end where this line begins."""
        before, self._before = self._before, line
        if self._columns and line.strip():
            yield from self._in_table(number, line)
        elif is_divider(line) and "title" in map(column_field, names := cells_of(before)[:_MOST_CELLS]):
            yield from self.end()
            self.section.lines = self.section.lines[:-1]
            self._columns = names
        elif (match := ITEM.match(line)) and len(match["indent"]) < 2:
            yield from self.end()
            self._item = (number, [line])
        elif self._item[1] and (line.startswith((" ", "\t")) or not line.strip()):
            self._item[1].append(line)
        else:
            yield from self.end()
            self.section.lines.append(line)

    def end(self) -> Iterator[Found]:
        """The paper of the row or item that ends here."""
        yield from self._finished_row()
        if self._item[1]:
            yield from self._finished_item()
        self._columns, self._row, self._item = [], Row(0), (0, [])

    def _in_table(self, number: int, line: str) -> Iterator[Found]:
        is_whole = not self._row.lines or self._row.count >= len(self._columns)
        if "|" in line and (is_whole or line.lstrip().startswith("|")):
            yield from self._finished_row()
            self._row = Row(number)
            self._row.add(line)
        elif is_whole:  # the table has ended
            yield from self.end()
            self.section.lines.append(line)
        else:
            self._row.add(line)  # a cell of several lines

    def _finished_row(self) -> Iterator[Found]:
        number, line = self._row.number, " ".join(self._row.lines)
        if not line.strip() or is_divider(line):
            return
        fields = row_fields(self._columns, cells_of(line))
        if fields.get("title") and column_field(str(fields["title"])) != "title":
            yield Found(number, fields, self.section)

    def _finished_item(self) -> Iterator[Found]:
        """The paper of an item; an item that names none is lines of its section."""
        number, lines = self._item
        match = ITEM.match(lines[0])
        fields = item_fields("\n".join([match["text"] if match else lines[0], *lines[1:]]))
        if names_paper(fields) and fields.get("title") and not self._is_paper:
            yield Found(number, fields, self.section)
        else:
            self.section.lines += lines
