"""Sparse rows of texts in numpy alone (compressed sparse rows): labelling a page must not wait for scipy's import."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy import sparse


_MIN_SCIPY_ROWS = 128  # from which on scipy's faster product is worth the time that its import takes


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sparse rows of ``width`` columns in the layout of scipy's CSR matrices.

    Row i has ``values`` and ``columns`` from ``ends[i]`` to ``ends[i + 1]``; ``ends`` (n_rows + 1,) is scipy's
    ``indptr``. ``unknown`` (n_rows,) counts the words of each text that have no column; what separates a title from an
    abstract counts as such words.
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
        ends = np.array([0, end - begin])
        return Rows(self.values[begin:end], self.columns[begin:end], ends, self.width, self.unknown[row : row + 1])

    def times(self, matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The product (n_rows, n) with a dense ``matrix`` (width, n), in the precision of the rows' values.

        Only the rows of ``matrix`` that are needed are read: it may be larger than memory, or of small integers.
        """
        if len(self) >= _MIN_SCIPY_ROWS and matrix.dtype == self.values.dtype:
            return np.asarray(self.sparse() @ matrix)
        dtype, ends = self.values.dtype, self.ends.tolist()
        product = np.empty((len(self), matrix.shape[1]), dtype)
        for row, (begin, end) in enumerate(pairwise(ends)):
            weights = matrix.take(self.columns[begin:end], 0).astype(dtype, copy=False)
            np.dot(self.values[begin:end], weights, product[row])
        return product

    def sparse(self) -> sparse.csr_matrix:
        """The same rows for scipy."""
        from scipy import sparse

        return sparse.csr_matrix((self.values, self.columns, self.ends), shape=(len(self), self.width))
