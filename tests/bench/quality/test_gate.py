from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.quality import gate
from tests.bench.quality.test_quality import WORDS, small


def test_the_gate_is_told_by_what_was_truly_lost() -> None:
    runs = [
        {"ways": {name: {"loss": loss, "beside": {"worse": loss > 0.04}} for name in gate.WAYS}}
        for loss in (-0.01, 0.045, 0.06, 0.07)
    ]
    assert gate.table(runs).splitlines()[2].endswith("| 0.041 (0.070) | 2 | 2 | 1 of 2 |")
    assert gate.table(()).count("\n") == 1


@pytest.mark.slow
def test_few_papers_do_not_tell_versions_apart() -> None:
    found = gate.tried(replace(small(), names={topic: topic for topic in WORDS}), 0)["ways"]
    assert set(found) == set(gate.WAYS)
    assert all(one["beside"] is None for one in found.values())
