"""Files of papers for the tests of very many papers, and the labels of each paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from labeler.bulk.job import Job
from labeler.digests.fields import paper_of
from labeler.modelstore import Version
from labeler.publish.labelled import labelled_papers
from labeler.score.persistence import load_model
from tests.paths import DATA

Rows = list[dict[str, Any]]
_WORDS = """robots grasp cups speech whisper agents plan tools diffusion images video proteins safety alignment language
models prompt depth segmentation voice noise arms legs kitchens galaxies groups rings""".split()


def invented_papers(count: int, start: int = 0) -> Rows:
    """Invented papers, each with an identifier of its own."""
    return [
        {
            "id": f"2601.{n:05}",
            "title": f"On {_WORDS[n % 24]} and {_WORDS[n * 7 % 24]} number {n}",
            "abstract": " ".join(_WORDS[(n * k + k) % 24] for k in range(1, 12)) + f" {n}.",
        }
        for n in range(start, start + count)
    ]


@lru_cache(maxsize=1)
def _real() -> pa.Table:
    return pq.read_table(DATA / "arxiv_until_2025.parquet")


def real_papers(count: int, start: int = 0) -> pa.Table:
    """Some of the real papers of the shared folder, of all fields."""
    return _real().take(np.random.default_rng(7).permutation(len(_real()))[start : start + count])


def parquet(path: Path, rows: Rows | pa.Table, groups: Sequence[int] | None = None) -> Path:
    """A Parquet file of these rows, in row groups of these sizes."""
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    begin = 0
    with pq.ParquetWriter(path, table.schema) as writer:
        for size in groups if groups is not None else [len(table)]:
            writer.write_table(table.slice(begin, size))
            begin += size
    return path


def files(folder: Path, count: int, each: int) -> list[Path]:
    """A folder of Parquet files, each of which is a part."""
    return [parquet(folder / f"{n:02}.parquet", invented_papers(each, n * each)) for n in range(count)]


def parts(folder: Path, suffix: str = "parquet") -> list[Path]:
    """The parts in a folder, in their order."""
    return sorted(folder.glob(f"part-*.{suffix}"))


def rows_in(address: Path) -> Rows:
    """The rows of a file, or of all parts of a folder."""
    rows: Rows = []
    for path in [address] if address.is_file() else sorted(address.glob("part-*")):
        if path.suffix == ".parquet":
            rows += pq.read_table(path, partitioning=None).to_pylist()
        else:
            rows += lines_of(path.read_text())
    return rows


def lines_of(text: str) -> Rows:
    """The records of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def labels_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The labels of a paper: topics and probabilities, all probabilities, decision, reason, model, words of topics, and
    cross-lists.
    """
    return (
        [(topic["topic"], round(topic["probability"], 4)) for topic in row["topics"]],
        {topic: round(probability, 4) for topic, probability in row["scores"].items()},
        row["decision"],
        row["reason"],
        row["model"],
        [topic["because"] for topic in row["topics"]],
        [topic["topic"] for topic in row.get("also") or ()],
    )


def job_of(version: Version) -> Job:
    """The job of a version, which all partitions share."""
    return Job(version.folder, version.label, version.precision, version.names)


def labels_one_by_one(records: Iterable[Mapping[str, Any]], job: Job) -> list[tuple[Any, ...]]:
    """The labels of papers that are read and labelled one at a time."""
    papers = [paper_of(record, "made") for record in records]
    return [
        labels_of(item.to_dict()) for item in labelled_papers(papers, load_model(job.model), job.version, job.precision)
    ]


def assert_same_labels(rows: Sequence[tuple[Any, ...]], expected: Sequence[tuple[Any, ...]]) -> None:
    """The labels are the same: probabilities to four decimals, the last one off by one where sums are rounded."""
    assert len(rows) == len(expected)
    for labels, reference in zip(rows, expected, strict=True):
        assert [topic for topic, _ in labels[0]] == [topic for topic, _ in reference[0]]
        assert labels[2:] == reference[2:]
        assert list(labels[1]) == list(reference[1])
        both = zip(
            [*labels[1].values(), *(p for _, p in labels[0])],
            [*reference[1].values(), *(p for _, p in reference[0])],
            strict=True,
        )
        assert max(abs(left - right) for left, right in both) < 1.01e-4
