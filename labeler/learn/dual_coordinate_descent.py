"""Linear support vector machines for very many papers, out of core: one paper at a time, from rows on the disk.

They are the one-vs-rest machines of :mod:`labeler.learn.solver`, with squared hinge loss and an intercept that is
regularised like a weight, found by dual coordinate descent (C.-J. Hsieh et al., "A dual coordinate descent method for
large-scale linear SVM", 2008; scikit-learn's ``LinearSVC`` uses it): the coefficients of each paper in turn are set to
what is best while all others stay. Papers are visited block by block, so that what is read at a time fits into memory
(H.-F. Yu et al., "Large linear classification when data cannot fit in memory", 2010). Topics do not depend on each
other: they are divided among processes, which share the rows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import cpu_count, delayed
from scipy.linalg.blas import sger

from labeler.features.stored import StoredRows, mapped
from labeler.processes import worker_processes

Matrix = npt.NDArray[np.float32]
Signs = npt.NDArray[np.int8]
Indices = npt.NDArray[np.intp]
_TOLERANCE = 2e-3  # gap to the optimum in each topic, as a share of the sum of coefficients
_MAX_ITERATIONS = 30
_BLOCK_ROWS = 1 << 14  # papers that are visited in random order before the next block
_MAX_COLUMNS, _MIN_COLUMNS = 64, 8  # topics of a process: more of them leave its cache, fewer are all overhead


@dataclass(frozen=True, slots=True)
class _ColumnBlock:
    """Some columns, and the files of their weights (width + 1, n) and dual coefficients (n_rows, n)."""

    columns: slice
    weights: Path
    coefficients: Path


class DualCoordinateDescent:
    """The state of the solver, in files of ``folder``: each :meth:`fit` begins where the last one ended (warm start).

    ``signs`` (n_rows, n_columns) are 1 for yes, -1 for no and 0 for unknown. ``negative_weight`` (n_columns,) is the
    weight of a no in each column, beside 1 for a yes (a class weight).
    """

    def __init__(self, rows: StoredRows, signs: Signs, negative_weight: Matrix, folder: Path) -> None:
        self._rows, self._signs, self._negative_weight = rows, signs, negative_weight
        columns = signs.shape[1]
        width = int(np.clip(-(-columns // cpu_count()), _MIN_COLUMNS, _MAX_COLUMNS))
        self._blocks = []
        for begin in range(0, columns, width):
            part = slice(begin, min(begin + width, columns))
            files = [folder / f"{name}-{begin}.bin" for name in ("weights", "coefficients")]
            for file, height in zip(files, (rows.width + 1, len(rows)), strict=True):
                _write_zeros(file, 4 * height * (part.stop - part.start))
            self._blocks.append(_ColumnBlock(part, *files))

    def fit(self, indices: Indices, C: float) -> None:
        """Go to the optimum for the rows ``indices`` with this ``C``. All rows of earlier fits must be among them.

        Raises:
            ServerError: a process was ended from outside.
        """
        with worker_processes(min(len(self._blocks), cpu_count()), "run the command again") as parallel:
            parallel(
                delayed(_descend)(self._rows, self._signs, self._negative_weight, block, indices, C)
                for block in self._blocks
            )

    def model(self) -> tuple[Matrix, Matrix]:
        """Weights (width, n_columns) and intercepts (n_columns,)."""
        blocks = [mapped(block.weights, np.float32).reshape(self._rows.width + 1, -1) for block in self._blocks]
        weights = np.hstack(blocks)
        return weights[:-1], weights[-1]


def _write_zeros(file: Path, size: int) -> None:
    """Write a file of zeros and reserve its disk space: writing to mapped memory without it would end the process."""
    with file.open("wb") as out:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(out.fileno(), 0, max(size, 1))
        out.truncate(size)


def _descend(
    rows: StoredRows, signs: Signs, negative_weight: Matrix, block: _ColumnBlock, indices: Indices, C: float
) -> None:
    """Dual coordinate descent over the columns of ``block`` until each is close to its optimum.

    At the optimum the objective is half the sum of the coefficients. Before, the gap to it is about C times the squared
    gradients. The names follow the paper: ``diagonal`` is D, ``curvature`` is Q with D on its diagonal.
    """
    width = block.columns.stop - block.columns.start
    # Plain views: memory-mapped arrays are a class of their own, which is slow where little is done at a time.
    weights = np.asarray(np.memmap(block.weights, np.float32, "r+", shape=(rows.width + 1, width)))
    coefficients = np.asarray(np.memmap(block.coefficients, np.float32, "r+", shape=(len(rows), width)))
    values, columns, signs = np.asarray(rows.values), np.asarray(rows.columns), np.asarray(signs)[:, block.columns]
    ends = rows.ends.tolist()
    intercepts = weights[-1]
    positive_diagonal = np.float32(1 / (2 * C))
    negative_diagonal = positive_diagonal / negative_weight[block.columns]
    rng = np.random.RandomState(0)
    for _ in range(_MAX_ITERATIONS):
        gap, total = np.zeros(width, np.float32), np.zeros(width, np.float32)
        for row in _random_order(indices, rng):
            terms, point = columns[ends[row] : ends[row + 1]], values[ends[row] : ends[row + 1]]
            sign, before = signs[row].astype(np.float32), coefficients[row]
            diagonal = np.where(sign > 0, positive_diagonal, negative_diagonal)
            term_weights = weights.take(terms, 0)
            gradient = sign * (point @ term_weights + intercepts) - np.abs(sign) + diagonal * before
            curvature = point @ point + 1 + diagonal
            after = np.maximum(before - gradient / curvature, 0)
            step = after - before
            coefficients[row] = after
            gap += (curvature * step) ** 2 / diagonal
            total += after
            step *= sign
            if len(terms):  # sger adds the outer product to the transposed weights, in place
                weights[terms] = sger(1, step, point, a=term_weights.T, overwrite_a=True).T
            intercepts += step
        if (gap <= _TOLERANCE * total).all():
            return


def _random_order(indices: Indices, rng: np.random.RandomState) -> list[int]:
    """The rows in random order: blocks of rows that lie near each other in random order, and each block's rows too."""
    blocks = [indices[begin : begin + _BLOCK_ROWS] for begin in range(0, len(indices), _BLOCK_ROWS)]
    order = [blocks[number][rng.permutation(len(blocks[number]))] for number in rng.permutation(len(blocks))]
    return list(map(int, np.concatenate(order))) if order else []
