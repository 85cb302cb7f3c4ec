"""The partitions that very many papers are labelled in, and the part files that their labels go to.

A part file appears whole or not at all, and is never written twice: a run that was ended resumes where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from labeler.errors import InputError
from labeler.storage import exists, join_path, open_file

PAPERS = 50_000  # of a part: some seconds' work
RUN_RECORD = "_labeler.json"  # in a folder of labels: which papers they are of, and which model's
_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class Partition:
    """What one process labels at a time: some row ``groups`` of a Parquet file, or a whole file of another format.

    ``file_number`` is the position of the file among the inputs. The labels of Parquet go to the part ``number``; those
    of another format to one part after the other, from 0 on. ``papers`` is their number, None where it is not known
    before the file is read.
    """

    source: str
    folder: str
    file_number: int
    suffix: str
    number: int = 0
    groups: tuple[int, ...] | None = None
    papers: int | None = None

    def target(self, number: int) -> str:
        """The address of the part file of a number."""
        return join_path(self.folder, f"part-{self.file_number:05}-{number:05}.{self.suffix}")

    @property
    def is_labelled(self) -> bool:
        """Whether its labels are written. For formats other than Parquet this is not known before the file is read."""
        return self.groups is not None and exists(self.target(self.number))


def partitions(files: Sequence[str], folder: str, suffix: str) -> list[Partition]:
    """The partitions of some files, in their order.

    Raises:
        InputError: a file cannot be read.
    """
    result: list[Partition] = []
    for file_number, file in enumerate(files):
        if not is_parquet(file):
            result.append(Partition(file, folder, file_number, suffix))
            continue
        result += [
            Partition(file, folder, file_number, suffix, number, groups, papers)
            for number, (groups, papers) in enumerate(_row_groups(file))
        ]
    return result


def is_for_labels(folder: Path) -> bool:
    """Whether this is a folder that is empty, or that holds labels already."""
    return folder.is_dir() and ((folder / RUN_RECORD).exists() or not any(folder.iterdir()))


def is_parquet(address: str) -> bool:
    """Whether a file begins as Parquet files do."""
    with open_file(address) as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def _row_groups(file: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """The row groups of each part of a Parquet file, and the number of their rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_file(file) as stream:
            metadata = pq.ParquetFile(stream).metadata
            sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{file} is a damaged Parquet file: {error}", "fetch or export it again") from error
    begin = 0
    for end in range(1, len(sizes) + 1):
        papers = sum(sizes[begin:end])
        if papers >= PAPERS or end == len(sizes):
            yield tuple(range(begin, end)), papers
            begin = end
