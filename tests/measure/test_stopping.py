from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from labeler.measure.stopping import further, stopping


def test_the_probability_is_that_of_a_sample_without_replacement() -> None:
    """Ten papers of the topic were found first, then a hundred others, of 1,000 papers in all."""
    order = np.array([True] * 10 + [False] * 100)
    found = stopping(order, 1000)
    # Eleven of the topic would make ten less than 95 %; the hundred papers since would have to miss the eleventh.
    assert found.p == pytest.approx(float(hypergeom.cdf(0, 990, 1, 100)))
    assert found.p == pytest.approx(1 - 100 / 990)
    assert not found.stop
    assert (found.read, found.found, found.papers) == (110, 10, 1000)


def test_reading_all_or_nearly_all_may_stop() -> None:
    order = np.array([True] * 10 + [False] * 990)
    assert stopping(order, 1000).stop
    assert stopping(order[:980], 1000).stop
    assert stopping(order[:980], 1000).p == pytest.approx(20 / 990, abs=1e-6)


def test_without_a_paper_of_the_topic_nothing_can_be_said() -> None:
    assert stopping(np.zeros(500, bool), 1000).p == 1.0
    assert stopping(np.zeros(1000, bool), 1000).stop


def test_so_many_papers_further_and_no_fewer() -> None:
    order = np.array([True] * 40 + [False] * 100)
    more = further(order, 1000)
    assert more > 0
    assert stopping(np.append(order, np.zeros(more, bool)), 1000).stop
    assert not stopping(np.append(order, np.zeros(more - 1, bool)), 1000).stop


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 60), st.floats(0.5, 0.99))
def test_it_is_a_probability_and_reading_on_without_a_find_leads_to_the_end(
    said: list[bool], left: int, recall: float
) -> None:
    order = np.array(said)
    papers = len(order) + left
    assert 0 <= stopping(order, papers, recall).p <= 1
    assert 0 <= further(order, papers, recall) <= left


def test_one_who_reads_at_random_rarely_stops_too_early() -> None:
    """1,000 papers, 60 of the topic, read in random order and asked after every 20: the promise is .95."""
    rng = np.random.default_rng(0)
    kept = 0
    for _ in range(40):
        order = rng.permutation(np.arange(1000) < 60)
        read = next(n for n in range(20, 1001, 20) if stopping(order[:n], 1000).stop)
        kept += order[:read].sum() / 60 >= 0.95
    assert kept >= 35
