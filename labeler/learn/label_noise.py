"""Labels that are wrong at random: a judged paper counts as far as its label is probably right.

Where models that had not seen a paper contradict many labels that they are sure about (the counts of C. Northcutt, L.
Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels", 2021), a second fit takes each paper
with the probability that its label is right as its weight: that of a label which was drawn at random in a part of the
papers, by the held-out probabilities of the first fit. Papers of rare topics gain most, as among their labels are as
many wrong ones as among those of frequent topics, and few right ones.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from labeler.learn.calibration import temperature
from labeler.learn.recipe import TrainingData
from labeler.learn.selection import Selection, select
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
_FEWEST = 250  # judged papers
# Labels are noisy from a share of contradicted ones of .25, and 4 over the root of the number of papers. Of labels as
# they are, .18 to .22 were contradicted among 1,000 papers of arXiv and .01 among those of R8, .03 to .41 among 300;
# with a fifth of them at random, .37 to .54 and .30, and .36 to .64 (tests/bench/SUSPECTS.md, "Noisy labels").
_NOISY, _BY_CHANCE = 0.25, 4.0
_RATE = 0.3  # share of random labels, as weights take it; with .2 and .4 figures were within .01 of each other
_LEAST = 0.02  # weight


def select_and_weigh(
    data: TrainingData, groups: Sequence[Hashable], seed: int, progress: Callable[[str], None] = lambda _: None
) -> tuple[TrainingData, Selection]:
    """Choose a recipe as :func:`labeler.learn.selection.select`; where labels are noisy, once more with weights.

    In multi mode, and with few papers, nothing is weighed.
    """
    selection = select(data, groups, seed, progress)
    if data.mode != Mode.SINGLE or len(data.papers) < _FEWEST:
        return data, selection
    answers = np.where(np.isnan(data.answers), 0.0, data.answers)
    probabilities = softmax(temperature(selection.scores, data.answers) * selection.scores, axis=1)
    if contradicted(probabilities, answers) < _NOISY + _BY_CHANCE / np.sqrt(len(answers)):
        return data, selection
    progress("many labels are contradicted: papers count as far as their labels are probably right")
    weights = rightness(probabilities, answers)
    weighed = replace(data, pair_weights=data.pair_weights * (weights / weights.mean())[:, None])
    return weighed, replace(select(weighed, groups, seed, progress), noisy=True)


def contradicted(probabilities: Floats, answers: Floats) -> float:
    """The share of papers that models are sure about whose label is another one.

    Models are sure of a column that is as probable as it is on average for the papers that have it. ``probabilities``
    and ``answers`` are (n_papers, n_columns); papers without an answer do not count.
    """
    known = (answers == 1).any(axis=1) & np.isfinite(probabilities).all(axis=1)
    given, likely = answers[known] == 1, probabilities[known]
    thresholds = np.where(given, likely, 0.0).sum(axis=0) / np.maximum(given.sum(axis=0), 1)
    reached = np.where((likely >= thresholds) & given.any(axis=0), likely, -1.0)
    sure = reached.max(axis=1, initial=-1.0) >= 0
    other = ~np.take_along_axis(given, reached.argmax(axis=1)[:, None], axis=1)[:, 0] if len(given) else sure
    return float((sure & other).sum() / max(int(sure.sum()), 1))


def rightness(probabilities: Floats, answers: Floats) -> Floats:
    """The probability (n_papers,) that the answer of each paper is right, where a part of all answers is a random one.

    ``probabilities`` (n_papers, n_columns) are of answers that are wrong so often; those of right ones follow from
    them. A paper without an answer has 1.
    """
    columns = probabilities.shape[1]
    known = (answers == 1).any(axis=1) & np.isfinite(probabilities).all(axis=1)
    by_chance = _RATE / max(columns - 1, 1)
    right = np.clip((np.where(known[:, None], probabilities, 0.0) - by_chance) / (1 - _RATE - by_chance), 1e-4, 1)
    right /= right.sum(axis=1, keepdims=True)
    own = np.where(answers == 1, right, 0.0).sum(axis=1)
    found = own * (1 - _RATE) / (own * (1 - _RATE) + (1 - own) * by_chance + 1e-12)
    return np.where(known, np.maximum(found, _LEAST), 1.0)
