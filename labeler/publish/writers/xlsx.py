"""Excel workbooks (ECMA-376), written row by row: numbers, dates and links as such, and no text that is a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from labeler.errors import UsageError
from labeler.papers.addresses import uri_of
from labeler.papers.cleaning import printable
from labeler.patterns import pattern
from labeler.publish.labelled import LabelledPaper
from labeler.publish.sheet import COLUMNS, cells_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

NAME = "xlsx"
SUFFIXES = (".xlsx",)
BINARY = True
ABOUT = "Excel workbook, with filters and a column for corrections"
_WIDTHS = {
    "title": 60,
    "topics": 30,
    "corrected": 20,
    "because": 30,
    "authors": 30,
    "url": 30,
    "abstract": 60,
    "said": 60,
}  # signs
_WIDTH = 14
_PROMPT = "ok: as suggested. none: no topic fits. Else the topics, divided by ;"
# https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
_MOST_ROWS = 1_048_576
_LONGEST = 32_767  # UTF-16 code units of a cell
_LONGEST_LINK = 2000
_LONGEST_LIST = 255  # of choices
_MOST_LINKS = 10_000  # of the 65,530 that Excel takes, as each is kept in memory to the end
_DAY = pattern(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_DAY = "1900-03-01"  # before it, Excel counts a day that was none
_MAY_BE_FORMULA = tuple("=+-@＝＋－＠#'")
_ESCAPED = pattern(r"_(?=x[0-9A-Fa-f]{4}_)")  # which Excel reads as another sign (ECMA-376 part 1, 22.9.2.19)
_CREATED = datetime(2000, 1, 1)  # of all workbooks, so that the same labels are the same bytes


def write(papers: Iterable[LabelledPaper], out: IO[bytes], names: Mapping[str, str]) -> None:
    """One sheet, a row a paper, with the columns of all spreadsheets.

    Raises:
        UsageError: there are more papers than a sheet has rows.
    """
    write_sheet(COLUMNS, (cells_of(item, names) for item in papers), out, ("ok", "none", *names.values()), _PROMPT)


def write_sheet(
    columns: Sequence[str], rows: Iterable[Sequence[str]], out: IO[bytes], choices: Sequence[str], prompt: str
) -> None:
    """One sheet of these columns, of which ``corrected`` is for people: its ``choices``, and a ``prompt`` about them.

    Raises:
        UsageError: there are more rows than a sheet can have.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("papers")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, _WIDTH)
    try:
        last = _fill(sheet, columns, rows)
        sheet.data_validations.append(_choices(choices, prompt, columns.index("corrected"), last))
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    finally:
        sheet.close()  # a file beside it, which openpyxl removes
    _save(workbook, out)


def _choices(offered: Sequence[str], prompt: str, place: int, rows: int) -> Any:
    """What people can choose in a column, where they may write anything else, too."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    topics = list(map(printable, offered))
    listed = ",".join(topics).replace('"', '""')
    if len(listed) > _LONGEST_LIST or any("," in topic for topic in topics):
        listed = ",".join(topic for topic in topics if topic in ("ok", "none"))
    choices = DataValidation(
        type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False, showInputMessage=True
    )
    choices.promptTitle = "The right topics"
    choices.prompt = prompt
    column = get_column_letter(place + 1)
    choices.add(f"{column}2:{column}{max(rows, 2)}")
    return choices


def _fill(sheet: Any, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write all rows; the number of the last one."""
    cells, last = _Cells(sheet), 1
    sheet.append([cells.head(name) for name in columns])
    for row in rows:
        last += 1
        if last > _MOST_ROWS:
            raise UsageError(f"a sheet of Excel has {_MOST_ROWS:,} rows at most", "write so many papers as .csv")
        sheet.append(list(map(cells.of, columns, row)))
    return last


class _Cells:
    """The cells of a sheet, of the type that their columns have."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        self._sheet = sheet
        self._links = 0
        styles = [WriteOnlyCell(sheet) for _ in range(5)]
        head, number, day, link, text = styles
        head.font = Font(bold=True)
        number.number_format, day.number_format = "0.000", "yyyy-mm-dd"
        link.font = Font(color="0563C1", underline="single")
        text.quotePrefix = True  # a text stays one when a person has edited it
        self._head, self._number, self._day, self._link, self._text = (style._style for style in styles)

    def head(self, name: str) -> Cell:
        """The cell above a column."""
        return self._cell(name, self._head)

    def of(self, column: str, text: str) -> Cell | str | None:
        """The cell of a column that has a text."""
        if column == "probability" and text:
            return self._cell(float(text), self._number)
        if column == "date" and _DAY.fullmatch(text) and text >= _FIRST_DAY:
            return self._cell(date.fromisoformat(text), self._day)
        if column == "url" and self._links < _MOST_LINKS and 0 < len(address := uri_of(text)) <= _LONGEST_LINK:
            self._links += 1
            cell = self._cell(self._of_text(text), self._link)
            cell.hyperlink = address
            return cell
        return self._of_text(text) if text else None

    def _of_text(self, text: str) -> Cell | str:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "_x" in text:
            text = _ESCAPED.sub("_x005F_", text)
        if 2 * len(text) > _LONGEST and len(units := text.encode("utf-16-le")) > 2 * _LONGEST:
            text = units[: 2 * _LONGEST - 2].decode("utf-16-le", "ignore") + "…"
        if not text.lstrip().startswith(_MAY_BE_FORMULA):
            return text
        cell = self._cell(text, self._text)
        cell.data_type = "s"
        return cell

    def _cell(self, value: Any, style: Any) -> Cell:
        from openpyxl.cell import Cell

        return Cell(self._sheet, 1, 1, value, style)  # openpyxl puts it where it belongs


def _save(workbook: Workbook, out: IO[bytes]) -> None:
    """Write a workbook as :func:`openpyxl.writer.excel.save_workbook` does, but for the time of today in it."""
    from openpyxl.writer.excel import ExcelWriter

    workbook.properties.creator = "labeler"
    workbook.properties.created = workbook.properties.modified = _CREATED
    with _Timeless(out, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(workbook, archive).write_data()


class _Timeless(ZipFile):
    """An archive whose members have the first time that archives know, and no traits of files of this machine."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        """Write a member."""
        super().writestr(_member(zinfo_or_arcname), data, *args, **kwargs)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Write a file as a member."""
        with Path(filename).open("rb") as source, self.open(_member(arcname), "w", force_zip64=True) as target:
            copyfileobj(source, target)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name)
    member.create_system = 3  # the same on all systems
    member.compress_type, member.external_attr = ZIP_DEFLATED, 0o600 << 16
    return member
