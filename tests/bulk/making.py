"""Files of papers for the tests of very many papers, and what is said of each paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from labeler.bulk.work import Job
from labeler.digests.fields import paper_of
from labeler.modelstore import Version
from labeler.publish import labelled_papers
from labeler.score.persistence import load_model
from tests.places import DATA

Rows = list[dict[str, Any]]
_WORDS = """robots grasp cups speech whisper agents plan tools diffusion images video proteins safety alignment language
models prompt depth segmentation voice noise arms legs kitchens galaxies groups rings""".split()


def made_papers(count: int, start: int = 0) -> Rows:
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
    return [parquet(folder / f"{n:02}.parquet", made_papers(each, n * each)) for n in range(count)]


def parts(folder: Path, suffix: str = "parquet") -> list[Path]:
    """The parts in a folder, in their order."""
    return sorted(folder.glob(f"part-*.{suffix}"))


def rows_in(place: Path) -> Rows:
    """The rows of a file, or of all parts of a folder."""
    found: Rows = []
    for path in [place] if place.is_file() else sorted(place.glob("part-*")):
        if path.suffix == ".parquet":
            found += pq.read_table(path, partitioning=None).to_pylist()
        else:
            found += lines_of(path.read_text())
    return found


def lines_of(text: str) -> Rows:
    """The records of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is said of a paper: topics with their probabilities, all probabilities, decision, reason and model."""
    return (
        [(topic["topic"], round(topic["probability"], 4)) for topic in row["topics"]],
        {topic: round(probability, 4) for topic, probability in row["scores"].items()},
        row["decision"],
        row["reason"],
        row["model"],
    )


def job_of(version: Version) -> Job:
    """What all portions share."""
    return Job(version.folder, version.label, version.precision, version.names)


def one_by_one(records: Iterable[Mapping[str, Any]], job: Job) -> list[tuple[Any, ...]]:
    """What is said of papers that are read and labelled one at a time."""
    papers = [paper_of(record, "made") for record in records]
    return [said(item.to_dict()) for item in labelled_papers(papers, load_model(job.model), job.version, job.precision)]


def agree(found: Sequence[tuple[Any, ...]], expected: Sequence[tuple[Any, ...]]) -> None:
    """The same is said: probabilities to four places, of which the last may be one off where sums are rounded."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert [topic for topic, _ in one[0]] == [topic for topic, _ in other[0]]
        assert one[2:] == other[2:]
        assert list(one[1]) == list(other[1])
        both = zip(
            [*one[1].values(), *(p for _, p in one[0])], [*other[1].values(), *(p for _, p in other[0])], strict=True
        )
        assert max(abs(left - right) for left, right in both) < 1.01e-4
