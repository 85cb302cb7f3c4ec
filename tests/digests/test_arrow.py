"""Arrow: files and streams, compressed or not, in batches, and damage."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, OTHER, piped, read, titles, zipped

KINDS = {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}
kinds = pytest.mark.parametrize("kind", KINDS)


def arrow(kind: str, rows_of_batch: int = 1000, compression: str | None = None, **columns: list[Any]) -> bytes:
    table, out = pa.table(columns), io.BytesIO()
    with KINDS[kind](out, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table, rows_of_batch)
    return out.getvalue()


@kinds
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("name", ["a.arrow", "a.feather", "a.txt"])
def test_a_table_is_read_by_its_columns(tmp_path: Path, kind: str, compression: str | None, name: str) -> None:
    content = arrow(kind, 1, compression, Title=["Sorting", None], abstract=[ABSTRACT, OTHER], authors=[["A B"], []])
    reading = read(tmp_path, name, content)
    assert reading.formats == {name: "arrow"}
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("Sorting", ABSTRACT), ("", OTHER)]
    assert reading.papers[0].authors == ("A B",)


@kinds
def test_many_batches_are_read_whole_and_in_order(tmp_path: Path, kind: str) -> None:
    names = [f"Paper {number}" for number in range(2500)]
    for rows in (700, 5000):
        assert titles(read(tmp_path, "a.arrow", arrow(kind, rows, title=names))) == names


@kinds
def test_columns_of_one_name_stand_for_their_field(tmp_path: Path, kind: str) -> None:
    table, out = pa.Table.from_arrays([["A"], ["b"], ["c"]], ["title", "abstract", "abstract"]), io.BytesIO()
    with KINDS[kind](out, table.schema) as writer:
        writer.write_table(table)
    assert titles(read(tmp_path, "a.arrow", out.getvalue())) == ["A"]


@kinds
def test_a_table_without_papers_says_what_it_has(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError, match=r"a\.arrow has no column title or abstract, only: x, y; rename"):
        read(tmp_path, "a.arrow", arrow(kind, x=[1], y=[2]))


@kinds
def test_an_empty_table_is_no_papers(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, "a.arrow", arrow(kind, title=pa.array([], pa.string()))).records == 0


@kinds
def test_a_table_in_an_archive_and_through_standard_input(tmp_path: Path, kind: str) -> None:
    content = arrow(kind, title=["Sorting"])
    assert titles(read(tmp_path, "a.zip", zipped({"a.arrow": content}))) == ["Sorting"]
    assert "Sorting" in piped(content, "read", "-").stdout


@kinds
def test_damage_is_refused_or_read(tmp_path: Path, kind: str) -> None:
    content, chance = arrow(kind, 3, title=["Sorting"] * 9, abstract=[ABSTRACT] * 9), random.Random(5)
    for _ in range(150):
        bad = bytearray(content)
        for _ in range(chance.randint(1, 5)):
            bad[chance.randrange(8, len(bad))] = chance.randrange(256)
        with suppress(InputError):
            read(tmp_path, "a.arrow", bytes(bad[: chance.randint(20, len(bad))]))
