"""A partition: papers in, labels out, whatever the format of the file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.bulk import parts, work
from labeler.bulk.job import Job
from labeler.bulk.parts import partitions
from labeler.bulk.work import PartitionResult, label
from labeler.digests.source import Refusal
from labeler.errors import InputError
from labeler.storage import open_file, write_file
from tests.bulk.factories import (
    assert_same_labels,
    files,
    invented_papers,
    labels_of,
    labels_one_by_one,
    lines_of,
    parquet,
    real_papers,
    rows_in,
)
from tests.bulk.factories import parts as parts_in
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, OTHER, page

COLUMNS = ("id", "title", "abstract")


@pytest.fixture
def mine(trained_once: Path) -> Job:
    return Job(trained_once / "models" / "mine" / "1", "mine@1", 0.9, {"llm": "Language models"})


def label_files(job: Job, folder: Path, *paths: Path, suffix: str = "parquet") -> PartitionResult:
    """Label all partitions of some files; the result of all."""
    work = partitions([str(path) for path in paths], str(folder), suffix)
    return sum((label(job, partition) for partition in work), start=PartitionResult())


def small(monkeypatch: pytest.MonkeyPatch, papers: int) -> None:
    monkeypatch.setattr(parts, "PAPERS", papers)
    monkeypatch.setattr(work, "PAPERS", papers)


@pytest.mark.slow
def test_parquet_is_labelled_as_the_command_labels_it_row_by_row(
    job: Job, shared: Path, tmp_path: Path, labeler: Labeler, trained_once: Path
) -> None:
    path = parquet(tmp_path / "a.parquet", real_papers(900, 50_000), [600, 0, 1, 299])
    result = label_files(job, tmp_path / "labels", path)
    given = ("--workspace", trained_once) if job.version == "mine@1" else ("--model", "arxiv")
    rows = lines_of(labeler("label", path, "--to", "jsonl", *given).out)
    found = rows_in(tmp_path / "labels")
    assert_same_labels([labels_of(row) for row in found], [labels_of(row) for row in rows])
    assert [row["id"] for row in found] == [row["id"].removeprefix("arxiv:") for row in rows]
    assert result.papers == sum(result.decisions.values()) == 900


@pytest.mark.parametrize(
    "rows",
    [
        {"title": ["Robots", None, "Speech of robots"], "abstract": [None, "Robots speak", "video of cups"]},
        {"Title": ["Robots speak"], "Summary": ["Speech &amp; robots, \\emph{all} of them"]},
        {"paper_title": ["Robots speak"]},
        {"AB": ["Robots speak of <i>video</i>"]},
        {"title": [["Robots", "speak"], ["Video"], []], "abstract": ["speech", None, "robots"]},
        {"title": [7, 0, 12], "abstract": ["speech of robots", "robots", "video"]},
        {"title": ["Robots"] * 3, "abstract": [0.5, float("nan"), None]},
        {"title": ["Robots"] * 3, "abstract": [None, " ", "speech"], "summary": ["video", "robots", "noise"]},
        {"title": [None, "Video"], "Title": ["Robots", "Speech"], "abstract": ["speech of robots", "cups"]},
        {"title": ["Robots (arXiv:2503.11731 [cs.CL])"], "abstract": ["arXiv:2503.1 Announce Type: new Abstract: a"]},
        {"title": ["Robots speak to robots"], "abstract": ["   "]},
    ],
)  # fmt: skip
def test_columns_of_any_kind_are_read_as_rows_are(mine: Job, tmp_path: Path, rows: dict[str, list[Any]]) -> None:
    table = pa.table(rows)
    label_files(mine, tmp_path / "labels", parquet(tmp_path / "a.parquet", table))
    assert_same_labels(
        [labels_of(row) for row in rows_in(tmp_path / "labels")], labels_one_by_one(table.to_pylist(), mine)
    )


def test_texts_kept_in_a_dictionary_or_as_large_ones_are_read(mine: Job, tmp_path: Path) -> None:
    table = pa.Table.from_pylist(invented_papers(5))
    coded = table.set_column(1, "title", table["title"].dictionary_encode()).set_column(
        2, "abstract", table["abstract"].cast(pa.large_string())
    )
    label_files(mine, tmp_path / "labels", parquet(tmp_path / "a.parquet", coded))
    assert_same_labels(
        [labels_of(row) for row in rows_in(tmp_path / "labels")], labels_one_by_one(table.to_pylist(), mine)
    )


def test_a_row_without_a_word_has_its_row_and_is_for_a_person(mine: Job, tmp_path: Path) -> None:
    table = pa.table({"title": ["Robots", None, ""], "abstract": ["speech", None, " "], "n": [1, 2, 3]})
    result = label_files(mine, tmp_path / "labels", parquet(tmp_path / "a.parquet", table))
    found = rows_in(tmp_path / "labels")
    assert [row["n"] for row in found] == [1, 2, 3]
    assert [(row["decision"], row["reason"]) for row in found[1:]] == [("review", "unfamiliar")] * 2
    assert result.papers == 3


def test_other_columns_stay_and_labels_of_before_give_way(mine: Job, tmp_path: Path) -> None:
    table = pa.table(
        {
            "n": [1, 2],
            "abstract": ["a", "b"],
            "title": ["Robots", "Speech"],
            "decision": ["x", "y"],
            "scores": [1, 2],
            "tags": [["a"], []],
        }
    )
    label_files(mine, tmp_path / "labels", parquet(tmp_path / "a.parquet", table))
    (part,) = parts_in(tmp_path / "labels")
    labelled = pq.read_table(part)
    assert labelled.column_names == ["n", "title", "tags", "topics", "scores", "decision", "reason", "model"]
    assert labelled.select(["n", "title", "tags"]).to_pydict() == table.select(["n", "title", "tags"]).to_pydict()
    assert set(labelled["decision"].to_pylist()) <= {"auto", "none", "review"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 7), max_size=6), st.integers(1, 10), st.sampled_from(["parquet", "jsonl", "csv"]))
def test_every_row_has_its_row_in_order(
    tmp_path_factory: pytest.TempPathFactory, trained_once: Path, sizes: list[int], papers: int, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    rows = invented_papers(sum(sizes))
    path = parquet(
        folder / "a.parquet", pa.Table.from_pylist(rows, pa.schema(dict.fromkeys(COLUMNS, pa.string()))), sizes
    )
    with pytest.MonkeyPatch.context() as patch:
        small(patch, papers)
        result = label_files(
            Job(trained_once / "models" / "mine" / "1", "mine@1", 0.9, {}), folder / "labels", path, suffix=suffix
        )
    assert result.papers == len(rows)
    found: list[dict[str, Any]] = []
    for part in parts_in(folder / "labels", suffix):
        if suffix == "csv":
            with part.open(newline="") as file:
                found += list(csv.DictReader(file))
        else:
            found += rows_in(part)
    assert [row["title"] for row in found] == [row["title"] for row in rows]


def test_a_file_without_a_row_gives_an_empty_part(mine: Job, tmp_path: Path) -> None:
    schema = pa.schema(dict.fromkeys(COLUMNS, pa.string()))
    empty = parquet(tmp_path / "a.parquet", pa.Table.from_pylist([], schema), [0])
    full = parquet(tmp_path / "b.parquet", invented_papers(3))
    assert label_files(mine, tmp_path / "labels", empty, full).papers == 3
    assert [row["id"] for row in rows_in(tmp_path / "labels")] == ["2601.00000", "2601.00001", "2601.00002"]
    assert len({pq.read_schema(part) for part in parts_in(tmp_path / "labels")}) == 1


def test_repeated_papers_have_all_their_rows(mine: Job, tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", invented_papers(3) * 4, [5, 7])
    label_files(mine, tmp_path / "labels", path, path)
    found = rows_in(tmp_path / "labels")
    assert [row["id"] for row in found] == [row["id"] for row in invented_papers(3) * 8]
    assert [labels_of(row) for row in found] == [labels_of(row) for row in found[:3]] * 8


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "csv"])
def test_other_formats_are_labelled_part_by_part(
    mine: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    small(monkeypatch, 4)
    rows = invented_papers(11)
    text = "".join(json.dumps(row) + "\n" for row in rows) + "broken\n[]\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    result = label_files(mine, tmp_path / "labels", tmp_path / "a.jsonl.gz", suffix=suffix)
    assert [path.name for path in parts_in(tmp_path / "labels", suffix)] == [
        f"part-00000-{n:05}.{suffix}" for n in range(3)
    ]
    assert (result.papers, result.refused, sum(result.decisions.values())) == (11, 2, 11)
    assert [str(refusal) for refusal in result.refusals] == [
        "a.jsonl.gz, line 12: broken JSON: Expecting value at column 1",
        "a.jsonl.gz, line 13: not an object but list",
    ]
    if suffix != "csv":
        assert [labels_of(row)[:4] for row in rows_in(tmp_path / "labels")] == [
            row[:4] for row in labels_one_by_one(rows, mine)
        ]


def test_an_empty_file_among_others_is_told_and_passed_over(mine: Job, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in invented_papers(3)))
    result = label_files(mine, tmp_path / "labels", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert (result.papers, result.refused, list(map(str, result.refusals))) == (3, 1, ["a.jsonl: it is empty"])


def test_a_table_and_a_saved_page_are_labelled_too(mine: Job, tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["title", "abstract"], ["Robots", "speech"], ["Too", "many", "cells"]])
    (tmp_path / "a.csv").write_text(out.getvalue())
    (tmp_path / "b.txt").write_text(page("Mar 14", "Sorting Papers", ABSTRACT, "Old Bridges", OTHER))
    result = label_files(mine, tmp_path / "labels", tmp_path / "a.csv", tmp_path / "b.txt")
    assert (result.papers, result.refused) == (3, 1)
    found = rows_in(tmp_path / "labels")
    assert [(row["title"], row["source"]) for row in found] == [
        ("Robots", "a.csv"), ("Sorting Papers", "b.txt"), ("Old Bridges", "b.txt")
    ]  # fmt: skip
    assert "abstract" not in found[0]


def test_parts_that_are_there_are_left_alone(mine: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 4)
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in invented_papers(11)))
    labels = tmp_path / "labels"
    label_files(mine, labels, tmp_path / "a.jsonl")
    whole = [path.read_bytes() for path in parts_in(labels)]
    parts_in(labels)[1].unlink()
    before = [path.stat().st_ino for path in parts_in(labels)]
    result = label_files(mine, labels, tmp_path / "a.jsonl")
    assert (result.papers, result.labelled_before) == (4, 7)
    assert [path.read_bytes() for path in parts_in(labels)] == whole
    assert [path.stat().st_ino for path in parts_in(labels)][::2] == before


def test_json_lines_from_parquet_say_what_is_said_of_each_row(
    mine: Job, tmp_path: Path, labeler: Labeler, trained_once: Path
) -> None:
    (path,) = files(tmp_path / "pile", 1, 20)
    label_files(mine, tmp_path / "labels", path, suffix="jsonl")
    text = "".join(part.read_text() for part in parts_in(tmp_path / "labels", "jsonl"))
    assert lines_of(text) == lines_of(labeler("--workspace", trained_once, "label", path, "--to", "jsonl").out)


def test_a_row_that_is_no_paper_is_refused_in_json_lines(mine: Job, tmp_path: Path) -> None:
    table = pa.table({"title": ["Robots", None, "..."], "abstract": ["speech", None, None]})
    result = label_files(mine, tmp_path / "labels", parquet(tmp_path / "a.parquet", table), suffix="jsonl")
    assert (result.papers, result.refused) == (1, 2)
    assert "row 2" in result.refusals[0].where
    assert result.refusals[0].source.endswith("a.parquet")


def test_another_file_system_gives_and_takes_the_same(mine: Job, tmp_path: Path) -> None:
    (path,) = files(tmp_path / "pile", 1, 9)
    address = f"memory://{uuid.uuid4().hex}"
    with write_file(f"{address}/a.parquet") as out:
        out.write(path.read_bytes())
    with write_file(f"{address}/b.jsonl") as out:
        out.write(b'{"title": "Robots"}\n{"title": "Speech of robots"}\n')
    label_files(mine, tmp_path / "here", path)
    for partition in partitions([f"{address}/a.parquet", f"{address}/b.jsonl"], f"{address}/labels", "parquet"):
        label(mine, partition)
    with open_file(f"{address}/labels/part-00000-00000.parquet") as stream:
        assert stream.read() == (tmp_path / "here" / "part-00000-00000.parquet").read_bytes()
    with open_file(f"{address}/labels/part-00001-00000.parquet") as stream:
        assert pq.read_table(stream)["title"].to_pylist() == ["Robots", "Speech of robots"]


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_a_file_without_title_and_abstract_is_named(mine: Job, tmp_path: Path, suffix: str) -> None:
    path = parquet(tmp_path / "odd.parquet", pa.table({"name": ["a", "b"]}))
    with pytest.raises(InputError, match=r"odd\.parquet.*no column title or abstract, only: name"):
        label_files(mine, tmp_path / "labels", path, suffix=suffix)
    assert rows_in(tmp_path / "labels") == []
    assert list((tmp_path / "labels").glob("part-*")) == []


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_letters_that_are_not_utf_8_are_told(mine: Job, tmp_path: Path, suffix: str) -> None:
    raw = pa.array([b"Robots \xff\xfe", b"Speech"], pa.binary())
    path = parquet(tmp_path / "odd.parquet", pa.table({"title": pa.Array.from_buffers(pa.string(), 2, raw.buffers())}))
    with pytest.raises(InputError, match=r"odd\.parquet is a damaged Parquet file"):
        label_files(mine, tmp_path / "labels", path, suffix=suffix)
    assert list(tmp_path.glob("labels/*")) == []


def test_a_file_damaged_in_the_middle_leaves_no_part(mine: Job, tmp_path: Path) -> None:
    path = parquet(tmp_path / "odd.parquet", invented_papers(3000), [1500, 1500])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = b"\xa5" * 2000
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"odd\.parquet is a damaged Parquet file"):
        label_files(mine, tmp_path / "labels", path)
    assert list(tmp_path.glob("labels/*")) == []


def test_papers_are_told_as_they_are_done(mine: Job, tmp_path: Path) -> None:
    (path,) = files(tmp_path / "pile", 1, 30)
    for suffix in ("parquet", "jsonl"):
        calls: list[int] = []
        (partition,) = partitions([str(path)], str(tmp_path / "labels"), suffix)
        label(mine, partition, calls.append)
        assert sum(calls) == 30


COUNTS = st.dictionaries(st.sampled_from(["auto", "none", "review"]), st.integers(0, 9), max_size=3)


@given(st.lists(st.tuples(COUNTS, st.integers(0, 9), st.integers(0, 20)), max_size=6))
def test_results_add_up(fields: list[tuple[dict[str, int], int, int]]) -> None:
    results = [
        PartitionResult(decisions, before, refused, tuple(Refusal("a", str(n), "odd") for n in range(min(refused, 10))))
        for decisions, before, refused in fields
    ]
    total = sum(results, start=PartitionResult())
    assert total.papers == sum(result.papers for result in results) == sum(total.decisions.values())
    for decision in ("auto", "none", "review"):
        assert total.decisions.get(decision, 0) == sum(result.decisions.get(decision, 0) for result in results)
    assert total.labelled_before == sum(before for _, before, _ in fields)
    assert total.refused == sum(refused for _, _, refused in fields)
    assert list(total.refusals) == [refusal for result in results for refusal in result.refusals][:10]
