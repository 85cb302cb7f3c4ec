"""Krippendorff's alpha, of one answer a paper and of sets of topics; annotators may be missing anywhere.

Nominal: K. Krippendorff, "Computing Krippendorff's alpha-reliability", 2011. Sets as values, with the distance MASI: R.
Passonneau, "Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation", 2006. Sets that draw
their values from common ones: K. Krippendorff, R. Craggs, "The reliability of multi-valued coding of data", 2016.

Each function takes ``weights`` (n_draws, n_papers), how much each paper counts in each draw. Papers with one annotator
alone do not count.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labeler.annotators.resamples import Coefficient

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_NOTHING = 1e-12
_BLOCK = 512  # sets whose distances to all others are held at once


def nominal_alpha(counts: npt.NDArray[np.generic], weights: Floats) -> Coefficient:
    """The alpha of answers that are the same or not.

    ``counts`` (n_papers, n_answers) says how many annotators gave each answer.
    """
    given, annotators, weights = _pairable(np.asarray(counts, dtype=np.float64), weights)
    disagreed = (annotators**2 - (given**2).sum(axis=1)) / (annotators - 1)
    totals = weights @ given
    every = totals.sum(axis=1)
    by_chance = (every**2 - (totals**2).sum(axis=1)) / np.maximum(every - 1, _NOTHING)
    return Coefficient(_shares(weights @ disagreed, every), _shares(by_chance, every))


def topic_alphas(yes: npt.NDArray[np.generic], no: npt.NDArray[np.generic], weights: Floats) -> Coefficient:
    """The nominal alpha of each topic (n_draws, n_topics).

    ``yes`` and ``no`` (n_papers, n_topics) say how many annotators said so.
    """
    pairs = np.add(yes, no) >= 2
    said_yes, said_no = (np.where(pairs, part, 0).astype(np.float64) for part in (yes, no))
    disagreed = 2 * said_yes * said_no / np.maximum(said_yes + said_no - 1, 1)
    total_yes, total_no = weights @ said_yes, weights @ said_no
    every = total_yes + total_no
    by_chance = 2 * total_yes * total_no / np.maximum(every - 1, _NOTHING)
    return Coefficient(_shares(weights @ disagreed, every), _shares(by_chance, every))


def masi_alpha(sets: Bools, present: Bools, weights: Floats) -> Coefficient:
    """The alpha of sets of topics that are near each other as MASI says.

    ``sets`` (n_papers, n_annotators, n_topics) are the topics that each annotator gave, where one is ``present``
    (n_papers, n_annotators).
    """
    pairable = present.sum(axis=1) >= 2
    sets, present, weights = sets[pairable], present[pairable], weights[:, pairable]
    papers, annotators = np.nonzero(present)
    distinct, number = np.unique(sets[papers, annotators], axis=0, return_inverse=True)
    totals = _totals(papers, number.ravel(), len(distinct), weights)
    every = totals.sum(axis=1)
    expected = np.zeros(len(weights))
    for begin in range(0, len(distinct), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        distances = masi_distance(distinct[block][:, None], distinct[None])
        expected += ((totals @ distances.T) * totals[:, block]).sum(axis=1)
    observed = weights @ _observed(sets, present, masi_distance)
    return Coefficient(_shares(observed, every), _shares(expected / np.maximum(every - 1, _NOTHING), every))


def multi_valued_alpha(sets: Bools, present: Bools, weights: Floats) -> Coefficient:
    """The alpha of sets of topics, where chance is that of sets of the same sizes, of topics as frequent as they are.

    The arguments are those of :func:`masi_alpha`. All sets of two sizes need not be gone through one by one: a
    polynomial counts them, which is multiplied by a factor for each topic.
    """
    pairable = present.sum(axis=1) >= 2
    sets, present, weights = sets[pairable], present[pairable], weights[:, pairable]
    sizes = np.where(present, sets.sum(axis=2), -1)
    most = int(sizes.max(initial=0))
    with_size = np.stack([(sizes == size).sum(axis=1) for size in range(most + 1)], axis=1)
    shares = weights @ with_size
    every = shares.sum(axis=1)
    expected = _expected_dice(weights @ (sets & present[:, :, None]).sum(axis=1), most)
    observed = weights @ _observed(sets, present, dice_distance)
    by_chance = np.einsum("da,db,dab->d", shares, shares, expected)
    return Coefficient(_shares(observed, every), _shares(_shares(by_chance, every), every))


def masi_distance(one: Bools, other: Bools) -> Floats:
    """1 less the similarity of sets (…, n_topics): their Jaccard index, times 2/3 if one has more than the other, times
    1/3 if both have. Two empty sets are the same.
    """
    both = (one & other).sum(axis=-1)
    either = (one | other).sum(axis=-1)
    within = (both == one.sum(axis=-1)) | (both == other.sum(axis=-1))
    alike = np.where(both == either, 1.0, np.where(within, 2 / 3, 1 / 3))
    return np.asarray(1 - alike * np.where(either == 0, 1.0, both / np.maximum(either, 1)))


def dice_distance(one: Bools, other: Bools) -> Floats:
    """1 less twice the topics in both sets (…, n_topics), by the sum of their sizes; empty ones are the same."""
    sizes = one.sum(axis=-1) + other.sum(axis=-1)
    return np.where(sizes == 0, 0.0, 1 - 2 * (one & other).sum(axis=-1) / np.maximum(sizes, 1))


def _pairable(counts: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """The counts of papers that two annotators judged, the numbers of their annotators, and their weights."""
    annotators = counts.sum(axis=1)
    pairable = annotators >= 2
    return counts[pairable], annotators[pairable], weights[:, pairable]


def _shares(parts: Floats, every: Floats) -> Floats:
    """The parts of ``every``, 0 of nothing."""
    return np.where(every > 0, parts / np.maximum(every, _NOTHING), 0.0)


def _totals(papers: npt.NDArray[np.intp], answers: npt.NDArray[np.intp], count: int, weights: Floats) -> Floats:
    """How often each answer was given in each draw (n_draws, count); ``papers`` and ``answers`` say which had which."""
    from scipy.sparse import coo_array

    given = coo_array((np.ones(len(papers)), (answers, papers)), shape=(count, weights.shape[1]))
    return np.asarray((given.tocsr() @ weights.T).T)


def _observed(sets: Bools, present: Bools, distance: Callable[[Bools, Bools], Floats]) -> Floats:
    """The distances between the sets of all pairs of annotators of each paper (n_papers,)."""
    found = np.zeros(len(sets))
    for one in range(present.shape[1]):
        for other in range(one + 1, present.shape[1]):
            both = np.flatnonzero(present[:, one] & present[:, other])
            found[both] += 2 * distance(sets[both, one], sets[both, other])
    return np.asarray(found / np.maximum(present.sum(axis=1) - 1, 1))


def _expected_dice(totals: Floats, most: int) -> Floats:
    """The distance that sets of sizes a and b have by chance (n_draws, most + 1, most + 1).

    ``totals`` (n_draws, n_topics) says how often each topic was given. A pair of sets is as probable as the product of
    the numbers of its topics, less one for the second of a topic that is in both. Over all sets, this is the
    coefficient of x^a y^b in the product of 1 + n x + n y + n (n - 1) t x y over the topics, at t = 1. Its derivative
    by t counts the topics in both sets.
    """
    draws = len(totals)
    scale = np.maximum(
        totals.max(axis=1, keepdims=True, initial=0.0), _NOTHING
    )  # the powers of it cancel out: no number overflows
    single, double = totals / scale, totals * np.maximum(totals - 1, 0) / scale**2
    pairs, shared = np.zeros((draws, most + 1, most + 1)), np.zeros((draws, most + 1, most + 1))
    pairs[:, 0, 0] = 1
    for topic in range(totals.shape[1]):
        once, twice = single[:, topic, None, None], double[:, topic, None, None]
        before, shared_before = pairs.copy(), shared.copy()
        for grown, earlier in ((pairs, before), (shared, shared_before)):
            grown[:, 1:] += once * earlier[:, :-1]
            grown[:, :, 1:] += once * earlier[:, :, :-1]
            grown[:, 1:, 1:] += twice * earlier[:, :-1, :-1]
        shared[:, 1:, 1:] += twice * before[:, :-1, :-1]
    sizes = np.add.outer(np.arange(most + 1), np.arange(most + 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        distances = 1 - 2 * (shared / pairs) / np.maximum(sizes, 1)
    distances[:, 0, 0] = 0.0
    return np.asarray(np.nan_to_num(distances, nan=0.0))
