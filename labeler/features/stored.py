"""Sparse rows of very many texts, in files that are mapped into memory as they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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
        """Keep rows, which come in parts, in files of ``folder``; these must stay there."""
        names = [folder / f"{name}.bin" for name in ("values", "columns", "ends")]
        end = 0
        with names[0].open("wb") as values, names[1].open("wb") as columns, names[2].open("wb") as ends:
            ends.write(np.zeros(1, np.int64).tobytes())
            for part in parts:
                values.write(part.values.astype(np.float32).tobytes())
                columns.write(part.columns.tobytes())
                ends.write((part.ends[1:] + end).tobytes())
                end += int(part.ends[-1])
        return cls(mapped(names[0], np.float32), mapped(names[1], np.int32), mapped(names[2], np.int64), width)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def times(self, matrix: npt.NDArray[np.float32], which: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """The product (n, n_columns) of the rows ``which`` (n,) with a dense ``matrix`` (width, n_columns)."""
        found = np.empty((len(which), matrix.shape[1]))
        for place, row in enumerate(which.tolist()):
            begin, end = self.ends[row : row + 2].tolist()
            found[place] = self.values[begin:end] @ matrix.take(self.columns[begin:end], 0)
        return found


def mapped(file: Path, kind: Any) -> npt.NDArray[Any]:
    """The numbers in a file, read as they are needed."""
    return np.memmap(file, kind, "r") if file.stat().st_size else np.empty(0, kind)
