"""Sparse rows of texts, as numpy alone holds them: who labels a page must not wait for scipy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy import sparse


_MANY = 128  # rows


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of ``width`` columns: of row i, ``values`` and ``columns`` from ``ends[i]`` to ``ends[i + 1]``.

    ``unknown`` (n_rows,) says how many words of each text, and of what keeps its parts apart, are no columns.
    """

    values: npt.NDArray[np.floating[Any]]
    columns: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int64]
    width: int
    unknown: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, row: int) -> Rows:
        """One row, as rows of one."""
        begin, end = self.ends[row : row + 2]
        own = np.array([0, end - begin])
        return Rows(self.values[begin:end], self.columns[begin:end], own, self.width, self.unknown[row : row + 1])

    def times(self, matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The product (n_rows, n) with a dense ``matrix`` (width, n), in the precision of the rows' values.

        Only the rows of ``matrix`` that are needed are read: it may be larger than memory, or of small integers.
        """
        if len(self) >= _MANY and matrix.dtype == self.values.dtype:  # worth the time that scipy takes to start
            return np.asarray(self.sparse() @ matrix)
        kind, ends = self.values.dtype, self.ends.tolist()
        found = np.empty((len(self), matrix.shape[1]), kind)
        for row, (begin, end) in enumerate(pairwise(ends)):
            np.dot(self.values[begin:end], matrix.take(self.columns[begin:end], 0).astype(kind, copy=False), found[row])
        return found

    def sparse(self) -> sparse.csr_matrix:
        """The same for scipy."""
        from scipy import sparse

        return sparse.csr_matrix((self.values, self.columns, self.ends), shape=(len(self), self.width))
