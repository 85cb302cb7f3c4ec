"""CSV for spreadsheets, written as it comes. No cell is one that a spreadsheet would run as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import isnan
from typing import IO

from labeler.publish.labelled import LabelledPaper

NAME = "csv"
SUFFIXES = (".csv",)
STREAMS = True
ABOUT = "CSV for spreadsheets"
_COLUMNS = (
    "id",
    "title",
    "topics",
    "probabilities",
    "because",
    "decision",
    "reason",
    "date",
    "authors",
    "url",
    "abstract",
    "model",
    "by",
)
_LINES = re.compile(r"[^\r\n]+")
HEAD = ",".join(_COLUMNS) + "\r\n"
# https://owasp.org/www-community/attacks/CSV_Injection; the full-width forms are run by Excel in some languages.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
_YEARLESS = re.compile(r"--\d\d-\d\d")  # a date, which is no formula
_AFTER_SEPARATOR = re.compile(r"([;|]\s*)(?=[=+@＝＋＠])")  # where a program divides cells by these


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A header, then one row a paper; topics by name, divided by ``;``, as are their annotators where people judged."""
    import csv

    rows = csv.writer(out, lineterminator="\r\n")
    out.write(HEAD)
    for item in papers:
        paper = item.paper
        cells = (
            paper.id,
            paper.title,
            "; ".join(names.get(topic, topic) for topic, _, _ in item.topics),
            "; ".join("" if isnan(probability) else f"{probability:.3f}" for _, probability, _ in item.topics),
            "; ".join(", ".join(words) for _, _, words in item.topics),
            item.decision,
            item.reason,
            paper.date or "",
            "; ".join(paper.authors),
            paper.url or "",
            paper.abstract,
            item.model,
            "; ".join(", ".join(item.by.get(topic, ())) for topic, _, _ in item.topics) if item.by else "",
        )
        rows.writerow([safe_cell(_shown(cell)) for cell in cells])


def _shown(cell: str) -> str:
    """The text of a cell without what could steer or deceive a terminal; line breaks stay, as CSV quotes them."""
    from labeler.papers.cleaning import printable

    return cell if cell.isprintable() else _LINES.sub(lambda line: printable(line[0]), cell)


def safe_cell(text: str) -> str:
    """``text``, with an apostrophe before it where a spreadsheet would take it for a formula."""
    text = _AFTER_SEPARATOR.sub(r"\1'", text)
    is_formula = text.lstrip(" ").startswith(_FORMULA) and not _YEARLESS.fullmatch(text)
    return f"'{text}" if is_formula else text
