"""Scores of abstracts, one core: beside scikit-learn with the same weights, and beside fastText."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from labeler.features.terms import joined_parts
from labeler.features.tokens import AT_ONCE
from tests.bench.speed.material import material, model, scikit_learn
from tests.bench.speed.turns import Row, in_turns

_PAPERS = {30: 10_000, 500: 3_000}
_ROUNDS = 7


def rows() -> Iterator[Row]:
    """The rows of the table."""
    yield beside_scikit_learn(30, "×8 (×10)")
    yield beside_scikit_learn(500, "×4.5 (×6)")
    try:
        yield from beside_fasttext()
    except ImportError:
        print("fastText is not installed: its row is missing")


def beside_scikit_learn(topics: int, asked: str) -> Row:
    """Scores of papers by two holders of the same weights; they must be the same."""
    linear = model(topics).linear
    texts = material().asked[: _PAPERS[topics]]
    peer, weights, intercepts = scikit_learn(linear)
    given = [joined_parts(text) for text in texts]

    def ours() -> list[np.ndarray]:
        return [linear.scores(linear.rows(texts[at : at + AT_ONCE])) for at in range(0, len(texts), AT_ONCE)]

    def theirs() -> list[np.ndarray]:
        return [
            peer.transform(given[at : at + 1024]) @ linear.weights + intercepts for at in range(0, len(given), 1024)
        ]

    exact = peer.transform(given[:1000]) @ weights + intercepts
    apart = np.abs(np.concatenate(ours())[:1000] - exact) / np.maximum(1, np.abs(exact))
    assert apart.max() <= 1e-5
    mine, other = in_turns(ours, theirs, _ROUNDS)
    mine, other = ([1e6 * seconds / len(texts) for seconds in times] for times in (mine, other))
    job = f"scores of abstracts, {len(linear.tfidf.terms):,} terms × {topics} topics; peer: scikit-learn"
    return Row(job, mine, other, asked, "µs", f"largest difference {apart.max():.0e}")


def beside_fasttext() -> Iterator[Row]:
    """fastText's labels for the same papers, whose texts it gets ready-made: all with probabilities, and the best."""
    import fasttext

    told = material()
    names = sorted(set(told.primary[: len(told.learned)]), key=told.primary.count)[-30:]
    plain = [re.sub(r"\W+", " ", text.lower()).strip() for text in (*told.learned, *told.asked[: _PAPERS[30]])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = [
            f"__label__{topic} {text}"
            for topic, text in zip(told.primary, plain[: len(told.learned)], strict=False)
            if topic in names
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        peer = fasttext.train_supervised(str(path), dim=50, wordNgrams=2, epoch=3, thread=1, verbose=0)
    linear, texts = model(30).linear, told.asked[: _PAPERS[30]]
    asked = plain[len(told.learned) :]

    def ours() -> None:
        for at in range(0, len(texts), AT_ONCE):
            linear.scores(linear.rows(texts[at : at + AT_ONCE]))

    def theirs(count: int) -> None:
        for at in range(0, len(asked), 1024):
            peer.predict(asked[at : at + 1024], count)

    for name, count, wanted in (("all topics", -1, "×2 (×2.5)"), ("the best topic alone", 1, "")):
        mine, other = in_turns(ours, partial(theirs, count), _ROUNDS)
        mine, other = ([1e6 * seconds / len(texts) for seconds in times] for times in (mine, other))
        job = f"the same × 30 topics; peer: fastText (50 dimensions, pairs), which gives {name}"
        yield Row(job, mine, other, wanted, "µs")
