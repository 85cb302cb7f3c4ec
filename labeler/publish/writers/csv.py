"""CSV for spreadsheets, written as it comes. No cell is one that a spreadsheet would run as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO

from labeler.publish.labelled import LabelledPaper
from labeler.publish.sheet import COLUMNS, cells_of

NAME = "csv"
SUFFIXES = (".csv",)
STREAMS = True
ABOUT = "CSV for spreadsheets"
HEAD = ",".join(COLUMNS) + "\r\n"
# https://owasp.org/www-community/attacks/CSV_Injection; the full-width forms are run by Excel in some languages.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
_YEARLESS = re.compile(r"--\d\d-\d\d")  # a date, which is no formula
_AFTER_SEPARATOR = re.compile(r"([;|]\s*)(?=[=+@＝＋＠])")  # where a program divides cells by these


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A header, then one row a paper; topics by name, divided by ``;``, as are their annotators where people judged."""
    write_rows(COLUMNS, (cells_of(item, names) for item in papers), out)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], out: IO[str]) -> None:
    """A header of these columns, then the rows."""
    import csv

    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    for row in rows:
        table.writerow(list(map(safe_cell, row)))


def safe_cell(text: str) -> str:
    """``text``, with an apostrophe before it where a spreadsheet would take it for a formula."""
    text = _AFTER_SEPARATOR.sub(r"\1'", text)
    is_formula = text.lstrip(" ").startswith(_FORMULA) and not _YEARLESS.fullmatch(text)
    return f"'{text}" if is_formula else text
