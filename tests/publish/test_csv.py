"""CSV: cells that a spreadsheet would run, quoting, and the columns."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import read_digest
from labeler.papers.cleaning import printable
from labeler.publish.labelled import LabelledPaper
from labeler.publish.sheet import COLUMNS, cells_of
from labeler.publish.writers.csv import safe_cell
from tests.publish.factories import NAMES, labelled, paper, written


def _rows(*papers: LabelledPaper) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", papers), newline="")))


def test_row_tells_everything() -> None:
    one = paper(ids=["arxiv:2601.88001"], authors=("Lee, Ann", "Bo Ek"), date="2026-01-12", url="https://example.org")
    assert _rows(labelled(one)) == [
        {
            "id": "arxiv:2601.88001",
            "title": "Sorting Papers",
            "topics": "Vision & Images; Language",
            "corrected": "",
            "probability": "0.912",
            "probabilities": "0.912; 0.700",
            "because": "image, pixel; ",
            "also": "",
            "decision": "auto",
            "reason": "",
            "date": "2026-01-12",
            "authors": "Lee, Ann; Bo Ek",
            "url": "https://example.org",
            "abstract": "We sort.",
            "model": "default@3",
            "by": "",
            "ids": f"arxiv:2601.88001 {one.ids[1]}",
        }
    ]


def test_what_is_unknown_is_an_empty_cell() -> None:
    (row,) = _rows(labelled(topics=(), decision="none"))
    assert [name for name, cell in row.items() if not cell] == [
        "topics", "corrected", "probability", "probabilities", "because", "also", "reason", "date", "authors", "url",
        "by",
    ]  # fmt: skip


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", " =", "  @", " \t="])
def test_cell_that_begins_a_formula_is_text(sign: str) -> None:
    assert safe_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["", "plain", "a=b", "1-2", "0.5", "'quoted", "“=”", "--03-14"])
def test_other_cells_are_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_no_cell_of_a_hostile_paper_is_a_formula() -> None:
    call = '=HYPERLINK("http://example.org")'
    hostile = paper(call, call, authors=(call,), date="--03-14", url=call)
    item = LabelledPaper(hostile, ((call, 0.5, (call,)),), {call: 0.5}, call, call, call, also=((call, 0.4),))
    (row,) = _rows(item)
    cells = [
        cell
        for name, cell in row.items()
        if name not in {"id", "ids", "corrected", "probability", "probabilities", "by", "date"}
    ]
    assert all(cell.startswith("'") for cell in cells)
    assert row["date"] == "--03-14"


@pytest.mark.parametrize("text", ["a,b", 'say "so"', "one\ntwo", "one\rtwo", "one\r\ntwo", "a;b", "ends\\"])
def test_any_separator_stays_inside_its_cell(text: str) -> None:
    rows = _rows(labelled(paper(text, text, authors=(text,))), labelled())
    assert [row["title"] for row in rows] == [text, "Sorting Papers"]
    assert (rows[0]["abstract"], rows[0]["authors"]) == (text, text)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
def test_any_title_reads_back_but_for_the_apostrophe_and_what_steers(title: str) -> None:
    rows = _rows(labelled(paper(title, "words")), labelled())
    shown = "".join(char if char in "\r\n" else printable(char) for char in title)
    read, expected = (re.sub(r"([;|]\s*)'(?=[=+@＝＋＠])", r"\1", text) for text in (rows[0]["title"], shown))
    assert read in (expected, f"'{expected}")
    assert rows[1]["title"] == "Sorting Papers"
    assert rows[0]["title"].lstrip(" ")[:1] not in {"=", "+", "-", "@"}


def test_table_of_labelled_papers_reads_back_as_a_digest(tmp_path: Path) -> None:
    one = paper("Title, with comma", ids=["arxiv:2601.88001"], authors=("Lee, Ann", "Bo Ek"), date="2026-01-12")
    path = tmp_path / "labelled.csv"
    path.write_text(written("csv", [labelled(one)]), encoding="utf-8")
    (again,) = read_digest(path)
    assert (again.title, again.ids, again.authors, again.date) == (one.title, one.ids, one.authors, one.date)


def test_a_paper_is_known_again_by_all_its_identifiers(tmp_path: Path) -> None:
    one = paper("A title", ids=["arxiv:2601.88001", "doi:10.1000/x(1);a", "pmid:7", "isbn:9783161484100"])
    path = tmp_path / "labelled.csv"
    path.write_text(written("csv", [labelled(one)]), encoding="utf-8")
    assert read_digest(path)[0].ids == one.ids


def test_each_column_has_a_cell() -> None:
    assert len(cells_of(labelled(), NAMES)) == len(COLUMNS) == len(set(COLUMNS))
