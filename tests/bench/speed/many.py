"""Training on more papers than a usual training takes: time, and memory of all processes together, as papers grow."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.bench.speed.material import ARXIV
from tests.bench.speed.turns import Ended, labeler
from tests.paths import ROOT

SIZES = (25_000, 50_000, 100_000, 200_000)
TOPICS = 100
_EVERY = 0.5  # seconds between two looks at the memory
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def lines(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """The lines of the table."""
    yield "| papers | seconds | CPU seconds | peak memory |"
    yield "|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        pile, topics = _pile()
        labeler("--quiet", "init", f"{folder}/workspace")
        scheme = "".join(f'[[topic]]\nid = "{topic}"\n' for topic in topics)
        (Path(folder) / "workspace/annotations/topics.toml").write_text(f'mode = "multi"\n{scheme}')
        for size in sizes:
            file = Path(folder) / f"{size}.parquet"
            pile.iloc[:size].to_parquet(file, row_group_size=10_000)
            ended = _trained(file, f"{folder}/workspace")
            yield f"| {size:,} | {ended.wall:.0f} | {ended.cpu:.0f} | {ended.memory:,.0f} MB |"


def _pile() -> tuple[Any, list[str]]:
    """Papers of arXiv in an order of chance with their categories, and the most frequent of these.

    Where there are no more papers, title and every other sentence of one stand with the other sentences of another of
    the same first category: new texts with words as real ones have them, good for time and memory alone.
    """
    import numpy as np
    import pandas as pd

    papers = pd.read_parquet(ARXIV, columns=["title", "abstract", "categories"]).sample(frac=1, random_state=0)
    papers["topics"] = [list(listed) for listed in papers.pop("categories")]
    topics = papers["topics"].explode().value_counts().index[:TOPICS].tolist()
    first = papers["topics"].str[0].to_numpy()
    order = np.lexsort([np.random.default_rng(0).random(len(papers)), first])
    split = [_SENTENCES.split(papers["abstract"].iat[row]) for row in order]
    more = pd.DataFrame(
        {
            "title": [f"{papers['title'].iat[row]}, and more" for row in order],
            "abstract": [
                " ".join(one[::2] + other[1::2]) for one, other in zip(split, split[1:] + split[:1], strict=True)
            ],
            "topics": [papers["topics"].iat[row] for row in order],
        }
    )
    return pd.concat([papers, more.sample(frac=1, random_state=1)]), sorted(topics)


def _trained(table: Path, workspace: str) -> Ended:
    """What the command needed, its processes together."""
    options = ["--table", str(table), "--topics-column", "topics", "--complete", "--quiet"]
    before, begun, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0
    process = subprocess.Popen(
        [sys.executable, "-m", "labeler", "--workspace", workspace, "train", *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(_EVERY)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begun
    if process.returncode:
        raise RuntimeError(f"labeler train ended with {process.returncode}")
    return Ended(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most)


def _memory(pid: int) -> float:
    """Megabytes of a process and all below it; what several share counts once (proportional set size, proc(5))."""
    family, total = [pid], 0.0
    parents = dict(_parents())
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
        with suppress(OSError):
            told = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in told if line.startswith("Pss:")) / 1024
    return total


def _parents() -> Iterator[tuple[int, int]]:
    """All processes and the parent of each."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
