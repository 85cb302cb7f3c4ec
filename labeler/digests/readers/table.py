"""Tables as text: CSV, TSV and their cousins, with a header that names a title or an abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labeler.digests.fields import columns_of, has_paper_fields
from labeler.digests.named_cells import named_cells, repeated_names
from labeler.digests.rows import BadRow, TableRows
from labeler.digests.source import Record, Refusal, Source
from labeler.files import CsvError, CsvRows
from labeler.patterns import pattern

NAME = "table"
RANK = 60
ABOUT = "CSV or TSV (also ; or |) with columns title and abstract (authors, date, categories, url, doi are used too)"
_DELIMITERS = (",", "\t", ";", "|")
_SEPARATOR = pattern(r'"?sep=(.)"?\s*', re.IGNORECASE)  # a line that Excel reads and writes before the header
_BACKSLASH = pattern(r'(?<!\\)\\"')
_BACKSLASHED = pattern(r'(?:^|[,;\t|])"[^"\n]*(?<!\\)\\"[^",;\t|\r\n]', re.MULTILINE)
_DOUBLED = pattern(r'[^",;\t|\s]""[^",;\t|\s]')
_MOST_BEFORE = 5  # lines before the header
_SURE_COLUMNS = 3  # of a header that other lines stand before
_HEADER_LINES = 20  # cells of the header may have line breaks
_SHOWN = 5  # lines that a note names


def looks_like(source: Source) -> bool:
    """Whether the first row is a header with a title or an abstract among its columns."""
    if source.beginning.startswith(('["', "['", '{"')):
        return False  # JSON lines of lists are no table of commas
    _, header = header_of(source.head)
    return has_paper_fields(header) and (len(header) > 1 or source.suffix in (".csv", ".tsv"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record a row; a row with more cells than the header is refused."""
    delimiter, known = header_of(source.head)
    with source.text() as stream:
        lines = (_BACKSLASH.sub('""', line) for line in stream) if _has_backslashes(source.head) else stream
        rows = TableRows(lines, delimiter)
        width, fields, header = 0, named_cells([]), list[str]()
        for row in rows:
            if isinstance(row, BadRow):
                yield Refusal(source.name, *row)
                continue
            where = f"row ending on line {row.line}"
            if not width:
                names = [" ".join(name.replace("\ufeff", "").split()) for name in row.cells]
                if _SEPARATOR.fullmatch(delimiter.join(row.cells)) or has_paper_fields(known) > has_paper_fields(names):
                    continue  # it stands before the header
                width, fields, header = len(names), named_cells(names), row.cells
                source.notes += repeated_names(source.name, names)
            elif row.cells == header:
                continue  # it comes again where tables were joined
            elif len(row.cells) > width:
                yield Refusal(source.name, where, f"has {len(row.cells)} cells, the header has {width}")
            else:
                yield Record(where, fields(row.cells))
        source.notes += _about_quotes(source.name, rows)


def _has_backslashes(head: str) -> bool:
    """Whether quotes inside quoted cells have a backslash before them, as R, MySQL and Spark write them, rather than
    another quote; LaTeX accents (``\\"o``) are letters where quotes are doubled or cells are not quoted.
    """
    return _BACKSLASHED.search(head) is not None and _DOUBLED.search(head) is None


def _about_quotes(name: str, rows: TableRows) -> list[str]:
    told = (
        (rows.mended, "stray quotes were taken as letters, so that rows stay apart"),
        (rows.odd, "quotes are odd, and may have joined rows or divided one"),
    )
    return [f"{name}: {what}: {_places(lines)}" for lines, what in told if lines]


def _places(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN]))
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"line{'s' * (len(lines) > 1)} {shown}{more}"


def header_of(head: str) -> tuple[str, list[str]]:
    """The delimiter of a table, and the names of its columns: the delimiter is what makes most of them.

    Some databases and people write a line or two about the table before it.
    """
    lines = [line for line in head.lstrip("\ufeff").splitlines(keepends=True) if line.strip()]
    if lines and (said := _SEPARATOR.fullmatch(lines[0])):
        return said[1], _first_row(lines[1:], said[1])
    delimiter, header = first = _header_in(lines)
    for before in range(_MOST_BEFORE + 1):
        if has_paper_fields(header):
            return delimiter, header
        delimiter, header = _header_in(lines[before + 1 :])
        header = header if len(header) >= _SURE_COLUMNS and columns_of(header, "title") else []
    return first


def _header_in(lines: list[str]) -> tuple[str, list[str]]:
    headers = {delimiter: _first_row(lines, delimiter) for delimiter in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda one: len(headers[one]))
    return delimiter, headers[delimiter]


def _first_row(lines: list[str], delimiter: str) -> list[str]:
    """The cells of the first row; those of the first line alone where a quote in it takes in too many lines."""
    for some in (lines[:_HEADER_LINES], lines[:1]):
        rows = CsvRows(some, delimiter)
        try:
            cells = next(rows, [])
        except CsvError:
            continue
        if rows.line_num < _HEADER_LINES:
            return [" ".join(cell.split()) for cell in cells]
    return []
