"""Tables as text: CSV, TSV and their cousins, with a header that names a title or an abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from labeler.digests.fields import has_paper_fields
from labeler.digests.source import Record, Refusal, Source
from labeler.files import CsvError, CsvRows

NAME = "table"
RANK = 60
ABOUT = "CSV or TSV (also ; or |) with columns title and abstract (authors, date, categories, url, doi are used too)"
_DELIMITERS = (",", "\t", ";", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # which tells Excel how to divide the cells
_END = "\x00end of the table\x00"  # a quote that is still open takes it in


def looks_like(source: Source) -> bool:
    """Whether the first line is a header with a title or an abstract among its columns."""
    line = _first_line(source.head)
    if source.suffix not in (".csv", ".tsv") and not any(delimiter in line for delimiter in _DELIMITERS):
        return False
    header = _header(line)
    return has_paper_fields(header) and (len(header) > 1 or source.suffix in (".csv", ".tsv"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record a row; a row with more cells than the header is refused."""
    with source.text() as stream:
        delimiter = _delimiter(_first_line(source.head))
        rows = CsvRows(chain(stream, [_END]), delimiter)
        header: list[str] = []
        ended = 0
        try:
            for row in rows:
                if row == [_END] or not any(cell.strip() for cell in row):
                    continue
                if not header and _SEPARATOR_LINE.fullmatch(delimiter.join(row).strip().lstrip("\ufeff")):
                    continue
                if row[-1].endswith(_END):
                    yield Refusal(
                        source.name,
                        f"row from line {ended + 1}",
                        "has a quote that is never closed; what follows is lost",
                    )
                    return
                ended = rows.line_num
                where = f"row ending on line {rows.line_num}"
                if not header:
                    header = [name.strip().lstrip("\ufeff") for name in row]
                elif len(row) > len(header):
                    yield Refusal(source.name, where, f"has {len(row)} cells, the header has {len(header)}")
                else:
                    yield Record(where, dict(zip(header, row, strict=False)))
        except CsvError as error:
            yield Refusal(source.name, f"line {rows.line_num}", f"{error}; what follows is lost")


def _header(line: str) -> list[str]:
    return [name.strip() for name in next(CsvRows([line], _delimiter(line)), [])]


def _first_line(head: str) -> str:
    """The first line that is not empty, nor one that tells Excel how to divide the cells."""
    lines = head.lstrip("\ufeff").splitlines()
    return next((line for line in lines if line.strip() and not _SEPARATOR_LINE.fullmatch(line.strip())), "")


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)
