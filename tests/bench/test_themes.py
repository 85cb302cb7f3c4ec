from __future__ import annotations

from tests.bench.themes import Outcome, scored, table


def test_a_field_is_found_where_a_group_is_mostly_of_it() -> None:
    groups = [["a"] * 7 + ["x"] * 3, ["b"] * 6 + ["x"] * 4, ["c"] * 5, ["c"] * 4]
    assert scored(groups, ["a", "b", "c"], 10) == Outcome(1, 1, 1, 0.8)
    assert scored([], ["a"], 10) == Outcome(0, 0, 0, 0.0)


def test_a_row_sums_streams_up() -> None:
    rows = [(100, [Outcome(2, 1, 0, 0.8), Outcome(3, 0, 2, 0.6)])]
    assert table(rows).splitlines()[2] == "| 100 of 2,000 | 5 of 6 | 1 | 2 | 70% |"
