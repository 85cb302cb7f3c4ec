from __future__ import annotations

import numpy as np

from tests.bench.stopping import Look, looks, table


def curve(last: float) -> dict[str, object]:
    """A run whose curve has come to its end, or goes on."""
    figures = np.linspace(last - 0.0003, last, 4) + np.zeros((60, 1))
    return {"sizes": [400, 800, 1600, 3200], "figures": figures.tolist(), "half": 4000, "judged": 8000, "came": last}


def test_a_curve_that_is_flat_says_to_stop() -> None:
    (first, second), _ = looks([curve(0.7), curve(0.7)])
    assert (first.papers, second.papers) == (2000, 4000)
    assert first.may_stop
    assert second.stops


def test_a_row_says_what_was_said_and_what_was_true() -> None:
    runs = [
        [Look(500, False, True), Look(900, True, True)],
        [Look(500, True, False), Look(900, False, True)],
        [Look(500, False, False), Look(900, False, True)],
    ]
    rows = table({"one": runs}).splitlines()
    assert rows[2] == "| one | 3 | 2 | 1 of 2 | 400 labels | 1 |"
    assert rows[3].startswith("| all | 3 |")
