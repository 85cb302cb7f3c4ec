"""Excel workbooks: sheets, headers wherever they stand, cells of every type, and damage."""

from __future__ import annotations

import datetime
import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler import compression
from labeler.digests.registry import reader_named
from labeler.digests.source import Source
from labeler.errors import InputError
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, OTHER, excel, piped, read, saved, titles, zipped

HEAD = ["Title", "Abstract"]


def test_a_sheet_is_a_table(tmp_path: Path) -> None:
    rows = [
        ["Article Title", "Abstract", "Authors", "Publication Date", "DOI", "PMID", "Keywords"],
        ["Sorting", ABSTRACT, "Lee, Ann; Ek, Bo", datetime.datetime(2026, 1, 12), "10.5555/A.1", 4711.0, "days"],
        [None] * 7,
        ["Bridges", OTHER, "", datetime.date(2025, 12, 31), None, 12, None],
        ["", None, "Lee, Ann", 2020, None, None, None],
    ]  # fmt: skip
    reading = read(tmp_path, "a.xlsx", excel({"Papers": rows}))
    first, second = reading.papers
    assert reading.formats == {"a.xlsx": "excel"}
    assert (first.title, first.authors, first.date) == ("Sorting", ("Lee, Ann", "Ek, Bo"), "2026-01-12")
    assert set(first.ids) >= {"doi:10.5555/a.1", "pmid:4711"}
    assert (second.title, second.date, second.abstract) == ("Bridges", "2025-12-31", OTHER)
    assert [str(refusal) for refusal in reading.refused] == ["a.xlsx, row 5: neither a title nor an abstract"]


@pytest.mark.parametrize("before", [1, 3, 20])
def test_a_header_may_stand_below_other_rows(tmp_path: Path, before: int) -> None:
    lines: list[list[Any]] = [["Search results"], [], ["Summary", "of 2026-01-12"], *[["x", 1]] * 20]
    rows = [*lines[:before], ["No.", *HEAD], [1, "Sorting", ABSTRACT], [2, "Bridges", OTHER]]
    assert titles(read(tmp_path, "a.xlsx", excel({"A": rows}))) == ["Sorting", "Bridges"]


def test_a_header_that_comes_again_is_no_paper(tmp_path: Path) -> None:
    rows = [HEAD, ["Sorting", ABSTRACT], HEAD, ["Bridges", OTHER]]
    assert titles(read(tmp_path, "a.xlsx", excel({"A": rows}))) == ["Sorting", "Bridges"]


def test_each_sheet_with_a_header_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    sheets = {
        "2025": [HEAD, ["Sorting", ABSTRACT]],
        "Notes": [["What", "When"], ["a", "b"]],
        "Empty": [],
        "2026": [["Abstract", "Title"], [OTHER, "Bridges"], ["", ""], [None, None, "x"]],
    }
    reading = read(tmp_path, "a.xlsx", excel(sheets))
    assert titles(reading) == ["Sorting", "Bridges"]
    assert reading.notes == ["a.xlsx: sheet Notes has no column title or abstract"]
    assert not reading.refused


def test_a_hidden_sheet_is_passed_over_and_told(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel({"A": [HEAD, ["Sorting", "a"]], "B": [HEAD, ["Old", "b"]]})))
    book["B"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    reading = read(tmp_path, "a.xlsx", out.getvalue())
    assert (titles(reading), reading.notes) == (["Sorting"], ["a.xlsx: the hidden sheet B was passed over"])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a_x000D_\nb", "a b"),
        ("caf\u00e9", "caf\u00e9"),
        (2026, "2026"),
        (7.0, "7"),
        (0.5, "0.5"),
        ("=1+1", ""),
        ("#N/A", ""),
        (True, "True"),
    ],
)
def test_cells_of_every_type_are_texts(tmp_path: Path, cell: Any, text: str) -> None:
    reading = read(tmp_path, "a.xlsx", excel({"A": [HEAD, [cell, ABSTRACT]]}))
    assert titles(reading) == [text]


def test_columns_of_one_name_are_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.xlsx", excel({"A": [["Title", "Abstract", "Abstract"], ["Sorting", None, ABSTRACT]]}))
    assert reading.papers[0].abstract == ABSTRACT
    assert "2 columns are called 'abstract'" in reading.notes[0]


