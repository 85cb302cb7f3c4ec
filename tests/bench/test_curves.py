from __future__ import annotations

from tests.bench.curves import SETS, Said, table


def test_a_row_says_how_often_the_interval_holds_how_wide_it_is_and_how_far_off() -> None:
    runs = [Said(name, 100, came, 0.7, 0.65, 0.75) for name in SETS for came in (0.72, 0.8)]
    rows = table(runs).splitlines()
    assert len(rows) == 2 + len(SETS) + 1
    assert rows[2] == "| arxiv24 | 100 | 0.760 | 0.700 | 1 of 2 | 0.100 | 0.060 |"
    assert rows[-1] == f"| all |  |  |  | {len(SETS)} of {2 * len(SETS)} | 0.100 | 0.060 |"
