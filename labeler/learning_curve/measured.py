"""A learning curve as measured: models of nested subsets of the judged papers, asked for the same held-out papers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.learning_curve.projection import Projection
from labeler.measure.by_topic import Tallies
from labeler.measure.counts import Guess, Truth
from labeler.measure.folds import grouped_folds
from labeler.measure.resampling import Draws
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.terminal import report_progress
from labeler.wording import counted, duration

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
FOLDS = 4
# Of the papers outside a fold. All trainings together learn from 6.5 times the papers.
SHARES = (0.216, 0.36, 0.6, 1.0)
MIN_POSITIVES = 5  # judged papers of a topic that counts: F1 of fewer is chance
TRAININGS = FOLDS * len(SHARES)
# How much longer than the first fold's share all others take: 3.4 times with 120 and 450 judged papers, 5.4 times with
# 1,500, and at most as much as they are more papers.
_LEAST_LONGER, _MOST_LONGER = 3, round(sum(SHARES[1:]) / SHARES[0])


class JudgedTexts(NamedTuple):
    """Judged papers: their ``texts``, and their answers (n_papers, n_topics) for ``topics``: 1, 0 or NaN (unknown)."""

    texts: Sequence[str]
    topics: Sequence[str]
    truth: Truth


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """The macro-F1 of models of some ``sizes`` (n_sizes,), in judged papers, ascending; ``papers`` are all there are.

    ``figures`` (1 + n_draws, n_sizes) are those of all papers and of draws of them, over the ``topics`` that have
    enough judged papers; ``by_topic`` (1 + n_draws, n_sizes, n_topics) is the F1 of each of these.
    """

    papers: int
    sizes: Floats
    figures: Floats
    topics: tuple[str, ...]
    by_topic: Floats

    def projection(self) -> Projection:
        """The curve carried on."""
        return Projection.of(self.sizes, self.figures, self.papers)

    def topic_projection(self, topic: str) -> Projection:
        """The curve of the F1 of one topic carried on."""
        figures = np.nan_to_num(self.by_topic[:, :, self.topics.index(topic)])
        return Projection.of(self.sizes, figures, self.papers)


def learning_curve(
    judged: JudgedTexts, guesses: Callable[[Rows, Rows], Guess], say: Callable[[str], None] = lambda _: None
) -> LearningCurve:
    """The learning curve of judged papers.

    ``guesses`` trains on some of the papers (given by their rows), and returns what the model says of others
    (n_asked, n_topics). Near-duplicates are learned from or asked for together. ``say`` hears how long it takes.
    """
    say(f"{TRAININGS} models are trained on parts of {counted(len(judged.texts), 'judged paper')} …")
    began = time.monotonic()
    positives = judged.truth == 1
    groups = near_duplicate_groups(judged.texts)
    folds = grouped_folds(positives, groups.tolist(), FOLDS)
    order = np.random.default_rng(0).permutation(len(folds))
    guessed = np.zeros((len(SHARES), *positives.shape), bool)
    sizes = np.zeros((len(SHARES), FOLDS))
    for number in range(TRAININGS):
        share, fold = divmod(number, FOLDS)
        if number == FOLDS:
            passed = time.monotonic() - began
            least, most = duration(_LEAST_LONGER * passed), duration(_MOST_LONGER * passed)
            say(f"The first {FOLDS} took {duration(passed)}; the others, of more papers, take {least} to {most} …")
        report_progress(f"training {number + 1} of {TRAININGS} …")
        others, asked = order[folds[order] != fold], np.flatnonzero(folds == fold)
        rows = others[: max(2, round(SHARES[share] * len(others)))]
        sizes[share, fold] = len(rows)
        guessed[share, asked] = guesses(rows, asked)
    frequent = np.flatnonzero(positives.sum(axis=0) >= MIN_POSITIVES)
    frequent = frequent if len(frequent) else np.arange(positives.shape[1])
    weights = Draws.of(groups).weights
    tallies = [Tallies.of(judged.truth[:, frequent], one[:, frequent], weights) for one in guessed]
    return LearningCurve(
        papers=len(folds),
        sizes=sizes.mean(axis=1),
        figures=np.stack([one.macro_f1() for one in tallies], axis=1),
        topics=tuple(judged.topics[column] for column in frequent),
        by_topic=np.stack([one.f1() for one in tallies], axis=1),
    )
