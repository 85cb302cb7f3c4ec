from __future__ import annotations

from labeler.sampling.strategies import margin
from tests.sampling.factories import chance, known


def test_the_papers_are_those_the_model_is_least_sure_of() -> None:
    assert margin.select(known(), 4, chance()) == [59, 58, 57, 56]
