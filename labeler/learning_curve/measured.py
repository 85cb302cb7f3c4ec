"""A learning curve as measured: models of nested subsets of the judged papers, asked for the same held-out papers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from labeler.learning_curve.laws import carried_on
from labeler.learning_curve.margins import HeldOut
from labeler.learning_curve.projection import Projection, places
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


class Answers(NamedTuple):
    """What a model says of papers, both (n_asked, n_topics): the topics it gives, and their margins.

    Margins are log-odds, above 0 where a topic is given (:meth:`labeler.score.decision.Rule.margins`).
    """

    given: Guess
    margins: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """The macro-F1 of models of some ``sizes`` (n_sizes,), in judged papers, ascending; ``papers`` are all there are.

    ``figures`` (1 + n_draws, n_sizes) are those of all papers and of draws of them, over the ``topics`` that have
    enough judged papers; ``by_topic`` (1 + n_draws, n_sizes, n_topics) is the F1 of each of these. ``places``
    (n_places,) are other numbers of judged papers, and ``f1`` (1 + n_draws, n_places, n_topics) what follows for these
    from the margins.
    """

    papers: int
    sizes: Floats
    figures: Floats
    topics: tuple[str, ...]
    by_topic: Floats
    places: Floats
    f1: Floats

    @classmethod
    def of(cls, topics: Sequence[str], held_out: HeldOut, papers: int) -> Self:
        """The curve of what models said of held-out papers, of which some size knows all ``papers`` but a fold."""
        frequent = np.flatnonzero((held_out.truth == 1).sum(axis=0) >= MIN_POSITIVES)
        counted = held_out.of_topics(frequent) if len(frequent) else held_out
        tallies = [Tallies.of(counted.truth, given, held_out.weights) for given in counted.given]
        at = places(held_out.sizes, papers)
        return cls(
            papers=papers,
            sizes=held_out.sizes,
            figures=np.stack([one.macro_f1() for one in tallies], axis=1),
            topics=tuple(topics[column] for column in frequent) or tuple(topics),
            by_topic=np.stack([one.f1() for one in tallies], axis=1),
            places=at,
            f1=counted.f1(at),
        )

    def projection(self) -> Projection:
        """The curve carried on."""
        return self._projection(self.figures, self.f1.mean(axis=2))

    def topic_projection(self, topic: str) -> Projection:
        """The curve of the F1 of one topic carried on."""
        column = self.topics.index(topic)
        return self._projection(np.nan_to_num(self.by_topic[:, :, column]), self.f1[:, :, column])

    def _projection(self, figures: Floats, by_margins: Floats) -> Projection:
        """Figures carried on by laws and by margins: the mean, which is nearer than either (tests/bench/CURVES.md)."""
        carried = (carried_on(self.sizes, figures, self.places) + by_margins) / 2
        return Projection.of(self.places, carried, self.papers)


def learning_curve(
    judged: JudgedTexts, answers: Callable[[Rows, Rows], Answers], say: Callable[[str], None] = lambda _: None
) -> LearningCurve:
    """The learning curve of judged papers, of what models say of papers that they did not learn from.

    ``answers`` trains on some of the papers (given by their rows), and returns what the model says of others.
    Near-duplicates are learned from or asked for together. ``say`` hears how long it takes.
    """
    return LearningCurve.of(judged.topics, held_out_answers(judged, answers, say), len(judged.texts))


def held_out_answers(
    judged: JudgedTexts, answers: Callable[[Rows, Rows], Answers], say: Callable[[str], None] = lambda _: None
) -> HeldOut:
    """What models of nested subsets say of papers that they did not learn from, as :func:`learning_curve` asks them."""
    say(f"{TRAININGS} models are trained on parts of {counted(len(judged.texts), 'judged paper')} …")
    began = time.monotonic()
    positives = judged.truth == 1
    groups = near_duplicate_groups(judged.texts)
    folds = grouped_folds(positives, groups.tolist(), FOLDS)
    order = np.random.default_rng(0).permutation(len(folds))
    given, margins = np.zeros((len(SHARES), *positives.shape), bool), np.zeros((len(SHARES), *positives.shape))
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
        given[share, asked], margins[share, asked] = answers(rows, asked)
    return HeldOut(sizes.mean(axis=1), given, margins, judged.truth, Draws.of(groups).weights)
