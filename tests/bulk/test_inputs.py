"""The digest of a partition's input: of which bytes it is, and what becomes of inputs that change."""

from __future__ import annotations

import gzip
import hashlib
import os
import uuid
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from labeler.bulk import parts as parts_module
from labeler.bulk.inputs import open_input
from labeler.bulk.parts import Partition, footer_begin, partitions
from labeler.errors import InputError
from labeler.storage import write_file
from tests.bulk.factories import invented_papers, parquet


def of(source: Path | str) -> Partition:
    """The first partition of a file."""
    return partitions([str(source)], "labels", "csv")[0]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "Robots"}\n' * 9)
    return path


def test_the_digest_of_a_text_is_that_of_all_its_bytes_and_it_is_read_where_it_lies(lines: Path) -> None:
    with open_input(of(lines)) as given:
        assert given.digest == hashlib.sha256(lines.read_bytes()).hexdigest()
        assert (given.address, given.copy) == (str(lines), None)


def test_the_digest_of_a_partition_of_parquet_is_that_of_its_row_groups_and_the_footer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "PAPERS", 4)
    path = parquet(tmp_path / "a.parquet", invented_papers(12), [4, 4, 4])
    work = partitions([str(path)], "labels", "csv")
    digests = []
    for partition in work:
        with open_input(partition) as given:
            digests.append(given.digest)
    assert len(set(digests)) == 3
    data = path.read_bytes()
    with path.open("rb") as stream:
        footer = data[footer_begin(stream) :]
    begin, end = work[1].span
    assert digests[1] == hashlib.sha256(footer + data[begin:end]).hexdigest()


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_what_lies_elsewhere_is_copied_with_its_digest_and_the_copy_goes(tmp_path: Path, suffix: str) -> None:
    local = tmp_path / f"a{suffix}"
    if suffix == ".parquet":
        parquet(local, invented_papers(9), [2, 7])
    else:
        local.write_text('{"title": "Robots"}\n')
    address = f"memory://{uuid.uuid4().hex}/a{suffix}"
    with write_file(address) as out:
        out.write(local.read_bytes())
    with open_input(of(address)) as there, open_input(of(local)) as here:
        assert there.digest == here.digest
        assert there.copy is not None
        copy = Path(there.address)
        assert copy == there.copy
        if suffix == ".parquet":
            assert pq.read_table(copy) == pq.read_table(local)
        else:
            assert copy.read_bytes() == local.read_bytes()
    assert not copy.exists()


def test_a_member_of_an_archive_is_copied(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pile.zip", "w") as archive:
        archive.writestr("a.jsonl", '{"title": "Robots"}\n')
    with open_input(of(f"{tmp_path}/pile.zip/a.jsonl")) as given:
        assert Path(given.address).read_text() == '{"title": "Robots"}\n'
        assert given.digest == hashlib.sha256(b'{"title": "Robots"}\n').hexdigest()


def test_a_packed_text_is_known_by_its_packed_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"title": "Robots"}\n'))
    with open_input(of(path)) as given:
        assert given.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("how", ["longer", "touched", "gone", "replaced"])
def test_a_file_that_changes_while_it_is_read_is_told(lines: Path, how: str) -> None:
    partition = of(lines)

    def change() -> None:
        if how == "longer":
            lines.write_text('{"title": "Robots"}\n' * 10)
        elif how == "touched":
            os.utime(lines, (1, 1))
        elif how == "gone":
            lines.unlink()
        else:
            other = lines.with_name("other")
            other.write_bytes(lines.read_bytes())
            other.replace(lines)

    with open_input(partition) as given:
        given.check()
    with pytest.raises(InputError, match=r"a\.jsonl changed while it was read"), open_input(partition):
        change()


def test_what_looks_like_damage_is_told_as_the_change_that_it_is(lines: Path) -> None:
    def damaged(text: str) -> None:
        lines.write_text(text)
        raise InputError("a.jsonl is damaged")

    partition = of(lines)
    with pytest.raises(InputError, match="changed while it was read"), open_input(partition):
        damaged("[")
    with pytest.raises(InputError, match="is damaged"), open_input(partition):
        raise InputError("a.jsonl is damaged")


def test_parquet_that_has_another_footer_than_was_planned_is_told(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", invented_papers(9))
    partition = of(path)
    parquet(path, invented_papers(9, 100), [4, 5])
    with pytest.raises(InputError, match=r"a\.parquet changed while it was read"), open_input(partition):
        pytest.fail("it was opened")


def test_a_file_that_is_gone_is_told(lines: Path) -> None:
    partition = of(lines)
    lines.unlink()
    with pytest.raises(InputError, match=r"a\.jsonl"), open_input(partition):
        pytest.fail("it was opened")