def test_wrong_dimensions_hide_no_row(tmp_path: Path) -> None:
    content = excel({"A": [HEAD, ["Sorting", ABSTRACT], ["Bridges", OTHER]]})
    parts = {name: data.replace(b'ref="A1:B3"', b'ref="A1"') for name, data in _parts(content).items()}
    assert titles(read(tmp_path, "a.xlsx", zipped(parts))) == ["Sorting", "Bridges"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a"])
def test_a_workbook_without_papers_says_what_it_has(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no sheet with a column title or abstract, only: What, When; More"):
        read(tmp_path, name, excel({"A": [["What", "When"], [1, 2]], "B": [["More"]]}))


def test_a_header_alone_is_no_papers(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.xlsx", excel({"A": [HEAD]}))
    assert (reading.records, reading.notes) == (0, ["a.xlsx (read as excel) has no papers in it"])


def test_a_workbook_in_an_archive_and_through_standard_input(tmp_path: Path) -> None:
    content = excel({"A": [HEAD, ["Sorting", ABSTRACT]]})
    reading = read(tmp_path, "a.zip", zipped({"b/c.xlsx": content}))
    assert [paper.source for paper in reading.papers] == ["a.zip/b/c.xlsx"]
    done = piped(content, "read", "-")
    assert (done.returncode, "Sorting" in done.stdout) == (0, True), done.stderr


def test_another_format_cannot_be_named(tmp_path: Path, labeler: Labeler) -> None:
    outcome = labeler("read", saved(tmp_path, "a.xlsx", excel({"A": [HEAD]})), "--format", "table")
    assert (outcome.code, outcome.err) == (3, "labeler: a.xlsx is excel, not table; leave out --format\n")


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "HARMLESS", 1 << 20)
    parts = _parts(excel({"A": [HEAD, ["Sorting", ABSTRACT]]}))
    parts["xl/worksheets/sheet1.xml"] += b" " * (9 << 20)
    with pytest.raises(InputError, match="becomes more than 250 times as large"):
        read(tmp_path, "a.xlsx", zipped(parts))


@pytest.mark.parametrize(
    "attack",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b"<!DOCTYPE a ["
        + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10 if n else b"x" * 100) for n in range(10))
        + b"]>",
    ],
    ids=["outside", "laughs"],
)
def test_entities_do_no_harm(tmp_path: Path, attack: bytes) -> None:
    parts = _parts(excel({"A": [HEAD, ["Sorting", ABSTRACT]]}))
    name = "xl/worksheets/sheet1.xml"
    entity = b"&x;" if b"SYSTEM" in attack else b"&j;"
    parts[name] = parts[name].replace(b"<worksheet", attack + b"<worksheet", 1).replace(b"Sorting", entity)
    with suppress(InputError):
        reading = read(tmp_path, "a.xlsx", zipped(parts))
        assert all("root:" not in paper.title and len(paper.title) < 10_000 for paper in reading.papers)


def test_rows_far_away_take_no_time(tmp_path: Path) -> None:
    parts = _parts(excel({"A": [HEAD, ["Sorting", ABSTRACT], ["Bridges", OTHER]]}))
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'r="3"', b'r="999999999999"').replace(b'"A3"', b'"XFD3"')
    assert titles(read(tmp_path, "a.xlsx", zipped(parts))) == ["Sorting"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.lists(
            st.none()
            | st.integers(-(10**9), 10**9)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.dates()
            | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30),
            max_size=5,
        ),
        max_size=6,
    )
)
def test_any_cells_are_read(tmp_path: Path, rows: list[list[Any]]) -> None:
    path = saved(tmp_path, "a.xlsx", excel({"A": [HEAD, *rows]}))
    records = list(reader_named("excel").records(Source(str(path))))
    assert len(records) <= len(rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_workbooks_are_refused_or_read(tmp_path: Path, data: st.DataObject) -> None:
    parts = _parts(excel({"A": [HEAD, ["Sorting", ABSTRACT], ["Bridges", OTHER]]}))
    name = data.draw(st.sampled_from(sorted(parts)))
    content = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 6))] = data.draw(
            st.sampled_from([b"", b"<", b'"', b"9", b"\0"])
        )
    parts[name] = bytes(content)
    try:
        reading = read(tmp_path, "a.xlsx", zipped(parts))
    except InputError:
        return
    assert reading.records >= len(reading.papers)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
