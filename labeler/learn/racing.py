"""Recipes race over the folds of cross-validation: one that is clearly behind on the folds so far is not tried on.

So racing gives the best of many at little more than the price of a few (O. Maron and A. Moore, "Hoeffding races:
accelerating model selection search for classification and function approximation", 1994). What is clear is told by
bootstrap draws of the papers held out so far, the same ones for all recipes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from labeler.learn.thresholds import thresholds_for
from labeler.measure.metrics import average_precision
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_NO_SCORE = -1e9  # for minus infinity, where differences are taken
_DRAWS = 200
_MIN_CHANCE = 0.02  # share of draws in which a recipe must be as good as the best one, to be tried on
_TINY = 1e-12


def selection_metric(scores: Floats, answers: Floats, mode: Mode) -> float:
    """The metric that recipes are compared by: the mean of macro- and micro-F1 of held-out ``scores``.

    So neither rare topics nor frequent ones decide alone. Of two topics in single mode one may be so rare that hardly a
    paper is assigned to it: there the metric is the average precision of the rarer one.
    """
    rare_and_other = _two_topics(answers, mode)
    if rare_and_other is not None:
        finite = np.maximum(scores, _NO_SCORE)
        rare, other = rare_and_other
        return average_precision.score(answers[:, rare] == 1, finite[:, rare] - finite[:, other])
    return float(_mean_f1(_assigned(scores, answers, mode), answers, np.ones((1, len(answers))))[0])


def still_racing(scores: Sequence[Floats], answers: Floats, mode: Mode, handicaps: Sequence[float]) -> list[int]:
    """The indices of the recipes that may be the best, by their held-out ``scores`` (n_papers, n_columns) so far.

    ``handicaps`` are subtracted from their metrics. Of two topics in single mode all race on.
    """
    if _two_topics(answers, mode) is not None or len(scores) < 2:
        return list(range(len(scores)))
    papers = len(answers)
    weights = np.random.default_rng(0).multinomial(papers, np.full(papers, 1 / papers), size=_DRAWS).astype(float)
    assigned = [_assigned(some, answers, mode) for some in scores]
    figures = np.array([_mean_f1(some, answers, weights) for some in assigned]) - np.array(handicaps)[:, None]
    best = figures[figures.mean(axis=1).argmax()]
    return list(map(int, np.flatnonzero((figures >= best).mean(axis=1) >= _MIN_CHANCE)))


def _two_topics(answers: Floats, mode: Mode) -> npt.NDArray[np.intp] | None:
    """Where there are two topics in single mode, their columns, the rarer one first; else None."""
    counts = (answers == 1).sum(axis=0)
    present = np.flatnonzero(counts)
    if mode != Mode.SINGLE or len(present) != 2:
        return None
    return present[np.argsort(counts[present], kind="stable")]


def _assigned(scores: Floats, answers: Floats, mode: Mode) -> Flags:
    """The topics (n_papers, n_columns) that held-out scores assign, in multi mode with the best thresholds for them."""
    if mode == Mode.SINGLE:
        return np.asarray(np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None])
    probabilities = np.where(np.isfinite(scores), expit(scores), np.nan)
    return np.asarray(probabilities >= thresholds_for(probabilities, answers))


def _mean_f1(assigned: Flags, answers: Floats, weights: Floats) -> Floats:
    """The mean of macro- and micro-F1 (n_draws,), where papers count with the ``weights`` (n_draws, n_papers)."""
    right = weights @ (assigned & (answers == 1))
    wrong, missed = weights @ (assigned & (answers == 0)), weights @ (~assigned & (answers == 1))
    parts = 2 * right, 2 * right + wrong + missed
    f1 = parts[0] / np.maximum(parts[1], _TINY)
    present = right + missed > 0
    macro = np.where(present, f1, 0).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    micro = parts[0].sum(axis=1) / np.maximum(parts[1].sum(axis=1), _TINY)
    return np.asarray((macro + micro) / 2)
