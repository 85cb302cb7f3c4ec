"""Parquet to Parquet: papers a second of a core, and memory, as the number of papers grows; and the second core."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from labeler.modelstore import ModelStore
from labeler.score.manifest import TrainingRecord
from tests.bench.speed.material import ARXIV, model
from tests.bench.speed.turns import Ended, labeler

SIZES = (10_000, 100_000, 1_000_000)


def lines(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """The lines of the table."""
    yield "| papers | seconds | CPU seconds | papers a CPU second | peak memory |"
    yield "|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        workspace = f"{folder}/workspace"
        labeler("--quiet", "init", workspace)
        ModelStore(Path(workspace) / "models").add("mine", model(30), TrainingRecord(), "")
        for size in sizes:
            pile = _pile(Path(folder) / f"{size}.parquet", size)
            ended = labeler("label", str(pile), "-o", f"{folder}/{size}/", folder=workspace)
            yield _line(f"{size:,}", size, ended)
        pile, size = Path(folder) / f"{sizes[-1]}.parquet", sizes[-1]
        ended = labeler("label", str(pile), "-o", f"{folder}/two/", "--jobs", "2", folder=workspace)
        yield _line(f"{size:,}, two processes", size, ended)


def _line(name: str, size: int, ended: Ended) -> str:
    pace = f"{size / ended.cpu:,.0f}"
    return f"| {name} | {ended.wall:.1f} | {ended.cpu:.1f} | {pace} | {ended.memory:.0f} MB |"


def _pile(path: Path, size: int) -> Path:
    """So many papers of arXiv, repeated where there are not enough, in row groups of 25,000."""
    import pyarrow.parquet as pq

    table = pq.read_table(ARXIV)
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for begin in range(0, size, len(table)):
            writer.write_table(table.slice(0, min(len(table), size - begin)), row_group_size=25_000)
    return path
