"""Tables: delimiters, quotes, rows of the wrong length, and files that break off."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import read_digest
from labeler.digests.readers import table
from labeler.digests.source import Record
from labeler.errors import InputError
from tests.digests.factories import messages, read, source, titles


def _table(rows: list[list[str]], delimiter: str = ",", newline: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_usual_delimiters_are_seen_in_the_header(tmp_path: Path, delimiter: str) -> None:
    rows = [["Title", "Abstract", "Year"], ["One, two; three", "a|b\tc", "2020"], ["Four", "d", "2021"]]
    reading = read(tmp_path, "a.txt", _table(rows, delimiter))
    assert [(paper.title, paper.abstract, paper.date) for paper in reading.papers] == [
        ("One, two; three", "a|b c", "2020"),
        ("Four", "d", "2021"),
    ]


def test_line_breaks_and_quotes_inside_cells_are_kept_apart(tmp_path: Path) -> None:
    rows = [["title", "abstract"], ['The "One"', "first line\r\nsecond line\n\nthird"], ["Two", "b"]]
    reading = read(tmp_path, "a.csv", _table(rows, newline="\r\n"))
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [
        ('The "One"', "first line second line third"),
        ("Two", "b"),
    ]


def test_row_too_long_is_refused_and_a_short_one_read(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.csv", "title,abstract,year\nOne,a,2020\nTwo,b,2021,odd\nThree\n\n , ,\nFour,d\n")
    assert titles(reading) == ["One", "Three", "Four"]
    assert messages(reading) == ["a.csv, row ending on line 3: has 4 cells, the header has 3"]


def test_cell_that_is_opened_and_never_closed_is_told(tmp_path: Path) -> None:
    """Its quote takes in all rows that follow, which must not vanish in silence."""
    reading = read(tmp_path, "a.csv", 'title,abstract\nOne,a\nTwo,"b\nThree,c\nFour,d\n')
    assert titles(reading)[0] == "One"
    assert titles(reading)[-1] == "Four" or reading.refused


def test_cell_too_large_for_the_parser_is_refused_with_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "title,abstract\nOne,a\nTwo," + "b" * 500 + "\nThree,c\n"
    monkeypatch.setattr("labeler.files._LONGEST_CELL", 400)
    before = csv.field_size_limit(300)
    try:
        reading = read(tmp_path, "a.csv", content)
        assert csv.field_size_limit() == 300
    finally:
        csv.field_size_limit(before)
    assert titles(reading) == ["One"]
    assert messages(reading) == ["a.csv, line 3: field larger than field limit (400); what follows is lost"]


def test_abstract_of_a_megabyte_is_read(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.csv", "title,abstract\nOne," + "word " * 200_000 + "\n")
    assert len(reading.papers[0].abstract) == 999_999


def test_reading_a_table_leaves_the_limit_of_the_program_around_it(tmp_path: Path) -> None:
    content = "title,abstract\nOne," + "word " * 200_000 + "\nTwo,b\n"
    before = csv.field_size_limit(5000)
    try:
        records = table.records(source(tmp_path, "a.csv", content))
        for title in ("One", "Two"):
            record = next(records)
            assert isinstance(record, Record)
            assert record.fields["title"] == title
            assert csv.field_size_limit() == 5000
    finally:
        csv.field_size_limit(before)


def test_columns_of_the_same_name_and_unknown_ones_do_no_harm(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.csv", "title,notes,abstract,notes,\nOne,n,a,m,z\n")
    assert (reading.papers[0].title, reading.papers[0].abstract) == ("One", "a")


def test_header_alone_is_a_table_without_papers(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.csv", "title,abstract\n")
    assert (reading.papers, reading.refused) == ([], [])
    assert reading.notes == ["a.csv (read as table) has no papers in it"]


def test_table_without_title_or_abstract_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv has no column title or abstract, only: "):
        read(tmp_path, "a.csv", "id,name\n1,A\n")


_CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=5), delimiter=st.sampled_from(",;\t|"))
def test_any_table_that_csv_writes_is_read_row_by_row(
    folder: Path, rows: list[tuple[str, str]], delimiter: str
) -> None:
    numbered = [[f"{number}x", title, abstract] for number, (title, abstract) in enumerate(rows)]
    table = _table([["title", "notes", "abstract"], *numbered], delimiter)
    assert titles(read(folder, "a.csv", table)) == [row[0] for row in numbered]


def test_real_exports_with_commas_and_with_tabs_hold_the_same_papers(shared: Path) -> None:
    folder = shared / "digests" / "ris_csv_exports"
    assert [paper.text for paper in read_digest(folder / "generic.csv")] == [
        paper.text for paper in read_digest(folder / "generic_tab.tsv")
    ]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;"])
def test_the_line_that_tells_excel_the_separator_is_no_header(tmp_path: Path, line: str) -> None:
    reading = read(tmp_path, "a.csv", f"{line}\r\ntitle;abstract\r\nOne;a, b\r\n")
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("One", "a, b")]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ('title,abstract\n"One,a\nTwo,"b\nThree,c\n', "line 2"),
        ('title,abstract\n"One,a\nTwo,b"\nThree,c\n', "line 2"),
        ('title,abstract\nOne,a\nTwo,"b\nThree,c\n', "line 3"),
        ('title,abstract,year\nOne,a,2020\n"Two,b,2021\nThree",c,2022\n', "line 3"),
        ('title,abstract,year\n"One,a,2020\nTwo,"b",2021\nThree,c,2022\n', "line 2"),
    ],
)
def test_rows_that_a_stray_quote_joins_stay_apart(tmp_path: Path, content: str, lines: str) -> None:
    reading = read(tmp_path, "a.csv", content)
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("One", "a"), ("Two", "b"), ("Three", "c")]
    assert reading.notes == [f"a.csv: stray quotes were taken as letters, so that rows stay apart: {lines}"]


def test_quotes_inside_a_cell_that_divide_it_are_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.csv", 'title,abstract\nOne,"he said "yes" and\nthen more"\nTwo,b\n')
    assert titles(reading)[0] == "One"
    assert titles(reading)[-1] == "Two"
    assert "quotes are odd" in reading.notes[0]


def test_lines_of_cells_that_could_be_rows_stay_in_their_cells(tmp_path: Path) -> None:
    rows = [["id", "title", "year", "abstract"], ["1", "One", "2020", "first line\nsecond, line, with, commas"]]
    (paper,) = read(tmp_path, "a.csv", _table(rows)).papers
    assert paper.abstract == "first line second, line, with, commas"


@pytest.mark.parametrize("names", ["title,abstract,title", "Title,abstract,TITLE"])
def test_of_columns_of_one_name_the_first_that_says_something_counts(tmp_path: Path, names: str) -> None:
    reading = read(tmp_path, "a.csv", f"{names}\nOne,a,Ein\n,b,Two\n")
    assert titles(reading) == ["One", "Two"]
    assert reading.notes == [
        "a.csv: 2 columns are called 'title'; in each row, the first of them that has something counts"
    ]


def test_the_line_of_excel_names_the_delimiter(tmp_path: Path) -> None:
    for first in ("sep=;", '"sep=;"', "SEP=;\r"):
        (paper,) = read(tmp_path, "a.csv", f"{first}\ntitle;abstract\nOne, two;a\n").papers
        assert (paper.title, paper.abstract) == ("One, two", "a")


def test_names_of_columns_may_have_line_breaks_and_brackets(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, "a.csv", '"Title\n(original)","Abstract [EN]",paper_year\nOne,a,2020\n').papers
    assert (paper.title, paper.abstract, paper.date) == ("One", "a", "2020")


def test_a_header_that_comes_again_is_no_paper(tmp_path: Path) -> None:
    rows = [["Title", "Abstract"], ["One", "a"], ["Title", "Abstract"], ["Two", "b"]]
    reading = read(tmp_path, "a.csv", _table(rows))
    assert (titles(reading), messages(reading)) == (["One", "Two"], [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_before_the_header_are_passed_over(tmp_path: Path, delimiter: str) -> None:
    rows = [["Title", "Abstract", "Year"], ["One", "a, b", "2020"], ["Two", "c", "2021"]]
    before = (
        '"About the data: exported on 14 March, of ""owls"", in full"\n' + "Screened in spring\n" + 2 * delimiter + "\n"
    )
    reading = read(tmp_path, "a.csv", before + _table(rows, delimiter))
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("One", "a, b"), ("Two", "c")]
    assert messages(reading) == []


@pytest.mark.parametrize(
    "text", ["Of a\nTitle, abstract\nOne, two\n", "a\n" * 9 + "title,abstract,year\nOne,two,2020\n"]
)
def test_a_header_far_below_or_of_few_words_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, "a.csv", text)


def test_json_lines_of_lists_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot tell"):
        read(tmp_path, "a.txt", '["title", "abstract"]\n["One", "two"]\n')


def test_quoted_cells_may_follow_blanks(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.csv", 'title, abstract, year\n"One, two", "a, b", 2020\n')
    assert [(paper.title, paper.abstract, paper.date) for paper in reading.papers] == [("One, two", "a, b", "2020")]


@pytest.mark.parametrize(
    ("text", "abstract"),
    [
        ('title,abstract\n"One","He said \\"Hello, you\\", twice."\n', 'He said "Hello, you", twice.'),
        ('"title"\t"abstract"\n"One"\t"\\"Hello\\" was said \\"twice\\""\n', '"Hello" was said "twice"'),
        ('title,abstract\n"One","By Schr\\""odinger"\n', "By Schrödinger"),
        ('title\tabstract\nOne\tBy Schr\\"odinger\n', "By Schrödinger"),
        ('title,abstract\n"One","In C:\\"\n"Two","b"\n', "In C:\\"),
    ],
)
def test_quotes_after_backslashes_are_quotes_where_they_are_not_accents(
    tmp_path: Path, text: str, abstract: str
) -> None:
    assert read(tmp_path, "a.csv", text).papers[0].abstract == abstract


@pytest.mark.parametrize(("before", "is_read"), [(5, True), (6, False)])
def test_so_many_lines_may_stand_before_the_header(tmp_path: Path, before: int, is_read: bool) -> None:
    text = "About the table\n" * before + "title,abstract,year\nOne,two,2020\n"
    if is_read:
        assert titles(read(tmp_path, "a.csv", text)) == ["One"]
    else:
        with pytest.raises(InputError):
            read(tmp_path, "a.csv", text)
