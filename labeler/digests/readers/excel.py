"""Excel workbooks: each sheet with a header that names a title or an abstract, wherever it stands, is a table."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from labeler.compression import refuse_bomb
from labeler.digests.fields import has_paper_fields, stands_for_field
from labeler.digests.named_cells import named_cells, repeated_names
from labeler.digests.source import Record, Refusal, Source
from labeler.errors import InputError
from labeler.patterns import pattern

if TYPE_CHECKING:
    from openpyxl import Workbook

NAME = "excel"
RANK = 10
ABOUT = "Excel workbook (.xlsx): its sheets with columns title and abstract (the same are used as of CSV)"
_MOST_BEFORE = 30  # rows before a header
_MOST_COLUMNS = 1000
_MOST_EMPTY = 10_000  # rows without a cell, behind which nothing is looked for
_ESCAPED = pattern(r"_x([0-9A-Fa-f]{4})_")  # signs that XML cannot hold (ECMA-376 part 1, 22.9.2.19)
_ERRORS = ("#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")

Cells = tuple[Any, ...]


def looks_like(source: Source) -> bool:
    """Whether the input is a workbook."""
    return source.table_format == NAME


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each row below a header.

    Raises:
        InputError: the workbook is damaged or becomes too large, or none of its sheets has a column title or abstract.
    """
    if not looks_like(source):  # the format was named
        return
    with source.binary() as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which no paper needs
        workbook = _opened(source, stream)
        heads, is_read = list[str](), False
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                source.notes.append(f"{source.name}: the hidden sheet {sheet.title} was passed over")
                continue
            begin = list(islice(_rows(source, sheet), _MOST_BEFORE))
            header = _header(begin)
            if header is None:
                heads.append(_named(begin[0][1]) if begin else "")
                if begin:
                    source.notes.append(f"{source.name}: sheet {sheet.title} has no column title or abstract")
                continue
            is_read = True
            where = f"sheet {sheet.title}, " if len(workbook.sheetnames) > 1 else ""
            yield from _records(source, where, sheet, *begin[header])
        if not is_read:
            known = "; ".join(filter(None, heads))[:200] or "nothing"
            raise InputError(
                f"{source.name} has no sheet with a column title or abstract, only: {known}", "rename the columns"
            )


def header_of(source: Source) -> list[str]:
    """The names of the columns of the first sheet with a header, also where no row is below it; none without one.

    Raises:
        InputError: the workbook is damaged or becomes too large.
    """
    with source.binary() as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        for sheet in _opened(source, stream).worksheets:
            begin = list(islice(_rows(source, sheet), _MOST_BEFORE)) if sheet.sheet_state == "visible" else []
            header = _header(begin)
            if header is not None:
                return _names(begin[header][1])
    return []


def _opened(source: Source, stream: IO[bytes]) -> Workbook:
    from zipfile import ZipFile

    try:
        size = stream.seek(0, 2)
        with ZipFile(stream) as parts:
            refuse_bomb(sum(part.file_size for part in parts.infolist()), size, source.name)
        from openpyxl import load_workbook

        return load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever a wrong value makes Python raise
        raise _damaged(source, error) from error


def _rows(source: Source, sheet: Any, begin: int = 1, width: int = _MOST_COLUMNS) -> Iterator[tuple[int, Cells]]:
    """The rows of a sheet from one on that are not empty in their first ``width`` columns, with their numbers.

    openpyxl makes each row as wide as it is told: one with a cell in the last of Excel's 16,384 columns costs no more.
    """
    try:
        sheet.reset_dimensions()  # some programs write wrong ones
        empty = 0
        rows = sheet.iter_rows(begin, max_col=width, values_only=True)
        for number, cells in enumerate(rows, begin):
            if any(cell is not None for cell in cells):
                empty = 0
                yield number, cells
            elif (empty := empty + 1) > _MOST_EMPTY:
                return
    except Exception as error:  # as above
        raise _damaged(source, error) from error


def _header(rows: Sequence[tuple[int, Cells]]) -> int | None:
    """The position of the header among the first rows, None if there is none.

    People and databases write lines about a table above it: the header is the first row that names two fields of
    papers, or else the first that names a title or an abstract.
    """
    texts = [list(map(_text, cells)) for _, cells in rows]
    likely = [position for position, names in enumerate(texts) if has_paper_fields(names)]
    sure = [position for position in likely if sum(map(stands_for_field, texts[position])) > 1]
    return next(iter(sure or likely), None)


def _records(source: Source, where: str, sheet: Any, head: int, header: Cells) -> Iterator[Record | Refusal]:
    """The records of a sheet with a header in row ``head``; of one that is damaged, those before the damage."""
    names = _names(header)
    source.notes += repeated_names(source.name, names)
    fields, number = named_cells(names), head
    try:
        for number, cells in _rows(source, sheet, head + 1, len(names)):
            texts = list(map(_text, cells))
            if texts != names and any(texts):
                yield Record(f"{where}row {number}", {name: text for name, text in fields(texts).items() if name})
    except InputError as error:
        yield Refusal(source.name, f"{where}below row {number}", error.message.removeprefix(f"{source.name} "))


def _names(header: Cells) -> list[str]:
    names = [" ".join(_text(cell).split()) for cell in header]
    while not names[-1]:
        names.pop()
    return names


def _text(cell: Any) -> str:
    """A cell as its sheet shows it, but a date as ISO 8601."""
    if cell is None or cell in _ERRORS:
        return ""
    if isinstance(cell, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell) if "_x" in cell else cell
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)


def _named(cells: Sequence[Any]) -> str:
    return ", ".join(filter(None, (" ".join(_text(cell).split()) for cell in cells)))


def _damaged(source: Source, error: Exception) -> InputError:
    told = " ".join(str(error).split())[:200] or type(error).__name__
    return InputError(f"{source.name} is a damaged Excel workbook: {told}", "open it, save it again, or save it as CSV")
