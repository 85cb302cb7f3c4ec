"""Agreement of two annotators (Cohen's kappa), and coefficients that do not fall where a topic is rare (AC1, PABAK).

J. Cohen, "A coefficient of agreement for nominal scales", 1960; over several topics pooled as H. de Vries, M. Elliott,
D. Kanouse, S. Teleki, "Using pooled kappa to summarize interrater agreement across many items", 2008. K. Gwet,
"Computing inter-rater reliability and its variance in the presence of high agreement", 2008. T. Byrt, J. Bishop, J.
Carlin, "Bias, prevalence and kappa", 1993.

As in :mod:`labeler.annotators.alpha`, ``weights`` (n_draws, n_papers) say how much each paper counts in each draw, and
coefficients are of each draw. scikit-learn's ``cohen_kappa_score`` gives the same kappa, of one draw at a time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.annotators.resamples import Coefficient, Floats

_NOTHING = 1e-12
Ints = npt.NDArray[np.integer]


def cohen_kappa(one: Ints, other: Ints, answers: int, weights: Floats) -> Coefficient:
    """Cohen's kappa of two annotators, who gave one of so many ``answers`` to each paper (n_papers,)."""
    known = np.arange(answers)
    first, second = (weights @ (said[:, None] == known).astype(np.float64) for said in (one, other))
    every = weights.sum(axis=1)
    return _corrected(weights @ (one == other).astype(np.float64) / every, (first * second).sum(axis=1) / every**2)


def pooled_kappa(one: Ints, other: Ints, weights: Floats) -> Coefficient:
    """The kappa of two annotators over several topics, of their mean agreement and that by chance.

    ``one`` and ``other`` (n_papers, n_topics) are 1 for yes, 0 for no, and -1 where the annotator did not say.
    """
    known = (one >= 0) & (other >= 0)
    parts = [known, known & (one == other), known & (one == 1), known & (other == 1)]
    every, same, first, second = (weights @ part.astype(np.float64) for part in parts)
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed, first, second = same / every, first / every, second / every
    chance = first * second + (1 - first) * (1 - second)
    asked = every > 0
    topics = np.maximum(asked.sum(axis=1), 1)
    return _corrected(np.where(asked, agreed, 0).sum(axis=1) / topics, np.where(asked, chance, 0).sum(axis=1) / topics)


def gwet_ac1(counts: npt.NDArray[np.generic], weights: Floats, answers: int | None = None) -> Coefficient:
    """Gwet's AC1. ``counts`` (n_papers, n_answers) says how many annotators gave each answer.

    Of ``answers`` there are as many as were ever given, unless told. A paper with one annotator tells how frequent an
    answer is.
    """
    given = np.asarray(counts, dtype=np.float64)
    annotators = given.sum(axis=1)
    judged = annotators > 0
    totals = weights[:, judged] @ (given[judged] / annotators[judged, None])
    share = totals / np.maximum(weights[:, judged].sum(axis=1), _NOTHING)[:, None]
    kinds = int((given.sum(axis=0) > 0).sum()) if answers is None else answers
    by_chance = (share * (1 - share)).sum(axis=1) / max(kinds - 1, 1)
    return _corrected(observed_agreement(given, weights), by_chance)


def pabak(counts: npt.NDArray[np.generic], weights: Floats, answers: int = 2) -> Coefficient:
    """Agreement with all answers equally frequent by chance: Brennan and Prediger's, PABAK for two."""
    found = observed_agreement(np.asarray(counts, dtype=np.float64), weights)
    return _corrected(found, np.full(len(found), 1 / answers))


def observed_agreement(counts: npt.NDArray[np.generic], weights: Floats) -> Floats:
    """The mean over papers of the share of pairs of annotators who gave the same answer (n_draws,)."""
    given = np.asarray(counts, dtype=np.float64)
    annotators = given.sum(axis=1)
    pairable = annotators >= 2
    given, annotators, weights = given[pairable], annotators[pairable], weights[:, pairable]
    same = (given * (given - 1)).sum(axis=1) / (annotators * (annotators - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(weights @ same / weights.sum(axis=1))


def _corrected(agreed: Floats, by_chance: Floats) -> Coefficient:
    """Agreement beyond that by chance, of what is left."""
    return Coefficient(1 - agreed, 1 - by_chance)
