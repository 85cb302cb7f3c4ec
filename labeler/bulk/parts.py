"""The partitions that very many papers are labelled in, and the part files that their labels go to.

A part file appears whole or not at all, and none is written twice from the same papers: a run that was ended resumes
where it stopped.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from labeler.errors import InputError
from labeler.storage import LOCK, is_in_archive, join_path, open_file

PAPERS = 50_000  # of a part: some seconds' work
RUN_RECORD = "_labeler.json"  # in a folder of labels: which papers they are of, and which model's
_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class Partition:
    """What one process labels at a time: some row ``groups`` of a Parquet file, or a whole file of another format.

    ``file_number`` is the position of the file among the inputs. The labels of Parquet go to the part ``number``; those
    of another format to one part after the other, from 0 on. ``papers`` is their number, None where it is not known
    before the file is read. In a Parquet file, they lie in the bytes of ``span``, and ``footer`` is the SHA-256 of its
    footer, which says so.
    """

    source: str
    folder: str
    file_number: int
    suffix: str
    number: int = 0
    groups: tuple[int, ...] | None = None
    papers: int | None = None
    span: tuple[int, int] = (0, 0)
    footer: str = ""

    def target(self, number: int) -> str:
        """The address of the part file of a number."""
        return join_path(self.folder, f"part-{self.file_number:05}-{number:05}.{self.suffix}")


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
        footer, groups = _row_groups(file)
        result += [
            Partition(file, folder, file_number, suffix, number, numbers, papers, span, footer)
            for number, (numbers, papers, span) in enumerate(groups)
        ]
    return result


def is_for_labels(folder: Path) -> bool:
    """Whether this is a folder that is empty, or that holds labels already."""
    return folder.is_dir() and ((folder / RUN_RECORD).exists() or {path.name for path in folder.iterdir()} <= {LOCK})


def is_parquet(address: str) -> bool:
    """Whether a file begins as Parquet files do, and can be read in parts: members of archives cannot."""
    if is_in_archive(address):
        return False
    with open_file(address) as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def footer_begin(stream: IO[bytes]) -> int:
    """Where the footer of a Parquet file begins: its length stands in the eight bytes at the end, before the magic.

    https://parquet.apache.org/docs/file-format/
    """
    end = stream.seek(0, os.SEEK_END) - 8
    stream.seek(max(0, end))
    return max(0, end - int.from_bytes(stream.read(4), "little"))


def _row_groups(file: str) -> tuple[str, list[tuple[tuple[int, ...], int, tuple[int, int]]]]:
    """The digest of the footer; and of each part the row groups, the number of their rows, and where they lie."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_file(file) as stream:
            metadata = pq.ParquetFile(stream).metadata
            stream.seek(footer_begin(stream))
            footer = hashlib.sha256(stream.read()).hexdigest()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{file} is a damaged Parquet file: {error}", "fetch or export it again") from error
    parts, begin, papers = [], 0, 0
    for number in range(metadata.num_row_groups):
        papers += metadata.row_group(number).num_rows
        if papers >= PAPERS or number == metadata.num_row_groups - 1:
            groups = tuple(range(begin, number + 1))
            parts.append((groups, papers, _span(metadata, groups)))
            begin, papers = number + 1, 0
    return footer, parts


def _span(metadata: Any, groups: tuple[int, ...]) -> tuple[int, int]:
    """From the first byte of some row groups to behind their last one."""
    begins, ends = [], []
    for group in map(metadata.row_group, groups):
        for column in map(group.column, range(group.num_columns)):
            pages = column.data_page_offset, column.dictionary_page_offset if column.has_dictionary_page else None
            begins.append(max(0, min(offset for offset in pages if offset is not None)))
            ends.append(begins[-1] + column.total_compressed_size)
    return min(begins, default=0), max(ends, default=0)
