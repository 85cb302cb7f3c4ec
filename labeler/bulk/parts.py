"""The parts that very many papers are labelled in: each is there whole or not at all, and is never done twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from labeler.errors import InputError
from labeler.storage import exists, inside, opened

PAPERS = 50_000  # of a part: some seconds' work
NOTE = "_labeler.json"  # in a folder of labels: what they are of
_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class Portion:
    """What one process does at a time: some row ``groups`` of a Parquet file, or a whole file of another format.

    Of Parquet the labels go to the part ``number``; of other files to one part after the other, from 0 on. ``papers``
    is how many there are, None where nobody knows.
    """

    source: str
    folder: str
    place: int
    suffix: str
    number: int = 0
    groups: tuple[int, ...] | None = None
    papers: int | None = None

    def target(self, number: int) -> str:
        """Where the labels of a part go."""
        return inside(self.folder, f"part-{self.place:05}-{number:05}.{self.suffix}")

    @property
    def done(self) -> bool:
        """Whether its labels are there; of a file that is no Parquet nobody knows before it is read."""
        return self.groups is not None and exists(self.target(self.number))


def portions(files: Sequence[str], folder: str, suffix: str) -> list[Portion]:
    """What there is to do for some files, in their order.

    Raises:
        InputError: a file cannot be read.
    """
    found: list[Portion] = []
    for place, file in enumerate(files):
        if not is_parquet(file):
            found.append(Portion(file, folder, place, suffix))
            continue
        found += [
            Portion(file, folder, place, suffix, number, groups, papers)
            for number, (groups, papers) in enumerate(_groups(file))
        ]
    return found


def is_for_labels(folder: Path) -> bool:
    """Whether this is a folder that is empty, or holds labels already."""
    return folder.is_dir() and ((folder / NOTE).exists() or not any(folder.iterdir()))


def is_parquet(address: str) -> bool:
    """Whether a file begins as Parquet files do."""
    with opened(address) as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def _groups(file: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """Row groups of a Parquet file that together make a part, and their rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with opened(file) as stream:
            told = pq.ParquetFile(stream).metadata
            sizes = [told.row_group(number).num_rows for number in range(told.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{file} is a damaged Parquet file: {error}", "fetch or export it again") from error
    begin = 0
    for end in range(1, len(sizes) + 1):
        papers = sum(sizes[begin:end])
        if papers >= PAPERS or end == len(sizes):
            yield tuple(range(begin, end)), papers
            begin = end
