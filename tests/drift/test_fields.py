from __future__ import annotations

import numpy as np
import pytest

from labeler.drift.fields import field_counts, field_map_file, read_field_map, shipped_fields
from labeler.drift.streams import OTHER

ROBOTS = """A legged robot that climbs stairs
We train a controller for a quadruped robot with reinforcement learning in simulation and transfer it to hardware. The
robot walks over rubble, climbs stairs and opens doors with its arm."""
STARS = """Dust around young stars
We observe the dust discs of twelve young stars with a radio telescope. The emission tells the mass of the discs, and
gaps in them the planets that form."""
MARKET = """高频市场的波动
本文研究股票市场的波动性，并提出一种新的预测模型。实验结果表明，该模型优于现有方法。"""
GERMAN = """Über die Wanderung der Zugvögel im Herbst
Wir haben beobachtet, wie Störche und Schwalben im Spätsommer ihre Brutgebiete verlassen und nach Süden ziehen."""


@pytest.mark.parametrize(("text", "field"), [(ROBOTS, "cs.RO"), (STARS, "astro-ph.SR"), (GERMAN, OTHER)])
def test_a_paper_is_of_its_field(text: str, field: str) -> None:
    (fields,) = shipped_fields().fields_of([text])
    assert max(fields, key=lambda name: fields[name]) == field
    assert all(value in [round(n / 10, 1) for n in range(1, 11)] for value in fields.values())


def test_chinese_words_are_known() -> None:
    (fields,) = shipped_fields().fields_of([MARKET])
    assert any(name.startswith(("q-fin", "stat", "econ", "cs.LG")) for name in fields)


def test_a_text_of_few_words_is_of_no_field() -> None:
    assert shipped_fields().fields_of(["Editorial", ""]) == [{}, {}]


def test_a_paper_counts_at_each_level_that_it_reaches() -> None:
    counts = field_counts([{"cs.RO": 0.6, "cs.LG": 0.1}, {"cs.RO": 0.5}, {}])
    assert counts == {("cs.RO", 0.1): 2, ("cs.RO", 0.3): 2, ("cs.RO", 0.6): 1, ("cs.LG", 0.1): 1}


def test_a_map_is_read_as_it_was_written() -> None:
    rng = np.random.default_rng(0)
    vectors, weights = rng.normal(size=(10, 4)).astype(np.float32), rng.normal(size=(2, 4)).astype(np.float32)
    words = [f"word{number}" for number in range(10)]
    middle, intercepts = np.zeros(4, np.float32), np.array([0.5, -0.5], np.float32)
    data = field_map_file(words, vectors, middle, ["a", "b"], weights, intercepts)
    found = read_field_map(data)
    assert (found.words, found.names) == (tuple(words), ("a", "b"))
    assert np.allclose(found.weights, weights, atol=1e-2)
    assert read_field_map(data).fields_of([" ".join(words)]) == found.fields_of([" ".join(words)])
