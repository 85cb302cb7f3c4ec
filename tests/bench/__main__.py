"""`make bench`: labeler's speed beside peers in the same run, kept as `tests/bench/RESULTS.md`."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

from tests.bench.speed import many, reading, scoring, serving, starting, streaming, training

RESULTS = Path(__file__).parent / "RESULTS.md"
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pyarrow", "fasttext", "typer", "uvicorn", "fastapi")


def main() -> None:
    """Measure, print and keep the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no million papers, no training; nothing is kept")
    quick = parser.parse_args().quick
    told = []
    for line in lines(quick):
        print(line, flush=True)
        told.append(line)
    if not quick:
        RESULTS.write_text("\n".join(told) + "\n", encoding="utf-8")


def lines(quick: bool) -> Iterator[str]:
    """The lines of the document."""
    yield "# Speed beside peers\n"
    yield "Made with `make bench`, which starts `OPENBLAS_NUM_THREADS=1 python -m tests.bench`. The two of a row take"
    yield "turns; the ratio is the peer's measure over ours, turn by turn: its median, the least and the largest. What"
    yield "was asked for stands last, what was aimed at in brackets. Times in one process are CPU seconds.\n"
    yield f"{machine()}\n"
    yield "| job | labeler | peer | peer ÷ labeler | asked | |"
    yield "|---|---|---|---|---|---|"
    yield from map(str, chain(scoring.rows(), starting.rows(), reading.rows(), () if quick else training.rows()))
    yield "\n## Parquet to Parquet, 30 topics\n"
    yield from streaming.lines(streaming.SIZES[:2] if quick else streaming.SIZES)
    yield f"\n## Training from Parquet, {many.TOPICS} topics\n"
    yield "`labeler train --table`; memory is that of all its processes together.\n"
    yield from many.lines(many.SIZES[:1] if quick else many.SIZES)
    yield f"\n## The REST interface, {serving.TOPICS} topics\n"
    yield f"{serving.CLIENTS} clients, which share the cores with the server, each with one request after the other.\n"
    yield from serving.lines(*(serving.SMALL if quick else serving.FULL))


def machine() -> str:
    """What it was measured on."""
    cores = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    name = cores[0].partition(":")[2].strip() if cores else platform.processor()
    held = []
    for library in LIBRARIES:
        try:
            held.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return f"{len(cores)} × {name}, Python {platform.python_version()}, {', '.join(held)}."


if __name__ == "__main__":
    main()
