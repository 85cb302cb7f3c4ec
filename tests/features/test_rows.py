"""Rows of numpy multiply and split as those of scipy do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labeler.features.rows import Rows

KINDS = [np.float32, np.float64]
DENSE = st.tuples(st.integers(0, 6), st.integers(0, 8)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.0, 0.5, 1.0, -2.0, 3.25]))
)


def rows_of(dense: np.ndarray, kind: type = np.float64) -> Rows:
    """The rows that hold what is not zero in ``dense``."""
    columns_of = [np.flatnonzero(row) for row in dense]
    columns = np.concatenate([*columns_of, np.empty(0, np.intp)]).astype(np.int32)
    values = np.concatenate([*(row[position] for row, position in zip(dense, columns_of, strict=True)), np.empty(0)])
    ends = np.cumsum([0, *map(len, columns_of)])
    return Rows(values.astype(kind), columns, ends, dense.shape[1], np.arange(len(dense)))


@pytest.mark.parametrize("kind", KINDS)
@given(dense=DENSE, width=st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_times_is_the_product_in_the_precision_of_the_values(kind: type, dense: np.ndarray, width: int) -> None:
    matrix = np.random.default_rng(0).integers(-8, 8, (dense.shape[1], width))
    for other in (matrix.astype(np.int8), matrix.astype(np.float32), matrix.astype(np.float64)):
        found = rows_of(dense, kind).times(other)
        assert (found.dtype, found.shape) == (kind, (len(dense), width))
        assert found.tolist() == (dense @ matrix).tolist()  # these numbers are exact in either precision


@given(DENSE)
@settings(max_examples=60, deadline=None)
def test_sparse_is_the_same_for_scipy_and_one_row_is_rows_of_one(dense: np.ndarray) -> None:
    rows = rows_of(dense)
    assert len(rows) == len(dense)
    np.testing.assert_array_equal(rows.sparse().toarray(), dense)
    assert rows.sparse().has_canonical_format
    for number in range(len(dense)):
        one = rows[number]
        assert (len(one), one.width, one.unknown.tolist()) == (1, dense.shape[1], [number])
        np.testing.assert_array_equal(one.sparse().toarray(), dense[[number]])


def test_a_matrix_may_be_of_two_thousand_columns_and_lie_in_a_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    dense = np.where(rng.random((3, 500)) < 0.1, rng.normal(size=(3, 500)), 0)
    matrix = rng.normal(size=(500, 2000)).astype(np.float32)
    matrix.tofile(tmp_path / "matrix")
    mapped_matrix = np.memmap(tmp_path / "matrix", np.float32, "r", shape=(500, 2000))
    np.testing.assert_allclose(rows_of(dense).times(mapped_matrix), dense @ matrix.astype(np.float64), atol=1e-12)


def test_what_is_no_number_in_rows_that_are_not_needed_does_not_matter() -> None:
    matrix = np.array([[1.0], [np.nan], [np.inf]])
    assert rows_of(np.array([[2.0, 0, 0], [0, 0, 0]])).times(matrix).tolist() == [[2.0], [0.0]]


def test_multiplying_needs_no_scipy() -> None:
    program = (
        "import sys, numpy as np; from labeler.features.rows import Rows\n"
        "Rows(np.ones(1), np.zeros(1, np.int32), np.array([0, 1]), 1, np.zeros(1, int)).times(np.ones((1, 1)))\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'scipy'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
