"""Parquet: the columns, their types, texts that no table can hold, and reading back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler import read_digest
from labeler.publish.labelled import LabelledPaper
from labeler.publish.writers import parquet
from tests.publish.factories import BOTH, NAMES, labelled, paper, written, written_bytes


def _table(*papers: LabelledPaper) -> pa.Table:
    return pq.read_table(io.BytesIO(written_bytes("parquet", papers)))


def test_row_is_the_record_of_json_lines() -> None:
    full = paper(ids=["arxiv:2601.88001"], authors=("Lee, Ann",), date="2026-01-12", keywords=("a",), notes=("b",))
    judged = LabelledPaper(full, BOTH, {"vision": 0.5, "lang": 0.25}, "judged", "m@1", by={"vision": ("ada", "bo")})
    (row,) = _table(judged).to_pylist()
    expected = json.loads(written("jsonl", [judged]))
    topics, told = row.pop("topics"), expected.pop("topics")
    assert row == expected
    for found, one in zip(topics, told, strict=True):
        assert found["probability"] == pytest.approx(one.pop("probability"))
        assert {key: found[key] for key in one} == one
    assert (topics[1]["by"], topics[1]["precision"]) == (None, None)


def test_all_groups_have_the_same_columns_and_none_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_AT_ONCE", 2)
    papers = [labelled(paper(f"Paper {number}"), BOTH[: number % 3]) for number in range(5)]
    file = pq.ParquetFile(io.BytesIO(written_bytes("parquet", papers)))
    assert file.num_row_groups == 3
    assert [row["title"] for row in file.read().to_pylist()] == [item.paper.title for item in papers]


@pytest.mark.parametrize("names", [NAMES, {}])
def test_no_papers_are_a_table_without_rows(names: dict[str, str]) -> None:
    out = io.BytesIO()
    parquet.write([], out, names)
    table = pq.read_table(out)
    assert len(table) == 0
    assert table.schema.names == _table(labelled()).schema.names


def test_halves_of_characters_are_replaced() -> None:
    (row,) = _table(labelled(paper("One \ud800 half"))).to_pylist()
    assert row["title"] == "One � half"


def test_table_of_labelled_papers_reads_back_as_a_digest(tmp_path: Path) -> None:
    one = paper(ids=["arxiv:2601.88001", "openalex:W1234"], authors=("Lee, Ann", "Bo Ek"), date="--03-14", venue="J")
    (tmp_path / "x.parquet").write_bytes(written_bytes("parquet", [labelled(one)]))
    (again,) = read_digest(tmp_path / "x.parquet")
    for field in ("title", "abstract", "ids", "authors", "date", "venue"):
        assert getattr(again, field) == getattr(one, field)
