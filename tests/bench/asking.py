"""`python -m tests.bench.asking [--quick]`: how many labels each strategy of ``labeler.choose`` needs.

An annotator is played who knows all answers. Batch after batch is chosen, answered, and learned from, without names of
topics and without papers that stand in for judged ones. The figure is how many labels a strategy needs to reach what
random ones reach at 500 and at 1,000.

All rounds of a pool learn from the same papers, judged or not, so the space they are compared in is made once
(:class:`Pool`); else it would be made anew for every batch, ten times the work with the same result.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

import labeler
from labeler.features.background import load_background
from labeler.features.corpus import Corpus
from labeler.features.space import fit_space
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import Fitting, background_for, fit_tfidf
from labeler.sampling.vectors import _of_words
from tests.bench.quality import splits
from tests.bench.quality.figures import draws, macro_f1
from tests.bench.quality.ours import background as early_background
from tests.bench.quality.splits import Split

Curve = npt.NDArray[np.float64]
COUNTS = [*range(50, 500, 50), *range(500, 1001, 100)]
TARGETS = (500, 1000)
SEEDS = 5
QUICK = (1, 500)  # seeds, and labels, of a quick look


class Pool:
    """The papers of a split, each read once, and the space of its learning part."""

    def __init__(self, split: Split, background: Any) -> None:
        self.split, self.background = split, background
        self.texts = list(dict.fromkeys([*split.learn, *split.test]))
        self.place = {text: number for number, text in enumerate(self.texts)}
        learn = list(dict.fromkeys(split.learn))
        fitted = fit_tfidf(learn, 2 if len(learn) >= 200 else 1, background)  # as training does
        self.rows = fitted.transform(self.texts)
        self.space, self.points = fit_space(fitted, self.rows[: len(learn)], background)
        self.part = background_for(Corpus.of(learn), background).part
        self.about = _of_words(self.texts, background)
        self.tfidf = _Read(fitted.vocabulary, fitted.idf)
        object.__setattr__(self.tfidf, "pool", self)

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """While what is known of the papers is looked up instead of being computed again."""
        order: list[int] = []

        class Read:
            """A corpus of texts of the pool."""

            @staticmethod
            def of(texts: Sequence[str]) -> Read:
                order[:] = [self.place[text] for text in texts]
                return Read()

            @staticmethod
            def matrix(_: Tfidf) -> Any:
                return self.rows[order]

        def tfidf_of(*_: Any) -> Tfidf:
            return self.tfidf

        def fitting(_: Any, background: Any, __: Any) -> Fitting:
            return Fitting(background, self.part)

        def fit_space(*_: Any) -> Any:
            return self.space, self.points.take(order)

        def of_words(texts: Sequence[str], _: Any) -> Any:
            return self.about[[self.place[text] for text in texts]]

        with (
            mock.patch.multiple(
                "labeler.learn.training",
                Corpus=Read,
                background_for=fitting,
                tfidf_of=tfidf_of,
                fit_space=fit_space,
            ),
            mock.patch("labeler.sampling.vectors._of_words", of_words),
            threadpool_limits(1),
        ):
            yield


class _Read(Tfidf):
    """A TF-IDF that has read all texts of a pool before."""

    pool: Pool

    def transform(self, texts: Any) -> Any:
        """The rows of texts of the pool."""
        return self.pool.rows[[self.pool.place[text] for text in texts]]


def curve(pool: Pool, strategy: str, seed: int, counts: Sequence[int]) -> Curve:
    """Macro-F1 on the test papers after each of ``counts`` labels (n_counts,), chosen by one strategy."""
    split, asked, figures = pool.split, list[int](), []
    classifier = None
    once = draws(len(split.test), 0)
    with pool.at_hand():
        for count in counts:
            left = sorted(set(range(len(split.learn))) - set(asked))
            texts = [split.learn[row] for row in left]
            wanted = count - len(asked)
            asked += [
                left[place]
                for place in labeler.choose(classifier, texts, wanted, strategy, 1000 * seed + count, pool.background)
            ]
            rest = sorted(set(left) - set(asked))
            classifier = labeler.TopicClassifier(split.mode, self_training=False, background=pool.background)
            classifier.fit(
                [split.learn[row] for row in asked],
                split.answers(asked),
                unlabeled=[split.learn[row] for row in rest],
                classes=split.topics if split.mode == "multi" else None,
            )
            guess = split.guess(classifier.predict(split.test))
            figures.append(float(macro_f1(split.test_truth, guess, once)[0]))
    return np.array(figures)


def needed(figures: Curve, counts: Sequence[int], target: float) -> float:
    """How many labels reach the target for the first time, between two counts in a straight line; infinite if none."""
    if figures[0] >= target:
        return float(counts[0])
    for place in range(1, len(counts)):
        if figures[place] >= target:
            low, high = figures[place - 1], figures[place]
            share = (target - low) / (high - low)
            return float(counts[place - 1] + share * (counts[place] - counts[place - 1]))
    return float("inf")


def table(name: str, curves: dict[str, list[Curve]], counts: Sequence[int]) -> str:
    """Macro-F1 of each strategy at some counts, and the labels it needs, in Markdown."""
    shown = [count for count in (50, 100, 250, 500, 1000) if count in counts]
    targets = [count for count in TARGETS if count in counts]
    means = {strategy: np.mean(runs, axis=0) for strategy, runs in curves.items()}
    reach = [f"labels for random's {means['random'][counts.index(count)]:.3f} ({count:,})" for count in targets]
    head = [name, *(f"{count:,}" for count in shown), *reach]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for strategy, runs in curves.items():
        cells = [
            f"{means[strategy][counts.index(count)]:.3f} ± {np.std([run[counts.index(count)] for run in runs]):.3f}"
            for count in shown
        ]
        for count in targets:
            target = means["random"][counts.index(count)]
            mean = needed(means[strategy], counts, target)
            each = sorted(needed(run, counts, target) for run in runs)
            cells.append(f"{mean:.0f} ({mean / count:.2f}; seeds {each[0]:.0f} to {each[-1]:.0f})")
        lines.append(f"| {strategy} | {' | '.join(cells)} |")
    return "\n".join(lines)


def inside(split: Split) -> Split:
    """The learning part of a split alone, a quarter of it as test papers: what choices are made on."""
    asked = np.arange(len(split.learn)) % 4 == 3
    learn, test = ([text for text, own in zip(split.learn, asked, strict=True) if own == part] for part in (0, 1))
    truth = split.learn_truth
    return replace(
        split, name=f"{split.name}, inside", learn=learn, learn_truth=truth[~asked], test=test, test_truth=truth[asked]
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.asking", description=__doc__)
    parser.add_argument("data", nargs="*", default=["arxiv24", "r8"], help="splits of tests/bench/quality")
    parser.add_argument("--strategies", nargs="+", default=["random", "mix"], help="random is what others are held to")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK[0]} seed, up to {QUICK[1]} labels")
    parser.add_argument("--development", action="store_true", help="ask papers of the learning part, for choices")
    parser.add_argument("--background", type=Path, help="a file, instead of learning one from papers up to the cut")
    wanted = parser.parse_args()
    background = load_background(wanted.background) if wanted.background else early_background()
    counts = [count for count in COUNTS if not wanted.quick or count <= QUICK[1]]
    for name in wanted.data:
        made = splits.made(name)
        pool = Pool(inside(made) if wanted.development else made, background)
        curves: dict[str, list[Curve]] = {}
        for strategy in dict.fromkeys(["random", *wanted.strategies]):
            for seed in range(QUICK[0] if wanted.quick else wanted.seeds):
                curves.setdefault(strategy, []).append(curve(pool, strategy, seed, counts))
                print(f"{pool.split.name}: {strategy}, seed {seed}", file=sys.stderr)
        print(table(pool.split.name, curves, counts), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
