from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.sampling.medoids import medoids
from tests.sampling.factories import clouds


def chance(seed: int = 0) -> np.random.RandomState:
    return np.random.RandomState(seed)


def test_each_cluster_gives_its_middle_the_largest_first() -> None:
    vectors = clouds([5, 20, 10])
    found = medoids(vectors, 3, chance())
    assert [int(np.searchsorted([5, 25, 35], row, side="right")) for row in found] == [1, 2, 0]
    for row, part in zip(found, (slice(5, 25), slice(25, 35), slice(0, 5)), strict=True):
        distances = np.linalg.norm(vectors[part] - vectors[part].mean(axis=0), axis=1)
        assert row - part.start == distances.argmin()


def test_more_papers_than_clusters_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.sampling.medoids._CLUSTERS", 3)
    found = medoids(clouds([5, 20, 10]), 9, chance())
    assert [int(np.searchsorted([5, 25, 35], row, side="right")) for row in found] == [1, 2, 0] * 3


def test_one_cluster_is_walked_from_its_centre_outwards() -> None:
    vectors = np.array([[3.0], [0.0], [1.0], [-1.0], [-3.5]], dtype=np.float32)
    assert medoids(vectors, 1, chance()) == [1]
    assert medoids(np.zeros((4, 2), np.float32), 3, chance()) == [0, 1, 2]
    assert medoids(np.zeros((3, 0), np.float32), 2, chance()) == [0, 1]


def test_of_very_many_a_sample_is_clustered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.sampling.medoids._SAMPLE", 30)
    vectors = clouds([200, 200])
    found = medoids(vectors, 2, chance())
    assert {row // 200 for row in found} == {0, 1}
    assert len(set(medoids(vectors, 300, chance()))) == 300


def test_the_same_seed_gives_the_same() -> None:
    vectors = clouds([40, 40, 40], spread=1.0)
    assert medoids(vectors, 12, chance(5)) == medoids(vectors, 12, chance(5))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.integers(0, 14))
def test_each_is_chosen_once_and_all_if_there_are_fewer(sizes: list[int], count: int) -> None:
    vectors = clouds(sizes)
    found = medoids(vectors, count, chance())
    assert len(found) == len(set(found)) == min(count, len(vectors))
    assert set(found) <= set(range(len(vectors)))
