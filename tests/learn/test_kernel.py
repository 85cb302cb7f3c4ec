"""Tests of parts and weighted sums of kernels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labeler.learn.kernel import part, weighted_sum

SIZES = st.integers(0, 40)


@given(st.lists(st.integers(0, 29)), st.lists(st.integers(0, 29)))
def test_a_part_has_the_rows_and_columns_in_their_order(rows: list[int], columns: list[int]) -> None:
    kernel = np.arange(900, dtype=np.float32).reshape(30, 30)
    taken = part(kernel, np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp))
    assert taken.tolist() == [[30 * row + column for column in columns] for row in rows]


@given(SIZES, SIZES, st.lists(st.integers(-4, 4), min_size=1, max_size=3))
def test_a_weighted_sum_is_that_of_the_products_times_their_shares(n: int, m: int, shares: list[int]) -> None:
    products = [np.full((n, m), number, dtype=np.float32) for number in range(1, len(shares) + 1)]
    expected = sum(share * number for number, share in enumerate(shares, start=1))
    assert (weighted_sum(products, shares) == np.full((n, m), expected)).all()
