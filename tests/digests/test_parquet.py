"""Parquet: columns by name, batches, standard input, damage."""

from __future__ import annotations

import datetime
import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler.digests import read_inputs
from labeler.errors import InputError
from labeler.papers.cleaning import clean
from tests.digests.factories import parquet_bytes, read, titles
from tests.paths import ROOT


def _slice(shared: Path, name: str, tmp_path: Path, rows: int = 25) -> tuple[Path, pa.Table]:
    batch = next(pq.ParquetFile(shared / "data" / name).iter_batches(batch_size=rows))
    table = pa.Table.from_batches([batch])
    path = tmp_path / name
    pq.write_table(table, path)
    return path, table


@pytest.mark.parametrize("name", ["arxiv_until_2025.parquet", "ijcai_aaai_areas.parquet", "screening_reviews.parquet"])
def test_slice_of_real_papers_is_read_by_its_columns(shared: Path, tmp_path: Path, name: str) -> None:
    path, table = _slice(shared, name, tmp_path)
    reading = read_inputs([str(path)])
    assert reading.formats == {name: "parquet"}
    assert reading.records == 25
    assert titles(reading) == list(dict.fromkeys(map(clean, table["title"].to_pylist())))
    assert reading.papers[0].abstract == clean(table["abstract"][0].as_py())
    assert all(paper.source == name for paper in reading.papers)


def test_real_file_without_title_and_abstract_says_what_it_has(shared: Path, tmp_path: Path) -> None:
    path, _ = _slice(shared, "r8.parquet", tmp_path)
    with pytest.raises(InputError, match="no column title or abstract, only: id, text, topics"):
        read_inputs([str(path)])


def test_values_of_all_usual_types_are_taken(tmp_path: Path) -> None:
    content = parquet_bytes(
        Title=["Sorting", None, "Bridges"],
        abstract=["Words.", None, None],
        authors=[["Ann Lee", "Bo Ek"], None, []],
        date=[datetime.date(2026, 1, 12), None, datetime.date(2025, 12, 31)],
        pmid=[42, None, 43],
    )
    reading = read(tmp_path, "a.parquet", content)
    first, second = reading.papers
    assert (first.title, first.authors, first.date, first.id) == (
        "Sorting",
        ("Ann Lee", "Bo Ek"),
        "2026-01-12",
        "pmid:42",
    )
    assert (second.title, second.abstract, second.flags) == ("Bridges", "", ("no_abstract",))
    assert [str(refusal) for refusal in reading.refused] == ["a.parquet, row 2: neither a title nor an abstract"]


def test_timestamps_are_dates(tmp_path: Path) -> None:
    content = parquet_bytes(title=["A"], published=[datetime.datetime(2026, 1, 12, 8, 30, tzinfo=datetime.UTC)])
    assert read(tmp_path, "a.parquet", content).papers[0].date == "2026-01-12"


def test_file_of_many_batches_is_read_whole_and_in_order(tmp_path: Path) -> None:
    names = [f"Paper {number}" for number in range(2500)]
    assert titles(read(tmp_path, "a.parquet", parquet_bytes(title=names))) == names


@pytest.mark.parametrize("name", ["a.parquet", "a.parquet.gz"])
def test_gzipped_parquet_is_read(tmp_path: Path, name: str) -> None:
    assert titles(read(tmp_path, name, gzip.compress(parquet_bytes(title=["A", "B"])))) == ["A", "B"]


def test_parquet_from_a_pipe_is_read() -> None:
    command = [sys.executable, "-m", "labeler", "read", "-"]
    outcome = subprocess.run(
        command, input=parquet_bytes(title=["Piped"] * 2), capture_output=True, check=True, cwd=ROOT
    )
    assert b"2 records = 2 papers + 0 merged + 0 refused (read as parquet)" in outcome.stderr


@pytest.mark.parametrize("keep", [4, 60, -1, -20])
def test_cut_file_is_damaged(tmp_path: Path, keep: int) -> None:
    with pytest.raises(InputError, match=r"a\.parquet is a damaged Parquet file"):
        read(tmp_path, "a.parquet", parquet_bytes(title=["A"] * 50)[:keep])


def test_column_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    content = parquet_bytes(title=["plain caf#"], abstract=["b"]).replace(b"caf#", b"caf\xe9")
    with pytest.raises(InputError, match=r"a\.parquet"):
        read(tmp_path, "a.parquet", content)


def test_other_file_read_as_parquet_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not look like parquet"):
        read(tmp_path, "a.csv", "title,abstract\na,b\n", "parquet")


def test_missing_pyarrow_is_told_with_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet_bytes(title=["A"])
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InputError, match=r"needs pyarrow; pip install 'labeler\[parquet\]'"):
        read(tmp_path, "a.parquet", content)
