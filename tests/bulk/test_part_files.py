"""Part files appear whole, with a record that tells whether they stay so."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler.bulk.inputs import Input
from labeler.bulk.part_files import (
    RUN,
    PartRecord,
    adopt_part,
    check_run,
    is_whole,
    new_part,
    record_name,
    whole_part,
    write_record,
)
from labeler.bulk.parts import RUN_RECORD
from labeler.errors import InputError, RefusedError
from tests.wild import mutations

GIVEN = Input("a.jsonl", "0" * 64, copy=Path("a.jsonl"))  # a copy does not change
NAME = "part-00000-00000.csv"
RECORD = PartRecord(NAME, 6, hashlib.sha256(b"labels").hexdigest(), 2, GIVEN.digest)


def written(folder: Path, content: bytes = b"labels", papers: int = 2) -> Path:
    """A part file with its record."""
    target = folder / NAME
    with new_part(str(target), GIVEN) as part:
        part.stream.write(content[:3])
        part.stream.write(memoryview(content[3:]))
        part.papers = papers
    return target


def test_a_part_and_its_record_tell_the_same(tmp_path: Path) -> None:
    target = tmp_path / NAME
    with new_part(str(target), GIVEN) as part:
        part.stream.write(b"labels")
        assert (part.stream.tell(), part.records) == (6, ())
        assert not target.exists()
        part.papers = 2
    assert part.records == (RECORD,)
    assert target.read_bytes() == b"labels"
    assert PartRecord.of(json.loads((tmp_path / record_name(NAME)).read_text())) == RECORD
    assert whole_part(str(target), GIVEN) == RECORD
    assert is_whole(str(tmp_path), RECORD)


def test_arrow_writes_to_a_part(tmp_path: Path) -> None:
    table = pa.table({"title": ["Robots"]})
    with new_part(str(tmp_path / "part.parquet"), GIVEN) as part, pq.ParquetWriter(part.stream, table.schema) as writer:
        writer.write_table(table)
    assert pq.read_table(tmp_path / "part.parquet") == table
    assert part.records[0].size == (tmp_path / "part.parquet").stat().st_size


def test_a_part_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError), new_part(str(tmp_path / NAME), GIVEN) as part:
        part.stream.writelines([b"lab", "els"])
    assert list(tmp_path.iterdir()) == []


def test_an_input_that_has_changed_leaves_no_part(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.touch()
    given = Input(str(source), "0" * 64, state=(1, 2, 3))
    with pytest.raises(InputError, match="changed while it was read"), new_part(str(tmp_path / NAME), given):
        pass
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("record", [None, b"", b"[]", b"{}", b'{"run": "other"}', b'{"run": 7}'])
def test_a_folder_of_another_run_is_left_to_it(tmp_path: Path, record: bytes | None) -> None:
    if record is not None:
        (tmp_path / RUN_RECORD).write_bytes(record)
    check_run(str(tmp_path), "")
    with pytest.raises(RefusedError, match="another run has taken"):
        check_run(str(tmp_path), "mine")
    with pytest.raises(RefusedError), new_part(str(tmp_path / NAME), GIVEN, "mine"):
        pytest.fail("it was opened")


def test_a_run_that_was_overtaken_writes_no_part(tmp_path: Path) -> None:
    (tmp_path / RUN_RECORD).write_text(json.dumps({RUN: "mine"}))
    check_run(str(tmp_path), "mine")
    with pytest.raises(RefusedError, match="another run"), new_part(str(tmp_path / NAME), GIVEN, "mine"):
        (tmp_path / RUN_RECORD).write_text(json.dumps({RUN: "other"}))
    assert [path.name for path in tmp_path.iterdir()] == [RUN_RECORD]


@pytest.mark.parametrize("harm", ["shorter", "changed", "part gone", "record gone", "record torn", "of another input"])
def test_what_is_not_whole_or_of_another_input_is_not_taken(tmp_path: Path, harm: str) -> None:
    target, record = written(tmp_path), tmp_path / record_name(NAME)
    if harm == "shorter":
        target.write_bytes(b"label")
    elif harm == "changed":
        target.write_bytes(b"Labels")
    elif harm == "part gone":
        target.unlink()
    elif harm == "record gone":
        record.unlink()
    elif harm == "record torn":
        record.write_bytes(record.read_bytes()[:-3])
    given = Input("a.jsonl", "1" * 64) if harm == "of another input" else GIVEN
    assert whole_part(str(target), given) is None
    assert is_whole(str(tmp_path), RECORD) == (harm.startswith("record") or harm == "of another input")


def test_a_record_of_any_content_is_one_or_none() -> None:
    assert PartRecord.of(RECORD._asdict()) == RECORD
    wild: Any
    for where, wild in mutations(RECORD._asdict()):
        try:
            found = PartRecord.of(wild)
        except ValueError:
            continue
        assert found._asdict() == wild, where


def test_a_part_of_an_earlier_version_has_the_record_that_it_would_have_now(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"labels")
    adopt_part(str(tmp_path / NAME), 2, GIVEN)
    assert whole_part(str(tmp_path / NAME), GIVEN) == RECORD
    adopt_part(str(tmp_path / NAME), 9, GIVEN)
    assert whole_part(str(tmp_path / NAME), GIVEN) == RECORD, "a record that is there stays"


def test_an_empty_part_of_an_earlier_version_is_none(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    adopt_part(str(tmp_path / NAME), 0, GIVEN)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_record_is_written_over(tmp_path: Path) -> None:
    write_record(str(tmp_path), RECORD)
    write_record(str(tmp_path), RECORD._replace(papers=3))
    assert json.loads((tmp_path / record_name(NAME)).read_text())["papers"] == 3
