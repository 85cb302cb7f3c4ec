"""Parts put together: all rows in order, one header, one schema, whole or not at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.bulk.join import join_parts
from labeler.errors import InputError
from labeler.storage import join_path, open_file, write_file
from tests.bulk.factories import invented_papers, parquet

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=1, max_size=4))
def test_one_parquet_file_has_all_rows_in_order(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[int]]
) -> None:
    folder, done = tmp_path_factory.mktemp("parts"), 0
    for number, sizes in enumerate(groups):
        count = sum(sizes)
        rows = pa.Table.from_pylist(
            invented_papers(count, done), pa.schema(dict.fromkeys(("id", "title"), pa.string()))
        )
        parquet(folder / f"part-{number:05}-00000.parquet", rows, sizes)
        done += count
    join_parts(str(folder), "parquet", str(folder / "out" / "x.parquet"))
    table = pq.read_table(folder / "out" / "x.parquet")
    assert table["id"].to_pylist() == [row["id"] for row in invented_papers(done)]
    assert [path.name for path in (folder / "out").iterdir()] == ["x.parquet"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELL, max_size=3), min_size=1, max_size=4))
def test_one_csv_file_has_one_header(tmp_path_factory: pytest.TempPathFactory, parts: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("parts")
    for number, cells in enumerate(parts):
        with (folder / f"part-00000-{number:05}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["id", "title"], *(["x", cell] for cell in cells)])
    join_parts(str(folder), "csv", str(folder / "out" / "x.csv"))
    with (folder / "out" / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["id", "title"], *(["x", cell] for cells in parts for cell in cells)]


def test_json_lines_are_put_one_after_the_other_elsewhere_too() -> None:
    folder = "memory://joined/parts"
    for number, text in enumerate((b'{"a": 1}\n', b"", b'{"a": 2}\n{"a": 3}\n')):
        with write_file(join_path(folder, f"part-00000-{number:05}.jsonl")) as out:
            out.write(text)
    with write_file(join_path(folder, "_labeler.json")) as out:
        out.write(b"{}")
    join_parts(folder, "jsonl", "memory://joined/x.jsonl")
    with open_file("memory://joined/x.jsonl") as stream:
        assert stream.read() == b'{"a": 1}\n{"a": 2}\n{"a": 3}\n'


@pytest.mark.parametrize(
    "other", [pa.table({"id": ["a"]}), pa.table({"id": ["a"], "title": [1]}), pa.table({"title": ["b"], "id": ["a"]})]
)
def test_different_columns_do_not_go_into_one_file(tmp_path: Path, other: pa.Table) -> None:
    parquet(tmp_path / "parts" / "part-00000-00000.parquet", pa.table({"id": ["a"], "title": ["b"]}))
    parquet(tmp_path / "parts" / "part-00001-00000.parquet", other)
    with pytest.raises(InputError, match="different columns"):
        join_parts(str(tmp_path / "parts"), "parquet", str(tmp_path / "x.parquet"))
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_what_is_known_beside_the_columns_makes_no_difference(tmp_path: Path) -> None:
    table = pa.table({"id": ["a"]})
    parquet(tmp_path / "parts" / "part-0.parquet", table)
    parquet(tmp_path / "parts" / "part-1.parquet", table.replace_schema_metadata({"pandas": "{}"}))
    out = io.BytesIO()
    join_parts(str(tmp_path / "parts"), "parquet", str(tmp_path / "x.parquet"))
    out.write((tmp_path / "x.parquet").read_bytes())
    assert pq.read_table(out)["id"].to_pylist() == ["a", "a"]
