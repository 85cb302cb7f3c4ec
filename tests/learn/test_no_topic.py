from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from labeler.features.space import Points
from labeler.learn.no_topic import no_topic_share

NONE = np.zeros(300, dtype=bool)


def points(kinds: np.ndarray, rng: np.random.Generator) -> Points:
    """Papers of these kinds, each kind about another place."""
    centres = np.eye(6)[:, :6] * 1.5
    block = (centres[kinds] + rng.normal(size=(len(kinds), 6)) * 0.4).astype(np.float32)
    return Points(sparse.csr_matrix((len(kinds), 1)), (block, np.zeros((len(kinds), 0), np.float32)))


def case(share: float, seed: int, judged: int = 300, unlabeled: int = 900) -> tuple[Points, Points, tuple]:  # type: ignore[type-arg]
    """Judged papers of kinds 0 to 3, unlabeled ones of these and, a share, of kinds 4 and 5; spreads that half tell."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(4, size=unlabeled)
    far = rng.random(unlabeled) < share
    kinds[far] = rng.integers(4, 6, size=int(far.sum()))
    spreads = (
        rng.normal(2, 0.5, judged),
        np.where(far, rng.normal(1.2, 0.5, unlabeled), rng.normal(2, 0.5, unlabeled)),
    )
    return points(rng.integers(4, size=judged), rng), points(kinds, rng), spreads


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5])
def test_the_share_lies_in_the_interval_and_near_the_figure(share: float) -> None:
    inside = 0
    for seed in range(5):
        judged, unlabeled, spreads = case(share, seed)
        found = no_topic_share(judged, unlabeled, NONE, spreads, 0)
        assert found is not None
        assert found.low <= found.value <= found.high
        assert found.value == pytest.approx(share, abs=0.13)
        inside += found.low <= share <= found.high
    assert inside >= 4


@pytest.mark.parametrize("rare", [0.03, 0.1])
def test_a_topic_that_is_rarer_among_the_judged_is_not_taken_for_none_where_papers_have_weights(rare: float) -> None:
    rng, frequent = np.random.default_rng(2), (1 - rare) / 3
    judged = rng.choice(4, size=300, p=[frequent, frequent, frequent, rare])
    unlabeled = rng.choice(4, size=900, p=[0.1, 0.1, 0.1, 0.7])
    weights = np.where(judged == 3, 0.7 / rare, 0.1 / frequent)
    spreads = rng.normal(2, 0.5, 300), rng.normal(2, 0.5, 900)
    found = no_topic_share(points(judged, rng), points(unlabeled, rng), NONE, spreads, 0, weights)
    assert found is not None
    assert 0 == found.low <= found.value <= found.high < 0.3
    assert found.value < 0.15


def test_judged_papers_that_fit_no_topic_count() -> None:
    rng = np.random.default_rng(1)
    kinds = rng.integers(5, size=400)
    none = kinds == 4
    unlabeled_kinds = rng.integers(5, size=900)
    unlabeled = points(unlabeled_kinds, rng)
    spreads = (
        np.where(none, 1.0, 2.0) + rng.normal(0, 0.3, 400),
        np.where(unlabeled_kinds == 4, 1.0, 2.0) + rng.normal(0, 0.3, 900),
    )
    found = no_topic_share(points(kinds, rng), unlabeled, none, spreads, 0)
    assert found is not None
    assert found.value == pytest.approx(0.2, abs=0.1)
    assert found.low < none.mean() < found.high


def test_of_few_papers_nothing_is_said() -> None:
    judged, unlabeled, spreads = case(0.3, 0, judged=90)
    assert no_topic_share(judged, unlabeled, NONE[:90], spreads, 0) is None
    judged, unlabeled, spreads = case(0.3, 0, unlabeled=90)
    assert no_topic_share(judged, unlabeled, NONE, spreads, 0) is None
    judged, unlabeled, spreads = case(0.3, 0)
    assert no_topic_share(judged, unlabeled, np.arange(300) > 80, spreads, 0) is None


def test_papers_of_a_topic_seldom_judged_are_not_counted_as_outside_the_scheme() -> None:
    """The regression finds three times as many papers of a topic as were judged; their scores say they are of it."""
    rng = np.random.default_rng(2)
    judged = points(rng.choice(4, size=300, p=[0.31, 0.31, 0.31, 0.07]), rng)
    unlabeled = points(rng.choice(4, size=900, p=[0.1, 0.1, 0.1, 0.7]), rng)
    spreads = rng.normal(2, 0.5, 300), rng.normal(2, 0.5, 900)
    found = no_topic_share(judged, unlabeled, NONE, spreads, 0)
    assert found is None or found.low < 0.05


def test_the_same_papers_give_the_same_figure() -> None:
    judged, unlabeled, spreads = case(0.3, 3)
    assert no_topic_share(judged, unlabeled, NONE, spreads, 5) == no_topic_share(judged, unlabeled, NONE, spreads, 5)
