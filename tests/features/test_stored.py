from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.background import NO_BACKGROUND
from labeler.features.corpus import Corpus
from labeler.features.stored import StoredRows
from labeler.features.weighting import fit_tfidf

TEXTS = st.lists(st.sampled_from(["deep nets", "", "nets\nof trees deep", "x", "unseen"]), max_size=6)


@given(parts=st.lists(TEXTS, max_size=4), drawn=st.lists(st.integers(0, 23), max_size=8))
@settings(max_examples=80, deadline=None)
def test_stored_rows_are_those_that_were_given(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[str]], drawn: list[int]
) -> None:
    tfidf = fit_tfidf(["deep nets of trees"], 1, NO_BACKGROUND)
    texts = [text for part in parts for text in part]
    stored = StoredRows.write(map(tfidf.rows, parts), len(tfidf.idf), tmp_path_factory.mktemp("rows"))
    assert len(stored) == len(texts)
    expected = tfidf.transform(texts).astype(np.float32).toarray()
    found = np.zeros_like(expected)
    for row in range(len(stored)):
        begin, end = stored.ends[row : row + 2]
        found[row, stored.columns[begin:end]] = stored.values[begin:end]
    np.testing.assert_array_equal(found, expected)
    indices = np.array([row for row in drawn if row < len(texts)], np.intp)
    matrix = np.arange(2.0 * len(tfidf.idf), dtype=np.float32).reshape(-1, 2)
    np.testing.assert_allclose(stored.times(matrix, indices), expected[indices] @ matrix, rtol=1e-5)
    numbers = np.arange(len(tfidf.idf), dtype=np.int32)[::-1] - 2
    some = stored.some_columns(indices, np.maximum(numbers, -1))
    np.testing.assert_array_equal(some.toarray(), expected[indices][:, -3::-1])


def test_numbers_are_read_from_files_as_they_are_needed(tmp_path: Path) -> None:
    tfidf = fit_tfidf(["deep nets"], 1, NO_BACKGROUND)
    stored = StoredRows.write(Corpus.of(["deep nets", "nets"]).rows(tfidf), len(tfidf.idf), tmp_path)
    assert all(isinstance(part, np.memmap) for part in (stored.values, stored.columns, stored.ends))
    assert {type(part.dtype.type(0)) for part in (stored.values, stored.columns)} == {np.float32, np.int32}
