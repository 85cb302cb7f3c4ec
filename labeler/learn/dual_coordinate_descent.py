"""Margins for very many papers: all topics at once, a paper at a time, from rows that lie on the disk.

The one-vs-rest support vector machines of :mod:`labeler.learn.solver`, with squared hinge and an intercept that is
regularised like a weight, found by dual coordinate descent (C.-J. Hsieh et al., "A dual coordinate descent method for
large-scale linear SVM", 2008): each paper in turn has its coefficients set to what is best while others stay. Papers
are visited block by block, so that what is read at a time fits into memory (H.-F. Yu et al., "Large linear
classification when data cannot fit in memory", 2010). Topics do not depend on each other: they are divided among
processes, which share the rows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, cpu_count, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError
from scipy.linalg.blas import sger

from labeler.errors import ServerError
from labeler.features.stored import StoredRows, mapped

Matrix = npt.NDArray[np.float32]
Sides = npt.NDArray[np.int8]
Places = npt.NDArray[np.intp]
_CLOSE = 2e-3  # of the optimum, in each topic
_ROUNDS = 30
_NEAR = 1 << 14  # papers that are visited in an order of chance before the next ones are
_WIDEST, _NARROWEST = 64, 8  # topics of one process: wider ones leave its cache, narrower ones are all overhead


@dataclass(frozen=True, slots=True)
class Part:
    """Some topics' share of the search, kept in two files: weights (width + 1, n), and coefficients (n_rows, n)."""

    columns: slice
    weights: Path
    coefficients: Path


class Search:
    """Where a search for weights stands. Each :meth:`go` begins where the last one ended.

    ``sides`` (n_rows, n_columns) are 1 for yes, -1 for no and 0 for unknown; ``negative_weight`` (n_columns,) is what a
    no of each column counts, beside 1 for a yes.
    """

    def __init__(self, rows: StoredRows, sides: Sides, negative_weight: Matrix, folder: Path) -> None:
        self._rows, self._sides, self._negative_weight = rows, sides, negative_weight
        columns = sides.shape[1]
        wide = int(np.clip(-(-columns // cpu_count()), _NARROWEST, _WIDEST))
        self._parts = []
        for begin in range(0, columns, wide):
            part = slice(begin, min(begin + wide, columns))
            files = [folder / f"{name}-{begin}.bin" for name in ("weights", "coefficients")]
            for file, height in zip(files, (rows.width + 1, len(rows)), strict=True):
                _zeros(file, 4 * height * (part.stop - part.start))
            self._parts.append(Part(part, *files))

    def go(self, which: Places, C: float) -> None:
        """To the optimum for the rows ``which``, with this ``C``; rows once learned from must be among them.

        Raises:
            ServerError: a process was ended from outside.
        """
        work = Parallel(n_jobs=min(len(self._parts), cpu_count()))
        try:
            work(
                delayed(_descend)(self._rows, self._sides, self._negative_weight, part, which, C)
                for part in self._parts
            )
        except TerminatedWorkerError as error:
            raise ServerError(
                "a process was ended from outside (is there too little memory?)", "run the command again"
            ) from error

    def model(self) -> tuple[Matrix, Matrix]:
        """Weights (width, n_columns) and intercepts (n_columns,)."""
        found = [mapped(part.weights, np.float32).reshape(self._rows.width + 1, -1) for part in self._parts]
        whole = np.hstack(found)
        return whole[:-1], whole[-1]


def _zeros(file: Path, size: int) -> None:
    """A file of zeros that has its room on the disk: a process that finds none while it writes to memory is killed."""
    with file.open("wb") as out:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(out.fileno(), 0, max(size, 1))
        out.truncate(size)


def _descend(rows: StoredRows, sides: Sides, negative_weight: Matrix, part: Part, which: Places, C: float) -> None:
    """Dual coordinate descent over the columns of ``part`` until each is close to its optimum.

    At an optimum half the sum of its coefficients is the objective, and what it is short of before, about C times the
    squared slopes.
    """
    width = part.columns.stop - part.columns.start
    # Plain views: what is mapped is a class of its own, which is slow where little is done at a time.
    weights = np.asarray(np.memmap(part.weights, np.float32, "r+", shape=(rows.width + 1, width)))
    coefficients = np.asarray(np.memmap(part.coefficients, np.float32, "r+", shape=(len(rows), width)))
    values, columns, sides = np.asarray(rows.values), np.asarray(rows.columns), np.asarray(sides)[:, part.columns]
    ends = rows.ends.tolist()
    intercepts = weights[-1]
    bend_yes = np.float32(1 / (2 * C))
    bend_no = bend_yes / negative_weight[part.columns]
    chance = np.random.RandomState(0)
    for _ in range(_ROUNDS):
        short, total = np.zeros(width, np.float32), np.zeros(width, np.float32)
        for row in _order(which, chance):
            these, told = columns[ends[row] : ends[row + 1]], values[ends[row] : ends[row + 1]]
            side, before = sides[row].astype(np.float32), coefficients[row]
            bend = np.where(side > 0, bend_yes, bend_no)
            held = weights.take(these, 0)
            slope = side * (told @ held + intercepts) - np.abs(side) + bend * before
            curve = told @ told + 1 + bend
            after = np.maximum(before - slope / curve, 0)
            step = after - before
            coefficients[row] = after
            short += (curve * step) ** 2 / bend
            total += after
            step *= side
            if len(these):
                weights[these] = sger(1, step, told, a=held.T, overwrite_a=True).T  # held + the outer product of both
            intercepts += step
        if (short <= _CLOSE * total).all():
            return


def _order(which: Places, chance: np.random.RandomState) -> list[int]:
    """The rows in an order of chance: blocks of rows that lie near each other, each in an order of chance."""
    blocks = [which[begin : begin + _NEAR] for begin in range(0, len(which), _NEAR)]
    order = [blocks[number][chance.permutation(len(blocks[number]))] for number in chance.permutation(len(blocks))]
    return list(map(int, np.concatenate(order))) if order else []
