"""Rows of tables as text. Rows that a stray quote joins are kept apart, and that is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from labeler.digests.fields import NAMES, known_name
from labeler.files import CsvError, CsvRows
from labeler.papers.dates import iso_date
from labeler.papers.ids import doi

_END = "\x00end of the table\x00"  # a quote that is still open takes it in
_MOST_RESTARTS = 100  # after quotes that are never closed: each may cost another pass through the rest of the file
# Columns by whose cells a row is recognised: what such a cell holds is of a form of its own.
_FORMS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("date", iso_date),
    ("doi", doi),
    ("url", lambda cell: cell.strip().startswith(("http://", "https://", "www."))),
    ("pmid", lambda cell: cell.strip().isdigit()),
)


class Row(NamedTuple):
    """The cells of a row, and the line that it ends on, from 1."""

    line: int
    cells: list[str]


class BadRow(NamedTuple):
    """Rows that could not be read: the lines that they stand on, and why."""

    where: str
    why: str


class TableRows:
    """The rows of a table. ``mended`` are the lines of stray quotes, which were taken as letters, and ``odd`` those of
    rows whose quotes are odd but could be read.
    """

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self.mended: list[int] = []
        self.odd: list[int] = []
        self._lines = _Lines(lines)
        self._delimiter = delimiter
        self._header: list[str] = []
        self._restarts = 0

    def __iter__(self) -> Iterator[Row | BadRow]:
        """The rows, the header first; those that are empty are left out."""
        rows = CsvRows(self._lines, self._delimiter)
        while True:
            self._lines.taken.clear()
            try:
                cells = next(rows, None)
            except CsvError as error:
                yield BadRow(f"line {self._lines.number}", f"{error}; what follows is lost")
                return
            if cells is None or cells == [_END]:
                return
            taken = self._lines.taken
            if cells and cells[-1].endswith(_END):
                yield from self._unclosed(taken)
                rows = CsvRows(self._lines, self._delimiter)
            elif any(cell.strip() for cell in cells):
                if len(taken) == 1:
                    self.odd += [self._lines.number] if taken[0].count('"') % 2 else []
                    yield Row(self._lines.number, cells)
                else:
                    yield from self._several_lines(cells, taken)
                self._header = self._header or cells

    def _unclosed(self, taken: list[str]) -> Iterator[Row | BadRow]:
        """The row of a quote that is never closed; the lines that it took in are read again."""
        first = self._lines.number - len(taken) + 1
        self._restarts += 1
        cells = _split(taken[0], self._delimiter)
        if self._restarts > _MOST_RESTARTS or not self._header or len(cells) > len(self._header):
            yield BadRow(f"row from line {first}", "has a quote that is never closed; it was left out")
        else:
            self.mended.append(first)
            yield Row(first, cells)
        if self._restarts > _MOST_RESTARTS:
            yield BadRow(f"line {first + 1}", "too many quotes are never closed; what follows is lost")
        else:
            self._lines.put_back(taken[1:])

    def _several_lines(self, cells: list[str], taken: list[str]) -> Iterator[Row | BadRow]:
        """The row of several lines, or the rows that a stray quote has made one."""
        last, first = self._lines.number, self._lines.number - len(taken) + 1
        width = len(self._header)
        is_odd = width > 0 and _is_odd(taken, self._delimiter)
        apart = [_split(line, self._delimiter) for line in taken]
        if (
            width > 1
            and all(len(row) == width for row in apart)
            and (is_odd or len(cells) != width or self._shows_rows(apart))
        ):
            self.mended.append(first)
            yield from (Row(first + number, row) for number, row in enumerate(apart))
        elif is_odd and len(cells) != width:
            yield BadRow(f"rows from line {first} to {last}", "are joined by a stray quote; mend it")
        else:
            self.odd += [first] if is_odd or len(cells) < width else []
            yield Row(last, cells)

    def _shows_rows(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether lines are rows for certain: their dates, DOIs or links are such."""
        names = [known_name(name)[0] for name in self._header]
        checks = [(names.index(name), check) for kind, check in _FORMS for name in NAMES[kind] if name in names]
        cells = [(row[column], check) for row in rows for column, check in checks if row[column].strip()]
        return len(cells) >= len(rows) and all(check(cell) for cell, check in cells)


class _Lines:
    """Lines of a file, one at a time; ``taken`` are those of the present row, ``number`` is the number of the last."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.taken: list[str] = []
        self.number = 0
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, _END)
        if line is _END:
            if self._ended:
                raise StopIteration
            self._ended = True
        self.number += 1
        self.taken.append(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Make ``lines``, the last that were taken, the next ones."""
        self.number -= len(lines)
        self._again.extendleft(reversed(lines))
        self._ended = self._ended and _END not in lines[-1:]


def _is_odd(lines: list[str], delimiter: str) -> bool:
    """Whether something follows a closing quote, as where a quote is stray or one inside a cell is not doubled."""
    try:
        list(CsvRows(lines, delimiter, strict=True))
    except CsvError:
        return True
    return False


def _split(line: str, delimiter: str) -> list[str]:
    """The cells of a line; a quote that it does not close is a letter, which is left out at the ends of cells."""
    if line.count('"') % 2 == 0:
        return next(CsvRows([line], delimiter), [])
    cells = line.rstrip("\r\n").split(delimiter)
    return [cell.strip().removeprefix('"').removesuffix('"').replace('""', '"') for cell in cells]
