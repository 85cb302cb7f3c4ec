"""Candidates and texts made up for tests of choosing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from labeler.features.cooccurrence import unit_rows
from labeler.sampling.candidates import Candidates
from tests.learn.factories import text_of

TOPICS = ("robots", "speech", "vision")
SIZES = (30, 20, 10)


def clouds(sizes: Sequence[int], spread: float = 0.02, width: int = 64) -> Any:
    """Vectors of length one in as many clouds as there are ``sizes``; the first rows are of the first cloud."""
    noise = np.random.RandomState(0).normal(0, spread, (sum(sizes), width))
    centres = np.repeat(np.eye(width)[: len(sizes)], sizes, axis=0)
    return unit_rows((centres + noise).astype(np.float32))


def candidates(
    vectors: Any, titles: Sequence[str] | None = None, groups: Sequence[int] | None = None, **known: Any
) -> Candidates:
    """Candidates with titles that differ and groups of one, unless they are given."""
    named = [f"paper {number}" for number in range(len(vectors))] if titles is None else titles
    numbers = np.arange(len(vectors)) if groups is None else np.array(groups)
    return Candidates(vectors, np.array(named, dtype=object), numbers, **known)


def unread(each: int = 8, begin: int = 500) -> list[str]:
    """Texts of every topic of :mod:`tests.learn.factories`, and of none."""
    kinds = [[topic] for topic in TOPICS] + [[]]
    return [text_of(kind, begin + number) for kind in kinds for number in range(each)]


def chance(seed: int = 0) -> np.random.RandomState:
    """A source of chance."""
    return np.random.RandomState(seed)


def known(judged: int = 200, yes: Sequence[float] = (70.0, 70.0, 60.0)) -> Candidates:
    """Sixty papers in three clouds; the model is the less sure the higher a paper's number."""
    share = np.linspace(0.99, 0.4, sum(SIZES))
    probabilities = np.column_stack([share, 0.9 - share * 0.9, 0.1 - share * 0.1])
    return candidates(
        clouds(SIZES),
        probabilities=probabilities,
        margins=np.linspace(1, 0, sum(SIZES)),
        yes=np.array(yes),
        judged=judged,
    )


def cloud(row: int) -> int:
    """The cloud of one of the :func:`known` papers."""
    return int(np.searchsorted(np.cumsum(SIZES), row, side="right"))
