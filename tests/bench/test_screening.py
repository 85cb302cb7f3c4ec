from __future__ import annotations

import numpy as np

from tests.bench.screening import End, biased, consecutive, half, knee, ours, table, target


def early(count: int = 400) -> np.ndarray:
    """All of forty included papers come first."""
    return np.arange(count) < 40


def test_rules_stop_where_they_say() -> None:
    assert consecutive(50)(early()) == 90
    assert consecutive(500)(early()) == 400
    assert half(early()) == 200
    assert 40 < ours(early()) < 400
    assert 40 < biased(3)(early()) < biased(2)(early()) < ours(early())
    assert 40 < knee(early(4000)) < 4000
    assert knee(np.ones(60, bool)) == 60


def test_ten_papers_found_at_random_are_read_until_the_last() -> None:
    included = np.zeros(1000, bool)
    included[[*range(50), 700]] = True
    found = [target(included, seed) for seed in range(50)]
    assert {end.recall for end in found if end.read > 700} <= {1.0}
    assert all(0 < end.recall <= 1 for end in found)


def test_a_row_says_how_often_the_recall_is_reached() -> None:
    rows = table({"one": [End(100, 50, 0.95), End(100, 100, 0.9)]}).splitlines()
    assert rows[2] == "| one | 1 of 2 | 0.900 | 0.925 | 0.75 |"
