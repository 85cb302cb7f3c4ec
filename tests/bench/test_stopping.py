from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.bench.curves import Run
from tests.bench.stopping import Look, looks, table
from tests.learning_curve.factories import held_out


def flat(seed: int) -> Run:
    """A run whose curve has come to its end."""
    known = held_out(np.full(4, 1.0), seed=seed, papers=4000)
    return Run("one", ("a",), 8000, known._replace(sizes=np.array([400.0, 800.0, 1600.0, 3200.0])), 0.85)


def test_a_curve_that_is_flat_says_to_stop() -> None:
    runs = [flat(0), flat(0)]
    runs = [replace(run, came=float(run.curve().figures[0, -1])) for run in runs]
    (first, second), _ = looks(runs)
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
