"""Parts put together: all rows in order, one head, one schema, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.bulk.join import join_parts
from labeler.bulk.part_files import PartRecord
from labeler.errors import InputError
from labeler.publish.registry import OUTPUTS
from labeler.storage import join_path, list_files, open_file, write_file
from tests.bulk.factories import invented_papers, parquet

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


def records(folder: str | Path) -> list[PartRecord]:
    """The records of the files of a folder, which are its parts."""
    found = []
    for path in list_files([str(folder)]):
        with open_file(path) as stream:
            content = stream.read()
        name = path.rpartition("/")[2]
        found.append(PartRecord(name, len(content), hashlib.sha256(content).hexdigest(), 0, ""))
    return found


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
    join_parts(str(folder), records(folder)[::-1], "parquet", str(folder / "out" / "x.parquet"))
    table = pq.read_table(folder / "out" / "x.parquet")
    assert table["id"].to_pylist() == [row["id"] for row in invented_papers(done)]
    assert [path.name for path in (folder / "out").iterdir()] == ["x.parquet"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(TEXT, max_size=3), min_size=1, max_size=4), st.sampled_from(["csv", "jsonl"]))
def test_one_file_has_the_head_of_its_output_once(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[str]], output: str
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    head = getattr(OUTPUTS.named(output), "HEAD", "")
    for number, texts in enumerate(parts):
        (folder / f"part-00000-{number:05}.{output}").write_bytes("".join([head, *texts]).encode())
    join_parts(str(folder), records(folder), output, str(folder / "out" / "x"))
    assert (folder / "out" / "x").read_bytes() == "".join([head, *(text for some in parts for text in some)]).encode()


def test_json_lines_are_put_one_after_the_other_elsewhere_too() -> None:
    folder = "memory://joined/parts"
    for number, text in enumerate((b'{"a": 1}\n', b"", b'{"a": 2}\n{"a": 3}\n')):
        with write_file(join_path(folder, f"part-00000-{number:05}.jsonl")) as out:
            out.write(text)
    with write_file(join_path(folder, "_labeler.json")) as out:
        out.write(b"{}")
    join_parts(folder, records(folder), "jsonl", "memory://joined/x.jsonl")
    with open_file("memory://joined/x.jsonl") as stream:
        assert stream.read() == b'{"a": 1}\n{"a": 2}\n{"a": 3}\n'


@pytest.mark.parametrize("output", ["parquet", "jsonl"])
@pytest.mark.parametrize("damage", ["gone", "cut", "empty", "other"])
def test_a_part_that_is_not_whole_is_not_joined(tmp_path: Path, output: str, damage: str) -> None:
    folder = tmp_path / "parts"
    for number in range(3):
        parquet(folder / f"part-00000-{number:05}.{output}", invented_papers(5, number))
    given, path = records(folder), folder / f"part-00000-00001.{output}"
    content = path.read_bytes()
    path.write_bytes({"cut": content[:-9], "other": content[:40] + b"x" + content[41:]}.get(damage, b""))
    if damage == "gone":
        path.unlink()
    (tmp_path / "x").write_bytes(b"of before")
    with pytest.raises(InputError, match=r"part-00000-00001.* is not as it was written"):
        join_parts(str(folder), given, output, str(tmp_path / "x"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts", "x"]
    assert (tmp_path / "x").read_bytes() == b"of before"


@pytest.mark.parametrize(
    "other", [pa.table({"id": ["a"]}), pa.table({"id": ["a"], "title": [1]}), pa.table({"title": ["b"], "id": ["a"]})]
)
def test_different_columns_do_not_go_into_one_file(tmp_path: Path, other: pa.Table) -> None:
    parquet(tmp_path / "parts" / "part-00000-00000.parquet", pa.table({"id": ["a"], "title": ["b"]}))
    parquet(tmp_path / "parts" / "part-00001-00000.parquet", other)
    folder = tmp_path / "parts"
    with pytest.raises(InputError, match="different columns"):
        join_parts(str(folder), records(folder), "parquet", str(tmp_path / "x.parquet"))
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_what_is_known_beside_the_columns_makes_no_difference(tmp_path: Path) -> None:
    table = pa.table({"id": ["a"]})
    parquet(tmp_path / "parts" / "part-0.parquet", table)
    parquet(tmp_path / "parts" / "part-1.parquet", table.replace_schema_metadata({"pandas": "{}"}))
    join_parts(str(tmp_path / "parts"), records(tmp_path / "parts"), "parquet", str(tmp_path / "x.parquet"))
    assert pq.read_table(tmp_path / "x.parquet")["id"].to_pylist() == ["a", "a"]
