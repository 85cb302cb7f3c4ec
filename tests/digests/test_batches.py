"""Rows of Arrow's batches as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pytest

from labeler.digests.batches import ROWS, table_records
from labeler.digests.source import Record
from labeler.errors import InputError
from tests.digests.factories import source


def records(folder: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> list[Record]:
    return list(table_records(source(folder, "a.arrow", b"x"), "Arrow", lambda _: (schema, batches)))


def test_rows_are_counted_over_all_batches(tmp_path: Path) -> None:
    batch = pa.RecordBatch.from_pydict({"title": [f"Paper {n}" for n in range(ROWS + 3)], "n": range(ROWS + 3)})
    found = records(tmp_path, [batch, batch.slice(0, 0), batch.slice(0, 2)], batch.schema)
    assert len(found) == ROWS + 5
    assert found[ROWS] == Record(f"row {ROWS + 1}", {"title": f"Paper {ROWS}", "n": ROWS})
    assert found[-1] == Record(f"row {ROWS + 5}", {"title": "Paper 1", "n": 1})


def test_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    columns = [pa.array(["One"]), pa.array(["Two"]), pa.array([1])]
    batch = pa.RecordBatch.from_arrays(columns, ["title", "title", "n"])
    (found,) = records(tmp_path, [batch], batch.schema)
    assert found.fields == {"title": "One", "title (2)": "Two", "n": 1}


def test_papers_may_be_inside_a_column(tmp_path: Path) -> None:
    batch = pa.RecordBatch.from_pylist([{"paper": {"title": "One", "summary": "a"}, "upvotes": 3}])
    (found,) = records(tmp_path, [batch], batch.schema)
    assert found.fields["paper"] == {"title": "One", "summary": "a"}


def test_a_table_without_papers_says_what_it_has(tmp_path: Path) -> None:
    batch = pa.RecordBatch.from_pydict({"name": ["a"], "n": [1]})
    with pytest.raises(InputError, match=r"a\.arrow has no column title or abstract, only: name, n"):
        records(tmp_path, [batch], batch.schema)


@pytest.mark.parametrize("error", [pa.ArrowInvalid("not\na file"), OSError("cut"), MemoryError()])
def test_damage_is_told_in_one_line_wherever_it_is(tmp_path: Path, error: Exception) -> None:
    def opened(_: IO[bytes]) -> Any:
        raise error

    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict({"title": ["One"]})
        raise error

    schema = pa.schema({"title": pa.string()})
    for found in (
        table_records(source(tmp_path, "a.arrow", b"x"), "Arrow", opened),
        table_records(source(tmp_path, "a.arrow", b"x"), "Arrow", lambda _: (schema, batches())),
    ):
        with pytest.raises(InputError, match=r"^a\.arrow is a damaged Arrow file: .*$") as told:
            list(found)
        assert "\n" not in str(told.value)


def test_the_file_is_closed_after_the_last_row(tmp_path: Path) -> None:
    opened = list[IO[bytes]]()
    batch = pa.RecordBatch.from_pydict({"title": ["One", "Two"]})

    def table(file: IO[bytes]) -> Any:
        opened.append(file)
        return batch.schema, [batch]

    rows = table_records(source(tmp_path, "a.arrow", b"x"), "Arrow", table)
    next(rows)
    assert not opened[0].closed
    assert len(list(rows)) == 1
    assert opened[0].closed
