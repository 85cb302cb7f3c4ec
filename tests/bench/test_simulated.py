from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from labeler.simulation.replay import Key
from tests.bench.quality.ledger import Ledger
from tests.bench.simulated import COUNTS, SETS, Parts, areas, decided, right_beyond_chance, row, tau

RUNS = {
    "mix": np.array([0.70, 0.72, 0.71]),
    "margin": np.array([0.60, 0.63, 0.61]),
    "random": np.array([0.61, 0.62, 0.60]),
}


def test_pairs_whose_difference_may_be_chance_do_not_count() -> None:
    assert set(decided(RUNS)) == {("margin", "mix"), ("mix", "random")}


def test_tau_is_one_where_all_pairs_that_differ_are_in_the_same_order() -> None:
    pairs = decided(RUNS)
    assert tau(pairs, {"mix": 0.5, "margin": 0.3, "random": 0.4}) == 1
    assert tau(pairs, {"mix": 0.35, "margin": 0.3, "random": 0.4}) == 0
    assert tau(pairs, {"mix": 0.1, "margin": 0.3, "random": 0.4}) == -1
    assert np.isnan(tau({}, {}))


def test_every_doubling_counts_the_same() -> None:
    assert areas([[0.1 * number for number in range(len(COUNTS))]]) == pytest.approx([0.2])


def test_a_row_names_pairs_in_the_opposite_order() -> None:
    told = {"mix": {"area": 0.35}, "margin": {"area": 0.3}, "random": {"area": 0.4}}
    line, agreed = row("made", RUNS, told)
    assert agreed == 0
    assert line.startswith(
        "| made | mix 0.710, margin 0.613, random 0.610 | random 0.400, mix 0.350, margin 0.300 | 2 "
    )
    assert line.endswith("| 0.00 | mix, random |")
    equal = {strategy: np.array([0.5, 0.6, 0.7]) for strategy in RUNS}
    assert row("made", equal, told)[0].endswith("| 0 of 6 | – |  |")


def test_differences_that_are_told_to_be_beyond_chance_have_the_sign_of_those_anew_or_not() -> None:
    told = {"mix": {"beside": [0.1, 0.05, 0.15]}, "margin": {"beside": [-0.1, -0.2, -0.05]}, "random": {}}
    assert right_beyond_chance(RUNS, told) == (1, 2)
    assert right_beyond_chance(RUNS, told | {"margin": {"beside": [-0.1, -0.2, 0.1]}}) == (1, 1)


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.simulated.split_of", lambda _: SimpleNamespace(papers="abc"))
    guesses = np.array([[[True, False, True]], [[False, False, True]]])
    parts = Parts(SETS[0], 600, Ledger(tmp_path / "ledger"))
    parts[Key(1, 2, "mix")] = guesses
    again = Parts(SETS[0], 600, Ledger(tmp_path / "ledger"))
    assert Key(1, 2, "mix") in again
    assert Key(1, 1, "mix") not in again
    assert (again[Key(1, 2, "mix")] == guesses).all()
    assert Key(1, 2, "mix") not in Parts(SETS[0], 1000, Ledger(tmp_path / "ledger"))
