"""Rows of tables, and what becomes of stray quotes."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.rows import BadRow, Row, TableRows


def rows_of(text: str, delimiter: str = ",") -> tuple[list[Row | BadRow], list[int], list[int]]:
    """The rows after the header, the lines of stray quotes, and those of rows whose quotes are odd."""
    table = TableRows(io.StringIO(text, newline=""), delimiter)
    return list(table)[1:], table.mended, table.odd


def test_rows_tell_the_line_that_they_end_on() -> None:
    found, mended, odd = rows_of('title,abstract\nOne,a\n\n"Two","b\nand c"\n"Three, 3",d')
    assert found == [Row(2, ["One", "a"]), Row(5, ["Two", "b\nand c"]), Row(6, ["Three, 3", "d"])]
    assert (mended, odd) == ([], [])


def test_a_header_is_a_row_and_of_nothing_there_is_none() -> None:
    assert list(TableRows(["a;b\r\n", "1;2\r\n"], ";")) == [Row(1, ["a", "b"]), Row(2, ["1", "2"])]
    assert list(TableRows([], ",")) == []
    assert list(TableRows(["\n", " , \n"], ",")) == []


def test_a_quote_that_is_never_closed_is_a_letter_and_takes_no_row() -> None:
    found, mended, _ = rows_of('title,abstract\n"One,a\nTwo,b\nThree,c\n')
    assert found == [Row(2, ["One", "a"]), Row(3, ["Two", "b"]), Row(4, ["Three", "c"])]
    assert mended == [2]


def test_a_row_of_a_quote_that_is_never_closed_is_left_out_where_its_cells_are_too_many() -> None:
    found, mended, _ = rows_of('title,abstract\n"One,a,x,y\nTwo,b\n')
    assert found == [
        BadRow("row from line 2", "has a quote that is never closed; it was left out"),
        Row(3, ["Two", "b"]),
    ]
    assert mended == []


def test_rows_that_a_stray_quote_joins_are_apart_where_they_show_that_they_are_rows() -> None:
    found, mended, _ = rows_of('title,date\n"One,2026-01-12\nTwo",2026-01-13\n')
    assert found == [Row(2, ["One", "2026-01-12"]), Row(3, ["Two", "2026-01-13"])]
    assert mended == [2]
    cell, mended, _ = rows_of('title,abstract\n"One, with a comma\nTwo",and more\n')
    assert cell == [Row(3, ["One, with a comma\nTwo", "and more"])]
    assert mended == []


def test_rows_that_are_joined_and_cannot_be_told_apart_are_told() -> None:
    found, _, _ = rows_of('title,abstract,doi\nOne,"a" b,c\nTwo,"d\n" e,f\nThree,g,h\n')
    assert found[-1] == Row(5, ["Three", "g", "h"])
    assert all(isinstance(row, Row | BadRow) for row in found)


def test_more_than_a_hundred_quotes_that_are_never_closed_end_the_reading() -> None:
    found, mended, _ = rows_of("title,abstract\n" + 'On"e,"a\n' * 105)
    assert mended == list(range(2, 102))
    assert [row for row in found if isinstance(row, BadRow)] == [
        BadRow("row from line 102", "has a quote that is never closed; it was left out"),
        BadRow("line 103", "too many quotes are never closed; what follows is lost"),
    ]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]) | st.sampled_from('",;\n'), max_size=8)


@given(st.lists(st.lists(CELLS.filter(str.strip), min_size=2, max_size=2), max_size=6), st.sampled_from(",;\t"))
def test_what_is_written_rightly_is_read_as_it_was(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [["note", "more"], *rows]
    )
    found, _, _ = rows_of(out.getvalue(), delimiter)
    assert [row.cells for row in found if isinstance(row, Row)] == rows


@given(st.lists(st.sampled_from(['"', ",", "\n", "a", "2026-01-12", " "]), max_size=40).map("".join))
def test_anything_ends_and_no_line_is_passed(text: str) -> None:
    found, _, _ = rows_of("title,date\n" + text)
    numbers = [row.line for row in found if isinstance(row, Row)]
    assert numbers == sorted(numbers)
    assert all(number <= text.count("\n") + 2 for number in numbers)
