"""Sparse rows of very many texts on the disk, for training out of core: memory-mapped files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.rows import Rows


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Rows of ``width`` columns: of row i, ``values`` and ``columns`` from ``ends[i]`` to ``ends[i + 1]``."""

    values: npt.NDArray[np.float32]
    columns: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int64]
    width: int

    @classmethod
    def write(cls, parts: Iterable[Rows], width: int, folder: Path) -> StoredRows:
        """Write rows, given in parts, to files of ``folder``; the files must stay there."""
        paths = [folder / f"{name}.bin" for name in ("values", "columns", "ends")]
        end = 0
        with paths[0].open("wb") as values, paths[1].open("wb") as columns, paths[2].open("wb") as ends:
            ends.write(np.zeros(1, np.int64).tobytes())
            for part in parts:
                values.write(part.values.astype(np.float32).tobytes())
                columns.write(part.columns.tobytes())
                ends.write((part.ends[1:] + end).tobytes())
                end += int(part.ends[-1])
        return cls(mapped(paths[0], np.float32), mapped(paths[1], np.int32), mapped(paths[2], np.int64), width)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def squares(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """The squared length (n,) of some ``rows`` (n,)."""
        bounds = zip(self.ends[rows].tolist(), self.ends[rows + 1].tolist(), strict=True)
        values = np.asarray(self.values)
        return np.array([np.vdot(values[begin:end], values[begin:end]) for begin, end in bounds], np.float32)

    def times(self, matrix: npt.NDArray[np.float32], rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """The product (n, n_columns) of some ``rows`` (n,) with a dense ``matrix`` (width, n_columns)."""
        product = np.empty((len(rows), matrix.shape[1]))
        for index, row in enumerate(rows.tolist()):
            begin, end = self.ends[row : row + 2].tolist()
            product[index] = self.values[begin:end] @ matrix.take(self.columns[begin:end], 0)
        return product

    def some_columns(self, rows: npt.NDArray[np.intp], numbers: npt.NDArray[np.int32]) -> sparse.csr_matrix:
        """Some ``rows`` (n,) with those columns alone whose ``numbers`` (width,), counted from 0, are not -1."""
        lengths = self.ends[rows + 1] - self.ends[rows]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.ends[rows] - ends[:-1], lengths) + np.arange(ends[-1])
        columns = numbers[self.columns[places]]
        kept = columns >= 0
        ends = np.concatenate([[0], np.cumsum(kept)])[ends]
        shape = len(rows), int(numbers.max(initial=-1)) + 1
        return sparse.csr_matrix((self.values[places[kept]], columns[kept], ends), shape=shape)


def mapped(file: Path, dtype: Any) -> npt.NDArray[Any]:
    """The numbers in a file as a read-only memory-mapped array."""
    return np.memmap(file, dtype, "r") if file.stat().st_size else np.empty(0, dtype)
