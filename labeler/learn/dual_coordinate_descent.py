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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import cpu_count, delayed
from scipy.sparse import _sparsetools

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
    signs, negative_weight = np.asarray(signs)[:, block.columns], negative_weight[block.columns]
    rng = np.random.RandomState(0)
    for _ in range(_MAX_ITERATIONS):
        gap, total = np.zeros(width, np.float32), np.zeros(width, np.float32)
        for visited in _random_blocks(indices, rng):
            sign = signs[visited].astype(np.float32)
            diagonal = np.where(sign > 0, 1, 1 / negative_weight).astype(np.float32) / np.float32(2 * C)
            curvature = diagonal + rows.squares(visited)[:, None] + np.float32(1)
            before = coefficients[visited]
            after = _visited(rows, visited, (sign, diagonal, curvature), before.copy(), weights)
            coefficients[visited] = after
            gap += ((curvature * (after - before)) ** 2 / diagonal).sum(axis=0)
            total += after.sum(axis=0)
        if (gap <= _TOLERANCE * total).all():
            return


def _visited(
    rows: StoredRows, visited: Indices, examples: tuple[Matrix, Matrix, Matrix], coefficients: Matrix, weights: Matrix
) -> Matrix:
    """The ``coefficients`` (n_visited, n_columns) after a step at each of the rows in turn, which changes ``weights``.

    ``examples`` are the signs, diagonal and curvature (each (n_visited, n_columns)) of the rows.
    """
    values, columns = np.asarray(rows.values), np.asarray(rows.columns)
    begins, ends = rows.ends[visited].tolist(), rows.ends[visited + 1].tolist()
    intercepts, every, bounds = weights[-1], weights.reshape(-1), np.zeros(2, np.int32)
    known = np.abs(examples[0])
    for begin, end, sign, diagonal, curvature, least, before in zip(
        begins, ends, *examples, known, coefficients, strict=True
    ):
        terms, point = columns[begin:end], values[begin:end]
        gradient = point @ weights.take(terms, 0)
        gradient += intercepts
        gradient *= sign
        gradient -= least
        gradient += diagonal * before
        gradient /= curvature
        step = np.maximum(before - gradient, 0)
        step -= before
        if not step.any():
            continue
        before += step  # the row of the coefficients
        step *= sign
        # The weights of the row's terms change in place by its outer product with the step: scipy's product of a sparse
        # matrix of one column with a row, which it adds to what is there.
        bounds[1] = end - begin
        _sparsetools.csc_matvecs(len(weights), 1, len(step), bounds, terms, point, step, every)
        intercepts += step
    return coefficients


def _random_blocks(indices: Indices, rng: np.random.RandomState) -> Iterator[Indices]:
    """The rows in random order: blocks of rows that lie near each other in random order, and each block's rows too."""
    blocks = [indices[begin : begin + _BLOCK_ROWS] for begin in range(0, len(indices), _BLOCK_ROWS)]
    return (blocks[number][rng.permutation(len(blocks[number]))] for number in rng.permutation(len(blocks)))
