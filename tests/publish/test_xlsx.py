"""Excel workbooks: types of cells, texts that look like formulas, limits, equal bytes, and reading back."""

from __future__ import annotations

import csv
import gc
import io
import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import read_digest
from labeler.errors import UsageError
from labeler.papers.cleaning import printable
from labeler.publish.labelled import LabelledPaper
from labeler.publish.sheet import COLUMNS
from labeler.publish.writers import xlsx
from tests.publish.factories import NAMES, labelled, paper, written, written_bytes

CALL = '=HYPERLINK("http://example.org")'
OFFICE = shutil.which("soffice")


def _sheet(*papers: LabelledPaper) -> Any:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(written_bytes("xlsx", papers))).worksheets
    return sheet


def _row(*papers: LabelledPaper) -> dict[str, Any]:
    """The cells of the first paper by the names of their columns."""
    head, row = list(_sheet(*papers).iter_rows())[:2]
    return {name.value: cell for name, cell in zip(head, row, strict=True)}


def test_cells_have_the_types_of_their_values() -> None:
    row = _row(labelled(paper(ids=["arxiv:2601.88001"], date="2026-01-12", url="https://example.org/a?b=1&c=2")))
    assert tuple(row) == COLUMNS
    assert (row["probability"].value, row["probability"].number_format) == (0.912, "0.000")
    assert row["date"].value == datetime(2026, 1, 12)
    assert row["url"].value == row["url"].hyperlink.target == "https://example.org/a?b=1&c=2"
    assert row["topics"].value == "Vision & Images; Language"
    assert row["corrected"].value is None


@pytest.mark.parametrize("date", ["2026", "2026-01", "--03-14", "1850-01-01", None])
def test_a_date_that_excel_has_no_number_for_stays_as_it_is(date: str | None) -> None:
    assert _row(labelled(paper(date=date)))["date"].value == date


def test_the_head_stays_in_sight_and_filters_are_on() -> None:
    sheet = _sheet(labelled(), labelled())
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:Q3")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["B"].width == 60


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (NAMES, '"ok,none,Language,Vision & Images"'),
        ({"a": '"=1"),x'}, '"ok,none"'),
        ({"a": '"=HYPERLINK'}, '"ok,none,""=HYPERLINK"'),
        ({str(number): "A long name of a topic" for number in range(20)}, '"ok,none"'),
    ],
)
def test_topics_are_offered_for_corrections_and_anything_else_is_taken(names: dict[str, str], listed: str) -> None:
    out = io.BytesIO(written_bytes("xlsx", [labelled(), labelled()], names))
    (choices,) = openpyxl.load_workbook(out)["papers"].data_validations.dataValidation
    assert (choices.type, choices.formula1, str(choices.sqref)) == ("list", listed, "D2:D3")
    assert (choices.showInputMessage, choices.showErrorMessage) == (True, False)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", " =", "#", "'"])
def test_no_text_is_a_formula_even_where_a_person_edits_it(sign: str) -> None:
    cell = _row(labelled(paper(f"{sign}1+1 of papers")))["title"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (f"{sign}1+1 of papers", "s", True)


@pytest.mark.parametrize("text", [CALL, "#NAME?", "#N/A", "=", "\t=x"])
def test_nothing_of_a_hostile_paper_runs(text: str) -> None:
    hostile = paper(text, f"{text} x", authors=(text,), date=text, url=text)
    item = LabelledPaper(hostile, ((text, 0.5, (text,)),), {text: 0.5}, text, text, text, {text: (text,)})
    row = _row(item._replace(also=((text, 0.4),)))
    assert {cell.data_type for name, cell in row.items() if name not in {"corrected", "probability"}} == {"s"}
    with ZipFile(io.BytesIO(written_bytes("xlsx", [item]))) as parts:
        assert re.search(rb"<f[ >/]", parts.read("xl/worksheets/sheet1.xml")) is None


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "http://a b", "mailto:x"],
)
def test_only_sound_addresses_of_the_web_are_links(url: str) -> None:
    cell = _row(labelled(paper(url=url)))["url"]
    assert (cell.hyperlink, cell.data_type) == (None, "s")


def test_a_text_longer_than_a_cell_takes_is_cut() -> None:
    text = _row(labelled(paper("Long", "😀" * 20_000)))["abstract"].value
    assert (len(text.encode("utf-16-le")) // 2, text[-1]) == (xlsx._LONGEST, "…")


def test_more_papers_than_rows_are_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 3)
    assert _sheet(labelled(), labelled()).max_row == 3
    with pytest.raises(UsageError, match="a sheet of Excel has 3 rows at most; write so many papers as"):
        _sheet(labelled(), labelled(), labelled())


def test_links_end_where_they_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_LINKS", 1)
    sheet = _sheet(*(labelled(paper(url="https://example.org/")) for _ in range(2)))
    column = sheet.cell(1, COLUMNS.index("url") + 1).column_letter
    assert [bool(sheet[f"{column}{row}"].hyperlink) for row in (2, 3)] == [True, False]


@pytest.mark.filterwarnings("error")
def test_papers_that_end_with_an_error_leave_nothing_that_is_told_later() -> None:
    def papers() -> Iterator[LabelledPaper]:
        yield labelled()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        xlsx.write(papers(), io.BytesIO(), NAMES)
    gc.collect()


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30))
def test_any_title_reads_back_but_for_what_steers(title: str) -> None:
    (again, _) = _read_back(labelled(paper(title, "words")), labelled(paper("Next one")))
    shown = "".join("\n" if char in "\r\n" else printable(char) for char in title.replace("\r\n", "\n"))
    assert again["title"] == (shown or None)


def _read_back(*papers: LabelledPaper) -> list[dict[str, Any]]:
    rows = _sheet(*papers).iter_rows(min_row=2, values_only=True)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_workbook_of_labelled_papers_reads_back_as_a_digest(tmp_path: Path) -> None:
    one = paper(
        "Signs _x0041_ and =1", "We do.", ids=["arxiv:2601.88001", "pmid:7"], authors=("Lee, Ann", "Bo Ek"),
        date="2026-01-12", url="https://example.org/a",
    )  # fmt: skip
    path = tmp_path / "labelled.xlsx"
    path.write_bytes(written_bytes("xlsx", [labelled(one)]))
    (again,) = read_digest(path)
    for field in ("title", "abstract", "ids", "authors", "date", "url"):
        assert getattr(again, field) == getattr(one, field)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_LINKS", 100)

    def peak(count: int) -> int:
        tracemalloc.start()
        with Path("/dev/null").open("wb") as out:
            xlsx.write((labelled(paper(f"Paper {i}", url="https://example.org/")) for i in range(count)), out, NAMES)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(4000) < 3 * peak(500)


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_what_was_written(tmp_path: Path) -> None:
    papers = [
        labelled(paper(title, f"{title} of", date=date, url="https://example.org/x", authors=("A B", "C D")))
        for title, date in ((CALL, "2026-01-12"), ("_x0041_ ä 漢", "2024"), ("#NAME?", "--03-14"), ("+1", None))
    ]
    (tmp_path / "x.xlsx").write_bytes(written_bytes("xlsx", papers))
    profile, utf8 = f"-env:UserInstallation=file://{tmp_path}/profile", "csv:Text - txt - csv (StarCalc):44,34,76"
    convert = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        utf8,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "x.xlsx"),
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    found = list(csv.reader((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()))
    rows = csv.reader(io.StringIO(written("csv", papers), newline=""))
    assert found == [[cell.removeprefix("'") if cell[1:2] in ("=", "+") else cell for cell in row] for row in rows]
