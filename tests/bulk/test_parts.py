"""How papers are divided: whole row groups, in order, each once, in parts of a size."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.bulk import parts as module
from labeler.bulk.parts import Partition, footer_begin, is_parquet, partitions
from labeler.errors import InputError
from labeler.storage import write_file
from tests.bulk.factories import invented_papers, parquet

SIZES = st.lists(st.integers(0, 9), max_size=8)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(1, 12))
def test_every_row_group_is_in_one_partition_in_order(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], papers: int
) -> None:
    path = parquet(tmp_path_factory.mktemp("groups") / "a.parquet", invented_papers(72), sizes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PAPERS", papers)
        found = partitions([str(path)], "labels", "parquet")
    groups = [partition.groups or () for partition in found]
    assert [group for numbers in groups for group in numbers] == list(range(len(sizes)))
    assert [partition.number for partition in found] == list(range(len(found)))
    assert [partition.papers for partition in found] == [sum(map(sizes.__getitem__, numbers)) for numbers in groups]
    assert all((partition.papers or 0) >= papers for partition in found[:-1])
    for numbers in groups:
        assert sum(sizes[group] for group in numbers[:-1]) < papers


def test_names_of_parts_sort_as_the_papers_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAPERS", 1)
    paths = [str(parquet(tmp_path / f"{n}.parquet", invented_papers(12), [1] * 12)) for n in range(11)]
    targets = [partition.target(partition.number) for partition in partitions(paths, "labels/", "parquet")]
    assert len(set(targets)) == 132
    assert targets == sorted(targets)
    assert targets[0] == "labels/part-00000-00000.parquet"


def test_other_formats_are_one_partition_of_unknown_size(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "Robots"}\n')
    (tmp_path / "empty.csv").write_text("")
    found = partitions([str(tmp_path / "a.jsonl"), str(tmp_path / "empty.csv")], str(tmp_path), "csv")
    assert found == [
        Partition(str(tmp_path / name), str(tmp_path), number, "csv", groups=None, papers=None)
        for number, name in enumerate(("a.jsonl", "empty.csv"))
    ]


def test_parquet_is_known_by_how_it_begins(tmp_path: Path) -> None:
    assert is_parquet(str(parquet(tmp_path / "a.txt", invented_papers(1))))
    (tmp_path / "b.parquet").write_text("title\nRobots\n")
    assert not is_parquet(str(tmp_path / "b.parquet"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_file_is_damaged(tmp_path: Path, share: float) -> None:
    path = parquet(tmp_path / "a.parquet", invented_papers(50))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=r"a\.parquet is a damaged Parquet file"):
        partitions([str(path)], "labels", "parquet")


def test_partitions_of_another_file_system_are_the_same(tmp_path: Path) -> None:
    path, address = (
        parquet(tmp_path / "a.parquet", invented_papers(9), [2, 0, 7]),
        f"memory://{uuid.uuid4().hex}/a.parquet",
    )
    with write_file(address) as out:
        out.write(path.read_bytes())
    for file in (str(path), address):
        (found,) = partitions([file], "labels", "csv")
        assert replace(found, span=(0, 0), footer="") == Partition(file, "labels", 0, "csv", 0, (0, 1, 2), 9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), max_size=8), st.integers(1, 12))
def test_partitions_lie_one_behind_the_other_up_to_the_footer(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], papers: int
) -> None:
    path = parquet(tmp_path_factory.mktemp("spans") / "a.parquet", invented_papers(72), sizes)
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as stream:
        patch.setattr(module, "PAPERS", papers)
        found = partitions([str(path)], "labels", "parquet")
        bounds = [4, *(bound for partition in found for bound in partition.span), footer_begin(stream)]
    assert bounds == sorted(bounds)
    assert bounds[::2] == bounds[1::2]  # no byte lies between
