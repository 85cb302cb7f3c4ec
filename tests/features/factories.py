"""Corpora and backgrounds made up for tests: words that belong to a theme, and words that belong to none."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np

from labeler.features.background import Background

THEMES = {theme: [f"{theme}{number:02d}" for number in range(50)] for theme in ("rock", "moon", "gene", "coin")}
GENERIC = [f"thing{number:02d}" for number in range(20)]


def corpus(papers: int = 600, sentences: int = 4, seed: int = 0) -> list[str]:
    """Texts of a title and sentences, each about one theme; two words in five belong to no theme."""
    rng = random.Random(seed)
    themes = sorted(THEMES)

    def words(theme: str, count: int) -> str:
        return " ".join(rng.choice(THEMES[theme] if rng.random() < 0.6 else GENERIC) for _ in range(count))

    def text(theme: str) -> str:
        return words(theme, 5) + "\n" + " ".join(f"{words(theme, 8)}." for _ in range(sentences))

    return [text(rng.choice(themes)) for _ in range(papers)]


def background_of(
    groups: Mapping[str, Sequence[str]], share: float = 0.02, generic: Sequence[str] = (), width: int = 4
) -> Background:
    """A background in which the words of a group point about the same way, and ``generic`` words are of no topic."""
    rng = np.random.default_rng(0)
    words = sorted({word for group in groups.values() for word in group} | set(generic))
    vectors = rng.normal(0, 0.1, (len(words), width))
    topicality = np.ones(len(words))
    for column, group in enumerate(groups.values()):
        vectors[[words.index(word) for word in group], column] += 1.0
    topicality[[words.index(word) for word in generic]] = 0.1
    return Background(
        tuple(words),
        np.full(len(words), share, dtype=np.float32),
        topicality.astype(np.float32),
        vectors.astype(np.float32),
        1000,
        "tiny",
    )
