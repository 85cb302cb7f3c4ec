from __future__ import annotations

from labeler.sampling.strategies import random
from tests.sampling.factories import chance, known


def test_another_seed_gives_other_papers() -> None:
    assert random.select(known(), 12, chance(1)) != random.select(known(), 12, chance(2))
