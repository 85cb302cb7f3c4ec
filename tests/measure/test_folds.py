from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labeler.measure.folds import grouped_folds

MATRICES = st.tuples(st.integers(1, 40), st.integers(0, 4)).flatmap(lambda shape: arrays(bool, shape))


@given(MATRICES, st.integers(2, 10), st.integers(0, 3), st.data())
@settings(max_examples=100, deadline=None)
def test_rows_of_a_group_share_a_fold(positives: np.ndarray, count: int, seed: int, data: st.DataObject) -> None:
    rows = len(positives)
    groups = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=rows, max_size=rows))
    folds = grouped_folds(positives, groups, count, seed)
    assert folds.shape == (rows,)
    assert set(folds.tolist()) <= set(range(count))
    assert all(len(set(folds[[group == name for group in groups]].tolist())) == 1 for name in set(groups))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rare", [2, 3, 5])
def test_a_rare_topic_is_in_as_many_folds_as_it_has_papers(rare: int, seed: int) -> None:
    positives = np.zeros((100, 3), dtype=bool)
    positives[:rare, 0] = True
    positives[:60, 1] = True
    positives[40:, 2] = True
    folds = grouped_folds(positives, range(100), 5, seed)
    assert len(set(folds[:rare].tolist())) == rare


def test_every_topic_of_a_single_label_set_is_shared_out_evenly() -> None:
    topics = np.repeat([0, 1, 2], [50, 20, 5])
    folds = grouped_folds(np.eye(3, dtype=bool)[topics], range(75), 5)
    for topic, each in ((0, 10), (1, 4), (2, 1)):
        assert np.bincount(folds[topics == topic], minlength=5).tolist() == [each] * 5


def test_papers_without_a_topic_fill_folds_evenly() -> None:
    folds = grouped_folds(np.zeros((50, 2), dtype=bool), range(50), 5)
    assert np.bincount(folds).tolist() == [10] * 5


def test_a_large_group_stays_whole_beside_small_ones() -> None:
    groups = [*([0] * 20), *range(1, 81)]
    sizes = np.bincount(grouped_folds(np.zeros((100, 1), dtype=bool), groups, 5))
    assert sizes.sum() == 100
    assert 20 <= sizes.max() < 40


def test_fewer_papers_than_folds_are_one_a_fold() -> None:
    folds = grouped_folds(np.eye(4, dtype=bool), range(4), 10)
    assert len(set(folds.tolist())) == 4


def test_no_rows_give_no_folds() -> None:
    assert grouped_folds(np.zeros((0, 3), dtype=bool), [], 5).shape == (0,)


def test_the_seed_decides() -> None:
    positives = np.random.default_rng(0).random((60, 3)) < 0.3
    first, same, another = (grouped_folds(positives, range(60), 5, seed) for seed in (1, 1, 2))
    assert first.tolist() == same.tolist() != another.tolist()
