from __future__ import annotations

from labeler.sampling.strategies import diverse
from tests.sampling.factories import SIZES, candidates, chance, cloud, clouds


def test_papers_come_from_every_cloud_the_largest_first() -> None:
    found = diverse.select(candidates(clouds(SIZES)), 3, chance())
    assert [cloud(row) for row in found] == [0, 1, 2]
